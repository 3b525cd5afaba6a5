package io.weir.planted;

import io.weir.cache.server.JournalFactory;
import io.weir.cache.store.BackingStore;
import io.weir.cache.store.ShardRegistry;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;

/** Puts one bug into a cache server, the one that {@code weir.planted} names. */
@AutoConfiguration
public class PlantedFaults {

  private static final Logger LOG = LoggerFactory.getLogger(PlantedFaults.class);

  /** What can be planted. */
  enum Bug {
    /** Flushes go on under whatever claim is the newest. */
    FENCE_OFF,
    /** A write is acknowledged before the journal has it. */
    ACKNOWLEDGE_BEFORE_APPEND,
    /** The acknowledgement of a flush marks a newer version clean that was written meanwhile. */
    FLUSH_CLEARS_NEWER,
    /** Rows that another program holds count as flushed. */
    LOCKED_COUNTS_AS_FLUSHED
  }

  @Bean
  static BeanPostProcessor planted(
      Environment environment, ObjectProvider<ShardRegistry> registry) {
    Bug bug = environment.getRequiredProperty("weir.planted", Bug.class);
    LOG.warn("this cache server has a bug on purpose: {}", bug);
    return new BeanPostProcessor() {
      @Override
      public Object postProcessAfterInitialization(Object bean, String name) {
        return switch (bug) {
          case FENCE_OFF ->
              bean instanceof BackingStore store
                  ? new UnfencedStore(store, registry::getObject)
                  : bean;
          case LOCKED_COUNTS_AS_FLUSHED ->
              bean instanceof BackingStore store ? ForgetfulStore.over(store) : bean;
          case ACKNOWLEDGE_BEFORE_APPEND, FLUSH_CLEARS_NEWER ->
              bean instanceof JournalFactory journals ? broken(journals, bug) : bean;
        };
      }
    };
  }

  /** A factory of journals with a bug; its one method is called through, and its result changed. */
  private static JournalFactory broken(JournalFactory journals, Bug bug) {
    return (JournalFactory)
        Proxy.newProxyInstance(
            JournalFactory.class.getClassLoader(),
            new Class<?>[] {JournalFactory.class},
            (proxy, method, arguments) -> {
              try {
                Object made = method.invoke(journals, arguments);
                return made instanceof JournalFactory.Unstarted unstarted
                    ? new JournalFactory.Unstarted(
                        new BrokenJournal(unstarted.journal(), bug), unstarted.start())
                    : made;
              } catch (InvocationTargetException e) {
                throw e.getCause() == null ? e : e.getCause();
              }
            });
  }
}
