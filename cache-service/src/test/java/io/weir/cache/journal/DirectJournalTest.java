package io.weir.cache.journal;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.cache.kv.Write;
import io.weir.model.Key;
import io.weir.model.Version;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DirectJournalTest {

  @Test
  void mutationsAreAppliedInOrderBeforeTheCallReturns() {
    List<Mutation> applied = new ArrayList<>();
    DirectJournal journal = new DirectJournal(applied::add);
    Mutation put = new Mutation.Written(new Write(Key.of("k"), new Version(1), null));
    Mutation flushed = new Mutation.Flushed(Key.of("k"), new Version(1));

    assertThat(journal.append(List.of(put, flushed))).isCompleted();

    assertThat(applied).containsExactly(put, flushed);
    journal.close();
  }
}
