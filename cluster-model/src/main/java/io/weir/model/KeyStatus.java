package io.weir.model;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Where one key is and what its owner says of it, as {@code GET /status/keys} answers it.
 *
 * @param shard null while no shard owns the slot
 * @param nodeId of the owner, the shard's leader; null while there is none
 * @param url likewise
 * @param entry what the owner says; null when it was not asked or has not answered
 * @param problem a sentence that says why there is no {@code entry}; null when there is one
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record KeyStatus(
    String key,
    int slot,
    @Nullable ShardId shard,
    @Nullable NodeId nodeId,
    @Nullable URI url,
    @Nullable Entry entry,
    @Nullable String problem) {

  /**
   * What a {@code HEAD} of the key tells.
   *
   * @param found false when there is no such entry; then all but {@code cacheStatus} is null
   * @param etag its version, quoted
   * @param size of the value, in bytes
   * @param cacheStatus by RFC 9211, whether it was in memory
   */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  public record Entry(
      boolean found,
      @Nullable String etag,
      @Nullable String contentType,
      @Nullable Long size,
      @Nullable String cacheStatus) {}
}
