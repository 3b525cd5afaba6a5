package io.weir.web;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.coyote.Processor;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.coyote.http11.Http11Processor;
import org.apache.tomcat.util.buf.ByteChunk;
import org.apache.tomcat.util.buf.MessageBytes;

/**
 * HTTP/1.1 that takes a {@code Host} with an underscore. URIs may have one there (RFC 3986, {@code
 * reg-name}), and Compose and many a network name hosts so; Tomcat's own parser answers 400.
 */
public final class HostNames extends Http11NioProtocol {

  private static final char UNDERSCORE = '_';

  /** A character that Tomcat takes wherever a name may have one. */
  private static final byte IN_ITS_PLACE = 'a';

  @Override
  protected Processor createProcessor() {
    return new Parser(this);
  }

  private static final class Parser extends Http11Processor {

    private Parser(HostNames protocol) {
      super(protocol, protocol.getAdapter());
    }

    /** Has Tomcat look at the name without its underscores, and then gives them back. */
    @Override
    protected void parseHost(MessageBytes host) {
      if (!hasUnderscore(host)) {
        super.parseHost(host);
        return;
      }
      ByteChunk chunk = host.getByteChunk();
      byte[] asked = Arrays.copyOfRange(chunk.getBytes(), chunk.getStart(), chunk.getEnd());
      byte[] taken = asked.clone();
      for (int i = 0; i < taken.length; i++) {
        if (taken[i] == UNDERSCORE) {
          taken[i] = IN_ITS_PLACE;
        }
      }
      MessageBytes accepted = MessageBytes.newInstance();
      accepted.setBytes(taken, 0, taken.length);
      super.parseHost(accepted);
      if (!getErrorState().isError()) {
        int length = request.serverName().getLength();
        request.serverName().setString(new String(asked, 0, length, StandardCharsets.ISO_8859_1));
      }
    }

    private static boolean hasUnderscore(MessageBytes host) {
      return host != null
          && host.getType() == MessageBytes.T_BYTES
          && host.getByteChunk().indexOf(UNDERSCORE, 0) >= 0;
    }
  }
}
