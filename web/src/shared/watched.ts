/** A value that lives outside React, and wakes whoever shows it. */

import { useSyncExternalStore } from "react";

export interface Watched<T> {
  get: () => T;
  /** Wakes nobody where nothing changes. */
  set: (value: T) => void;
  /** The value now, and again with each change. */
  use: () => T;
}

export function watched<T>(first: T): Watched<T> {
  let value = first;
  const watchers = new Set<() => void>();
  const get = (): T => value;
  const watch = (wake: () => void): (() => void) => {
    watchers.add(wake);
    return () => watchers.delete(wake);
  };
  return {
    get,
    set: (next) => {
      if (Object.is(next, value)) return;
      value = next;
      watchers.forEach((wake) => wake());
    },
    use: () => useSyncExternalStore(watch, get),
  };
}
