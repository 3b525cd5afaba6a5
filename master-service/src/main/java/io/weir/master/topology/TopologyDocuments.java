package io.weir.master.topology;

import io.weir.master.registry.Network;
import io.weir.master.registry.RegistryState;
import io.weir.master.registry.TopologyView;
import io.weir.model.Gzip;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * The bodies of {@code /caches}: made once for a state and a network, and shared by all who are
 * told of it, since a change is told to every client at once.
 *
 * <p><b>Concurrency.</b> Safe for any number of threads. Who comes first makes the body, and the
 * others wait for it. The newest is kept, for each network.
 */
final class TopologyDocuments {

  private final JsonMapper mapper;
  private final Map<Network, Slot> slots = new EnumMap<>(Network.class);

  /** One body, in both forms. Not to be changed. */
  @SuppressWarnings("ArrayRecordComponent") // Shared, never compared.
  record Document(byte[] plain, byte[] gzip) {}

  private record Made(RegistryState state, @Nullable String waiting, Document document) {

    boolean isOf(RegistryState other, @Nullable String reason) {
      return state.equals(other) && Objects.equals(waiting, reason);
    }
  }

  private static final class Slot {
    private volatile @Nullable Made made;
  }

  TopologyDocuments(JsonMapper mapper) {
    this.mapper = mapper;
    for (Network network : Network.values()) {
      slots.put(network, new Slot());
    }
  }

  /**
   * Returns the body.
   *
   * @param waiting what the master waits for before there is a cluster; null once there is
   */
  Document of(RegistryState state, Network network, @Nullable String waiting) {
    Slot slot = Objects.requireNonNull(slots.get(network));
    Made made = slot.made;
    if (made != null && made.isOf(state, waiting)) {
      return made.document();
    }
    synchronized (slot) {
      made = slot.made;
      if (made == null || !made.isOf(state, waiting)) {
        byte[] plain =
            mapper.writeValueAsBytes(TopologyView.of(state, network).withWaiting(waiting));
        made = new Made(state, waiting, new Document(plain, Gzip.pack(plain)));
        slot.made = made;
      }
      return made.document();
    }
  }
}
