/**
 * So many at once, in the order in which they came.
 *
 * @module
 */
import { unlessAborted } from '../limits.js';

export class Slots {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(count: number) {
    this.#free = count;
  }

  /** @returns gives the slot back; calling it again does nothing */
  async take(signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    if (this.#free > 0) this.#free--;
    else await this.#turn(signal);
    let isTaken = true;
    return () => {
      if (isTaken) this.#give();
      isTaken = false;
    };
  }

  async #turn(signal: AbortSignal): Promise<void> {
    let turn!: () => void;
    const mine = new Promise<void>((resolve) => this.#waiting.push((turn = resolve)));
    try {
      await unlessAborted(mine, signal);
    } catch (error) {
      const at = this.#waiting.indexOf(turn);
      // It may have been given at the same moment.
      if (at < 0) this.#give();
      else this.#waiting.splice(at, 1);
      throw error;
    }
  }

  #give(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free++;
    else next();
  }
}
