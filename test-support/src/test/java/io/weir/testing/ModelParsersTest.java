package io.weir.testing;

import io.weir.model.ByteSize;
import io.weir.model.Consistency;
import io.weir.model.DatabaseServer;
import io.weir.model.Durability;
import io.weir.model.Durations;
import io.weir.model.Key;
import io.weir.model.KeyPath;
import io.weir.model.NodeId;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The parsers of cluster-model, whose own tests cannot have this module. */
class ModelParsersTest {

  static Stream<Named<Consumer<String>>> parsers() {
    return Stream.of(
        Named.of("Durations", Durations::parse),
        Named.of("ByteSize", ByteSize::parse),
        Named.of("Durability", Durability::parse),
        Named.of("Consistency", Consistency::parse),
        Named.of("NodeId", NodeId::new),
        Named.of("DatabaseServer", DatabaseServer::new),
        Named.of("KeyPath", KeyPath::decode),
        Named.of("Key", Key::of));
  }

  @ParameterizedTest
  @MethodSource("parsers")
  void noTextOccupiesAParser(Consumer<String> parser) {
    HostileTexts.parseAll(parser);
  }
}
