package io.weir.lab.cluster;

import io.weir.model.PrivateFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code cluster.json}: which processes run now, for scripts. Replaced as a whole, so that a reader
 * never sees half of it; for its owner only, since the JDBC URLs may hold passwords.
 */
final class ClusterFile {

  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

  private final Path file;

  ClusterFile(Path file) {
    this.file = file;
  }

  /**
   * A process and its id.
   *
   * @param pid null while it is not running
   */
  record Entry(ProcessSpec spec, @Nullable Long pid) {}

  /** Replaces the file. */
  void write(List<Entry> entries) {
    List<Map<String, @Nullable Object>> processes = new ArrayList<>();
    for (Entry entry : entries) {
      ProcessSpec spec = entry.spec();
      Map<String, @Nullable Object> process = new LinkedHashMap<>();
      process.put("role", spec.role().toString());
      process.put("nodeId", spec.nodeId());
      process.put("url", spec.url());
      process.put("fastPort", spec.fastPort());
      process.put("pid", entry.pid());
      process.put("shard", spec.shard());
      process.put("jdbcUrl", spec.jdbcUrl());
      processes.add(process);
    }
    try {
      PrivateFiles.replace(file, MAPPER.writeValueAsString(Map.of("processes", processes)) + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
