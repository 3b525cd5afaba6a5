package io.weir.load.run;

/** A load that cannot go on, since the cluster does not take what it needs. */
public final class LoadAbortedException extends RuntimeException {

  private static final long serialVersionUID = 1;

  LoadAbortedException(String message) {
    super(message);
  }
}
