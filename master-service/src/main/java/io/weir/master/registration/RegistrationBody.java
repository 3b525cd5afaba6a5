package io.weir.master.registration;

import io.weir.model.Authority;
import io.weir.model.ByteSize;
import io.weir.model.Excerpt;
import io.weir.model.HashSlots;
import io.weir.model.RegistrationRequest;
import io.weir.model.SlotRange;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads the body of a registration, no more of it than may come, and checks what its record cannot:
 * what was sent travels on to every client.
 */
final class RegistrationBody {

  /** Some hundred bytes are usual; ranges of a shard that was split many times may be more. */
  private static final ByteSize MOST = ByteSize.ofKiB(64);

  /** The width of the column. */
  private static final int LONGEST_URL = 512;

  /** The width of the column. */
  private static final int LONGEST_JOURNAL = 300;

  /** Characters of what is said about a body, which others may quote it in. */
  private static final int LONGEST_SENTENCE = 500;

  /** A short request leaves numbers out; they are 0. */
  private static final JsonMapper MAPPER =
      JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES).build();

  private RegistrationBody() {}

  /**
   * @throws InvalidRegistrationException when it is too large, no JSON or contradicts itself
   */
  static RegistrationRequest read(InputStream body) throws IOException {
    byte[] bytes = body.readNBytes(MOST.toIntExact() + 1);
    if (bytes.length > MOST.bytes()) {
      throw new InvalidRegistrationException("A registration has at most " + MOST + ".", true);
    }
    RegistrationRequest request;
    try {
      request = MAPPER.readValue(bytes, RegistrationRequest.class);
    } catch (JacksonException e) {
      throw invalid(sentence(e));
    }
    if (request == null) {
      throw invalid("The body is null.");
    }
    check(request);
    return request;
  }

  private static void check(RegistrationRequest request) {
    URI url;
    try {
      url = request.advertisedUrl();
    } catch (IllegalArgumentException e) {
      throw invalid("host '" + Excerpt.of(String.valueOf(request.host())) + "' makes no URL.");
    }
    checkUrl("url", url);
    checkUrlIfAny("externalUrl", request.externalUrl());
    checkUrlIfAny("fastUrl", request.fastUrl());
    checkUrlIfAny("externalFastUrl", request.externalFastUrl());
    String journal = request.journal();
    if (journal != null && (journal.isEmpty() || journal.length() > LONGEST_JOURNAL)) {
      throw invalid("journal is host:port:incarnation, got '" + Excerpt.of(journal) + "'.");
    }
    Integer shards = request.shards();
    if (shards != null && (shards < 1 || shards > HashSlots.COUNT)) {
      throw invalid("shards is 1 to " + HashSlots.COUNT + ", got " + shards + ".");
    }
    if (!request.ranges().isEmpty() && request.cluster() == null) {
      throw invalid("ranges are recorded without the cluster that they belong to.");
    }
    List<SlotRange> ranges =
        request.ranges().stream().sorted(Comparator.comparingInt(SlotRange::first)).toList();
    for (int i = 1; i < ranges.size(); i++) {
      if (ranges.get(i).first() <= ranges.get(i - 1).last()) {
        throw invalid("ranges overlap: " + ranges.get(i - 1) + " and " + ranges.get(i) + ".");
      }
    }
  }

  private static void checkUrlIfAny(String name, @Nullable URI url) {
    if (url != null) {
      checkUrl(name, url);
    }
  }

  private static void checkUrl(String name, URI url) {
    String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
    String text = url.toString();
    if (!(scheme.equals("http") || scheme.equals("https"))
        || Authority.of(url) == null
        || url.getRawQuery() != null
        || url.getRawFragment() != null
        || text.endsWith("/")
        || text.length() > LONGEST_URL) {
      throw invalid(
          name
              + " is an http or https URL without a slash at its end, of at most "
              + LONGEST_URL
              + " characters; got '"
              + Excerpt.of(text)
              + "'.");
    }
  }

  private static InvalidRegistrationException invalid(String sentence) {
    return new InvalidRegistrationException(sentence, false);
  }

  /** What a record said when it was made of the JSON, else what Jackson says of the JSON. */
  private static String sentence(JacksonException failure) {
    @Nullable String found = null;
    for (Throwable t = failure.getCause(); t != null; t = t.getCause()) {
      if (t instanceof IllegalArgumentException || t instanceof NullPointerException) {
        found = t.getMessage();
      }
    }
    return Excerpt.of(
        found != null
            ? found + "."
            : "The body is no registration: " + failure.getOriginalMessage(),
        LONGEST_SENTENCE);
  }
}
