/**
 * The abort signals that waits listen to: one listener for each signal, however many waits share it. A signal with many
 * listeners, such as that of a program's shutdown, would warn of a leak otherwise.
 *
 * @module
 */

/** A wait that a signal ends. */
export interface Abortable {
  abort(): void;
}

const listenersOf = new WeakMap<AbortSignal, Set<Abortable>>();

/** Calls `abort()` when the signal fires. */
export function addAbortListener(signal: AbortSignal, listener: Abortable): void {
  const present = listenersOf.get(signal);
  if (present !== undefined) {
    present.add(listener);
    return;
  }
  const listeners = new Set([listener]);
  listenersOf.set(signal, listeners);
  const onAbort = (): void => {
    for (const each of listeners) each.abort();
  };
  signal.addEventListener('abort', onAbort, { once: true });
}

/** The wait is over. */
export function removeAbortListener(signal: AbortSignal, listener: Abortable): void {
  listenersOf.get(signal)?.delete(listener);
}
