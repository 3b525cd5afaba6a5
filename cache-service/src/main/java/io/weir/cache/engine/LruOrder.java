package io.weir.cache.engine;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Exact LRU: the victim is the entry that was not used for longest. One that was set aside comes
 * back where it stands by its last use.
 */
final class LruOrder implements EvictionOrder {

  private final UseCounter uses = new UseCounter();
  private final RecencyList recency = new RecencyList(uses, false);

  @Override
  public UseCounter uses() {
    return uses;
  }

  @Override
  public void add(Entry entry) {
    recency.use(entry);
  }

  @Override
  public void use(Entry entry) {
    recency.use(entry);
  }

  @Override
  public void replace(Entry old, Entry fresh) {
    recency.useInPlaceOf(old, fresh);
  }

  @Override
  public @Nullable Entry victim(@Nullable Entry spared) {
    return recency.coldestBut(spared);
  }

  @Override
  public void setAside(Entry entry) {
    RecencyList.leave(entry);
  }

  @Override
  public void comeBack(Entry entry) {
    recency.addByUse(entry);
  }

  @Override
  public void remove(Entry entry) {
    RecencyList.leave(entry);
  }

  @Override
  public List<RecencyList> lists() {
    return List.of(recency);
  }
}
