/**
 * What signals do to a command that has a guest: the first Ctrl+C goes to the guest, the second ends it, and the third leaves.
 *
 * @module
 */
import type { EndingSignal } from '../host/limits.js';
import { exitCodeOfSignal, onSignals } from '../host/limits.js';

export interface Interruptible {
  /** Passes it on to the guest's process. */
  readonly signal: (name: 'SIGINT' | 'SIGTERM') => void;
  /** Ends the guest by force. */
  readonly kill: () => void;
  /** Says what stays; the program ends after it. */
  readonly leave: () => void;
}

/** Ctrl+C within this time after one is meant for the same. */
const againMs = 3000;
/** How long a guest has after SIGTERM. */
const graceMs = 10_000;

export class Interrupts {
  readonly #stop: () => void;
  #target: Interruptible | undefined;
  /** What a signal does while there is no guest yet. */
  readonly #before: (name: EndingSignal) => void;
  #presses = 0;
  #pressedAt = -Infinity;
  #timer: NodeJS.Timeout | undefined;
  #last: EndingSignal | undefined;
  #byForce = false;

  /** @param before - takes signals until there is a guest */
  constructor(before: (name: EndingSignal) => void) {
    this.#before = before;
    this.#stop = onSignals((name) => this.#receive(name));
  }

  /** The signal that the guest got last, or was ended by. */
  get last(): EndingSignal | undefined {
    return this.#last;
  }

  /** Whether the guest was ended for a signal, and not only told of it. */
  get byForce(): boolean {
    return this.#byForce;
  }

  /** From here on signals are about this guest. */
  guard(target: Interruptible): void {
    this.#target = target;
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#stop();
  }

  #receive(name: EndingSignal): void {
    const target = this.#target;
    if (target === undefined) {
      this.#before(name);
      return;
    }
    this.#last = name;
    if (name === 'SIGINT') this.#interrupt(target);
    else if (name === 'SIGTERM') this.#terminate(target);
    // The window closes, which leaves no time; and Ctrl+Break is the way out of a guest that hangs.
    else this.#kill(target);
  }

  #kill(target: Interruptible): void {
    this.#byForce = true;
    target.kill();
  }

  #interrupt(target: Interruptible): void {
    const now = performance.now();
    this.#presses = now - this.#pressedAt < againMs ? this.#presses + 1 : 1;
    this.#pressedAt = now;
    if (this.#presses === 1) target.signal('SIGINT');
    else if (this.#presses === 2) this.#kill(target);
    else {
      target.leave();
      process.exit(exitCodeOfSignal('SIGINT'));
    }
  }

  #terminate(target: Interruptible): void {
    target.signal('SIGTERM');
    this.#timer ??= setTimeout(() => this.#kill(target), graceMs).unref();
  }
}
