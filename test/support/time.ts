import assert from 'node:assert/strict';
import { setImmediate as turn } from 'node:timers/promises';

import { eventually } from './eventually.js';

/** Time as this process sees it, which passes only when a test says so. It goes on by itself when this is disposed of. */
export interface StoppedTime extends Disposable {
  /** Lets so much time pass, as soon as something waits for just so long, and ends every wait that is over by then. */
  pass(ms: number): Promise<void>;
}

interface Wait {
  readonly due: number;
  readonly end: () => void;
}

/** Stops what `setTimeout` and `performance.now()` go by; what Node itself waits for, and mocha, is not touched. */
export function stopTime(): StoppedTime {
  const { setTimeout: start, clearTimeout: clear } = globalThis;
  const waits = new Map<NodeJS.Timeout, Wait>();
  let now = Math.ceil(performance.now());
  let stopped = true;

  const startStopped = (callback: (...args: unknown[]) => void, ms = 0, ...args: unknown[]): NodeJS.Timeout => {
    const end = (): void => {
      waits.delete(timeout);
      clear(timeout);
      callback(...args);
    };
    // It is one of Node's, which goes on when time does.
    const timeout = start(() => {
      if (!stopped || ms <= 0) end();
    }, ms);
    if (ms > 0) waits.set(timeout, { due: now + ms, end });
    return timeout;
  };
  const clearStopped = (timeout?: NodeJS.Timeout): void => {
    if (timeout !== undefined) waits.delete(timeout);
    clear(timeout);
  };
  Object.assign(globalThis, { setTimeout: startStopped, clearTimeout: clearStopped });
  Object.defineProperty(performance, 'now', { value: () => now, configurable: true });

  return {
    async pass(ms) {
      const due = now + ms;
      const waiting = await eventually(turn, () => [...waits.values()].some((wait) => wait.due === due));
      assert.ok(waiting, `nothing waits for ${ms} ms`);
      now = due;
      const over = [...waits.values()].filter((wait) => wait.due <= now).sort((one, other) => one.due - other.due);
      for (const { end } of over) end();
    },
    [Symbol.dispose]() {
      stopped = false;
      Object.assign(globalThis, { setTimeout: start, clearTimeout: clear });
      delete (performance as { now?: unknown }).now;
    },
  };
}
