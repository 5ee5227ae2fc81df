/**
 * The event emitter that a compute system is.
 *
 * @module
 */
import { EventEmitter } from 'node:events';

import type { CrashReport, Notification } from './events.js';
import type { SystemExit } from './system-exit.js';

/** What a system tells its listeners. */
export interface SystemEvents {
  exit: [exit: SystemExit];
  crash: [report: CrashReport];
  disconnect: [notification: Notification];
  notification: [notification: Notification];
}

/** Emits each event to every listener, and knows when somebody has begun to listen. */
export abstract class SystemEmitter extends EventEmitter<SystemEvents> {
  /** Somebody listens from now on. */
  protected abstract observe(): void;

  override on<E extends keyof SystemEvents>(event: E, listener: (...args: SystemEvents[E]) => void): this {
    this.observe();
    return super.on(event, listener as never);
  }

  override addListener<E extends keyof SystemEvents>(event: E, listener: (...args: SystemEvents[E]) => void): this {
    return this.on(event, listener);
  }

  override prependListener<E extends keyof SystemEvents>(event: E, listener: (...args: SystemEvents[E]) => void): this {
    this.observe();
    return super.prependListener(event, listener as never);
  }

  // A listener that throws must not cost another its event: each error surfaces as an uncaught exception.
  protected tell<K extends keyof SystemEvents>(event: K, ...args: SystemEvents[K]): void {
    if (this.listenerCount(event) === 0) return;
    for (const listener of this.rawListeners(event)) {
      try {
        Reflect.apply(listener, this, args);
      } catch (error) {
        process.nextTick(() => {
          throw error;
        });
      }
    }
  }
}
