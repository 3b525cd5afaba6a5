package io.weir.master.redirect;

import io.weir.master.registry.Network;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Where requests for keys are sent on to.
 *
 * @param network whether to the owner's address in the nodes' own network, or to its external one
 */
@ConfigurationProperties("weir.master.redirect")
public record RedirectSettings(@DefaultValue("internal") Network network) {}
