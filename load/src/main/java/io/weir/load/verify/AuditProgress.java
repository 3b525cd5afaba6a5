package io.weir.load.verify;

/** Told how an audit is getting on. Safe for any number of threads. */
public interface AuditProgress {

  /**
   * Says so.
   *
   * @param last whether this part is done
   */
  void progress(String text, boolean last);
}
