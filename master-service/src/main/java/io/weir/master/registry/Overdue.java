package io.weir.master.registry;

/**
 * Nodes whose lease has run out, and that are yet to be listed as down.
 *
 * @param silent how many
 * @param listed how many are listed as up, the silent ones included
 */
public record Overdue(long silent, long listed) {

  /**
   * Tells whether so many are silent at once that it is rather a master that hung, a network that
   * was cut or the database's clock that was set than all these nodes: more than a third, and more
   * than one.
   */
  public boolean isMany() {
    return silent > 1 && silent * 3 > listed;
  }
}
