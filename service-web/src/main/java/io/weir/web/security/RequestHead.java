package io.weir.web.security;

import org.jspecify.annotations.Nullable;

/** What the rule of keys looks at of a request, to whichever port it came. */
public interface RequestHead {

  /** The method, in capitals. */
  String method();

  /** The first value of a header field; null when it is absent. */
  @Nullable String header(String name);

  /** The name or address that the request is for, without its port. */
  String serverName();

  /** The address that it comes from. */
  String remoteAddress();
}
