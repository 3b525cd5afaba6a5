package io.weir.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class GzipTest {

  @Test
  void whatIsPackedComesBack() {
    byte[] body =
        "{\"nodeId\":\"cache-1\"}".repeat(1_000).getBytes(java.nio.charset.StandardCharsets.UTF_8);
    byte[] packed = Gzip.pack(body);
    assertThat(packed).hasSizeLessThan(body.length / 10);
    assertThat(Gzip.unpack(packed, body.length)).isEqualTo(body);
  }

  @Test
  void whatIsLargerUnpackedThanItMayBeIsRefused() {
    byte[] packed = Gzip.pack(new byte[1 << 20]);
    assertThat(packed).hasSizeLessThan(4_096);
    assertThatIllegalArgumentException().isThrownBy(() -> Gzip.unpack(packed, (1 << 20) - 1));
  }

  @Test
  void whatIsNotPackedIsRefused() {
    byte[] packed = Gzip.pack(new byte[1_000]);
    assertThatIllegalArgumentException().isThrownBy(() -> Gzip.unpack(new byte[] {1, 2, 3}, 100));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Gzip.unpack(Arrays.copyOf(packed, packed.length / 2), 10_000));
  }
}
