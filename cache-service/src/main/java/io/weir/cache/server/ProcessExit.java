package io.weir.cache.server;

/** How the process ends when this server must not run. */
@FunctionalInterface
interface ProcessExit {

  void exit(int status);
}
