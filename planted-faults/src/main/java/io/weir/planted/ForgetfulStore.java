package io.weir.planted;

import io.weir.cache.store.BackingStore;
import io.weir.cache.store.RowsFailedException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;

/**
 * A store that goes on after the database has rolled back: where a lock was not given in time, or
 * there was a deadlock, the flush is committed without its rows, and called done.
 */
final class ForgetfulStore implements InvocationHandler {

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
    return failure instanceof RowsFailedException rows && rows.isLock();
  }
}
