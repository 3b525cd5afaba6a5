package io.weir.web.security;

import org.springframework.test.context.TestPropertySource;

/** The same rules where keys come through Spring Security, as at a master. */
@TestPropertySource(properties = "edge.front=false")
class SecurityBehindSpringTest extends SecurityTest {}
