/** What both services make of the meters that the VM, Tomcat and Spring bring along. */
@NullMarked
package io.weir.web.metrics;

import org.jspecify.annotations.NullMarked;
