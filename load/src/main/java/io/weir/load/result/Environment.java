package io.weir.load.result;

import java.util.List;

/**
 * Where the generator ran, and against what.
 *
 * @param cpu the processor's name, or its architecture where the system does not say
 * @param cores that the generator might use
 */
public record Environment(
    String weirVersion,
    String javaVersion,
    String os,
    String cpu,
    int cores,
    List<String> masterUrls) {

  public Environment {
    masterUrls = List.copyOf(masterUrls);
  }
}
