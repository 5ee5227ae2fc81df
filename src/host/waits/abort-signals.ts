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

interface Listeners {
  readonly waits: Set<Abortable>;
  readonly onAbort: () => void;
}

const listenersOf = new WeakMap<AbortSignal, Listeners>();

/** Calls `abort()` when the signal fires. */
export function addAbortListener(signal: AbortSignal, wait: Abortable): void {
  const present = listenersOf.get(signal);
  if (present !== undefined) {
    present.waits.add(wait);
    return;
  }
  const waits = new Set([wait]);
  const onAbort = (): void => {
    for (const each of waits) each.abort();
  };
  listenersOf.set(signal, { waits, onAbort });
  signal.addEventListener('abort', onAbort, { once: true });
}

/** The wait is over. After the last one the signal has no listener of this package any more. */
export function removeAbortListener(signal: AbortSignal, wait: Abortable): void {
  const listeners = listenersOf.get(signal);
  if (listeners?.waits.delete(wait) !== true || listeners.waits.size > 0) return;
  listenersOf.delete(signal);
  signal.removeEventListener('abort', listeners.onAbort);
}
