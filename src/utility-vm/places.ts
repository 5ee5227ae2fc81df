/**
 * The places of devices: which are taken, and the next that is free.
 *
 * @module
 */
import { HcsError } from '../errors/errors.js';

/** Numbered places, the lowest free one first. */
export class Places {
  readonly #systemId: string;
  readonly #what: string;
  readonly #count: number;
  readonly #taken: Set<number>;

  /**
   * @param what - plural, for the message when all are taken
   * @param taken - those of the document that the machine was made from
   */
  constructor(systemId: string, what: string, count: number, taken: Iterable<number> = []) {
    this.#systemId = systemId;
    this.#what = what;
    this.#count = count;
    this.#taken = new Set(taken);
  }

  /** @param operation - who asks, for the error */
  take(operation: string): number {
    for (let place = 0; place < this.#count; place++) {
      if (this.#taken.has(place)) continue;
      this.#taken.add(place);
      return place;
    }
    const remedy =
      this.#count === 0
        ? `Create the machine with ${this.#what}.`
        : 'Remove an attachment that is not needed any more.';
    const none = this.#count === 0 ? `has no ${this.#what}` : `has only ${this.#count} ${this.#what}, all taken`;
    throw new HcsError(`${operation} of system "${this.#systemId}": it ${none}. ${remedy}`, {
      code: 'ERR_HC_NO_PLACE',
      operation,
      systemId: this.#systemId,
      remedy,
    });
  }

  free(place: number): void {
    this.#taken.delete(place);
  }
}
