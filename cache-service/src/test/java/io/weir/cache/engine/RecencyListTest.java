package io.weir.cache.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.model.Key;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RecencyListTest {

  private final UseCounter uses = new UseCounter();
  private final RecencyList list = new RecencyList(uses, false);

  private static Entry entry(int usedAt) {
    Entry entry = Entry.of(Key.of("k" + usedAt), null, 1);
    entry.usedAt = usedAt;
    return entry;
  }

  private static List<Entry> listed(RecencyList list) {
    List<Entry> all = new ArrayList<>();
    Entry colder = null;
    for (Entry entry = list.coldest(); entry != null; entry = entry.hotter) {
      assertThat(entry.colder).isSameAs(colder);
      assertThat(entry.list).isSameAs(list);
      all.add(entry);
      colder = entry;
    }
    return all;
  }

  @Test
  void entriesStandFromTheColdestToTheHottest() {
    Entry one = entry(1);
    Entry two = entry(2);
    Entry three = entry(3);
    list.addHottest(one);
    list.addHottest(two);
    list.addHottest(three);
    assertThat(listed(list)).containsExactly(one, two, three);

    list.remove(two);
    assertThat(listed(list)).containsExactly(one, three);
    assertThat(two.list).isNull();
    list.remove(one);
    list.remove(three);
    assertThat(list.coldest()).isNull();
  }

  @Test
  void anEntryThatComesBackStandsWhereItsUsePutsIt() {
    long seed = System.nanoTime();
    System.out.println("RecencyListTest seed " + seed);
    Random random = new Random(seed);
    List<Entry> out = new ArrayList<>();
    List<Entry> in = new ArrayList<>();
    int uses = 0;
    for (int step = 0; step < 5_000; step++) {
      int action = random.nextInt(4);
      if (action == 0) {
        Entry entry = entry(uses++);
        list.addHottest(entry);
        in.add(entry);
      } else if (action == 1 && !in.isEmpty()) {
        Entry entry = in.remove(random.nextInt(in.size()));
        list.remove(entry);
        if (random.nextBoolean()) {
          out.add(entry);
        }
      } else if (!out.isEmpty()) {
        Entry entry = out.remove(random.nextInt(out.size()));
        list.addByUse(entry);
        in.add(entry);
      }
      in.sort(Comparator.comparing(entry -> entry.usedAt));
      assertThat(listed(list)).isEqualTo(in);
    }
  }

  @Test
  void countingAnewChangesNoPlace() {
    Entry parked = entry(0);
    list.use(parked);
    for (int i = 1; i < 5; i++) {
      list.use(entry(i));
    }
    list.remove(parked);
    List<Entry> before = listed(list);
    List<Entry> all = new ArrayList<>(before);
    all.add(parked);
    all.forEach(entry -> entry.usedAt += 1_000_000);

    uses.renumber(all);

    assertThat(listed(list)).isEqualTo(before).extracting(entry -> entry.usedAt).isSorted();
    assertThat(parked.usedAt).isZero();
    Entry used = entry(9);
    list.use(used);
    assertThat(used.usedAt).isEqualTo(5);
    list.addByUse(parked);
    assertThat(list.coldest()).isSameAs(parked);
  }

  @Test
  void whatReplacesAnEntryStandsAtTheHotEnd() {
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      entries.add(entry(i));
      list.use(entries.getLast());
    }
    for (int i : new int[] {1, 0, 2, 2}) {
      Entry old = entries.remove(i);
      Entry replacement = entry(0);
      list.useInPlaceOf(old, replacement);
      assertThat(old.list).isNull();
      assertThat(old.colder).isNull();
      assertThat(old.hotter).isNull();
      entries.add(replacement);
      assertThat(listed(list)).isEqualTo(entries);
    }
    assertThat(entries).extracting(entry -> entry.usedAt).containsExactly(2, 3, 6);
  }

  @Test
  void whatReplacesAnEntryOfAnotherListOrOfNoneComesIntoThisOne() {
    RecencyList other = new RecencyList();
    Entry elsewhere = entry(1);
    other.addHottest(elsewhere);
    Entry first = entry(2);
    list.useInPlaceOf(elsewhere, first);
    Entry second = entry(3);
    list.useInPlaceOf(entry(4), second);
    assertThat(other.coldest()).isNull();
    assertThat(listed(list)).containsExactly(first, second);
  }
}
