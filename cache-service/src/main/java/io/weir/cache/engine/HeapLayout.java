package io.weir.cache.engine;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;

/**
 * What objects take in the heap of a 64-bit HotSpot VM.
 *
 * <p><b>Large arrays.</b> G1 divides the heap into regions, by default a 2048th of it and at least
 * 1 MiB. An object that is larger than half of one gets as many whole regions as it needs, and
 * nothing else is put into the rest of them. So in a heap of 2 GiB an array of 600 KiB takes 1 MiB,
 * and a value of 1 MiB, whose array has a head besides, takes 2 MiB. Other collectors have no
 * regions, or pack them.
 *
 * @param referenceBytes 4, or 8 in heaps from 32 GiB on and wherever else references are not
 *     compressed, as under ZGC
 * @param regionBytes of G1; 0 for other collectors
 * @param headerBytes of an object: 12 with a compressed class pointer, 8 where the header is
 *     compact (JEP 519)
 */
public record HeapLayout(int referenceBytes, long regionBytes, int headerBytes) {

  private static final int ALIGNMENT = 8;
  private static final int USUAL_HEADER_BYTES = 12;
  private static final int COMPACT_HEADER_BYTES = 8;

  /** With headers that are not compact. */
  public HeapLayout(int referenceBytes, long regionBytes) {
    this(referenceBytes, regionBytes, USUAL_HEADER_BYTES);
  }

  /** The layout of the VM that this runs in. */
  public static HeapLayout ofThisVm() {
    HotSpotDiagnosticMXBean vm = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    return new HeapLayout(
        is(vm, "UseCompressedOops") ? Integer.BYTES : Long.BYTES,
        is(vm, "UseG1GC") ? Long.parseLong(vm.getVMOption("G1HeapRegionSize").getValue()) : 0,
        is(vm, "UseCompactObjectHeaders") ? COMPACT_HEADER_BYTES : USUAL_HEADER_BYTES);
  }

  private static boolean is(HotSpotDiagnosticMXBean vm, String option) {
    return Boolean.parseBoolean(vm.getVMOption(option).getValue());
  }

  /** Bytes that an array of bytes takes, of a length. */
  public long ofArray(long length) {
    long bytes = align(arrayHeader() + length);
    return isLarge(bytes) ? Math.ceilDiv(bytes, regionBytes) * regionBytes : bytes;
  }

  /** The length of an array, or the regions that it takes if those are its own. */
  public long withWholeRegions(long length) {
    return isLarge(align(arrayHeader() + length)) ? ofArray(length) : length;
  }

  /** The header, and the length. */
  private int arrayHeader() {
    return headerBytes + Integer.BYTES;
  }

  private boolean isLarge(long bytes) {
    return regionBytes > 0 && bytes > regionBytes / 2;
  }

  /** Bytes that an object takes which has so many references, and so many bytes of other fields. */
  int ofObject(int references, int otherBytes) {
    return (int) align(headerBytes + references * referenceBytes + otherBytes);
  }

  private static long align(long bytes) {
    return (bytes + ALIGNMENT - 1) & -ALIGNMENT;
  }
}
