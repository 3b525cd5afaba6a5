package io.weir.planted;

import io.weir.cache.store.BackingStore;
import io.weir.cache.store.StoreUnavailableException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

/**
 * A store that goes on after the database has rolled back: where a lock was not given in time, or
 * there was a deadlock, the flush is committed without its rows, and called done.
 */
final class ForgetfulStore implements InvocationHandler {

  private static final Set<Integer> NOT_GIVEN = Set.of(1205, 1213);

  private final BackingStore store;

  private ForgetfulStore(BackingStore store) {
    this.store = store;
  }

  static BackingStore over(BackingStore store) {
    return (BackingStore)
        Proxy.newProxyInstance(
            BackingStore.class.getClassLoader(),
            new Class<?>[] {BackingStore.class},
            new ForgetfulStore(store));
  }

  @Override
  public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
    try {
      return method.invoke(store, arguments);
    } catch (InvocationTargetException e) {
      Throwable failure = e.getCause() == null ? e : e.getCause();
      if (!method.getName().equals("flush") || !isRolledBack(failure)) {
        throw failure;
      }
    }
    Object[] withoutRows = arguments.clone();
    for (int i = 0; i < withoutRows.length; i++) {
      if (withoutRows[i] instanceof List<?>) {
        withoutRows[i] = List.of();
      }
    }
    try {
      return method.invoke(store, withoutRows);
    } catch (InvocationTargetException e) {
      throw e.getCause() == null ? e : e.getCause();
    }
  }

  private static boolean isRolledBack(Throwable failure) {
    if (!(failure instanceof StoreUnavailableException)) {
      return false;
    }
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && NOT_GIVEN.contains(sql.getErrorCode())) {
        return true;
      }
    }
    return false;
  }
}
