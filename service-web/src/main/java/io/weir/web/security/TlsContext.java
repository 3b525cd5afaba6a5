package io.weir.web.security;

import io.weir.web.StartupRefusedException;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;

/**
 * The certificates of an SSL bundle, ready for use, and renewed when the bundle's files change.
 *
 * <p><b>Failure.</b> A bundle whose new files cannot be used leaves those of before in force; so
 * does one whose certificate is not that of its key, as in the middle of a rotation ({@link
 * BundleDefaults}).
 */
public final class TlsContext implements Supplier<SSLContext> {

  private static final Logger LOG = LoggerFactory.getLogger(TlsContext.class);

  private volatile SSLContext context;

  private TlsContext(SSLContext context) {
    this.context = context;
  }

  /**
   * Takes a bundle.
   *
   * @param setting that names the bundle
   * @throws StartupRefusedException when there is no such bundle, or no use in it
   */
  public static TlsContext of(SslBundles bundles, String setting, String name) {
    try {
      TlsContext tls = new TlsContext(bundles.getBundle(name).createSslContext());
      bundles.addBundleUpdateHandler(name, tls::renew);
      return tls;
    } catch (NoSuchSslBundleException e) {
      throw new StartupRefusedException(
          setting
              + " is '"
              + name
              + "', and there is no such bundle: describe it as spring.ssl.bundle.pem."
              + name
              + ".",
          e);
    } catch (IllegalStateException e) {
      throw new StartupRefusedException(
          setting + " is '" + name + "', which cannot be used: " + e.getMessage(), e);
    }
  }

  private void renew(SslBundle bundle) {
    try {
      context = bundle.createSslContext();
      LOG.info("new certificates are in force");
    } catch (IllegalStateException e) {
      LOG.warn("the certificates stay as they were: {}", e.getMessage());
    }
  }

  /** The newest; the same object until the bundle changes. */
  @Override
  public SSLContext get() {
    return context;
  }
}
