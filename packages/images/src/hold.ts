/**
 * What several hold is given back when the last one leaves: a pull that was cancelled leaves its source to those who share its work.
 *
 * @module
 */
export class Hold {
  #holders = 0;
  readonly #ends: (() => Promise<void>)[];

  /** @param end - called when the last one has left */
  constructor(end: () => Promise<void>) {
    this.#ends = [end];
  }

  add(end: () => Promise<void>): void {
    this.#ends.push(end);
  }

  /** @returns leaves; the last one to leave waits for the end */
  take(): () => Promise<void> {
    this.#holders++;
    return async () => {
      if (--this.#holders > 0) return;
      const ends = this.#ends.splice(0).reverse();
      const failures: unknown[] = [];
      // One that fails does not keep the others.
      for (const end of ends) await end().catch((error: unknown) => failures.push(error));
      if (failures.length > 0) throw failures[0];
    };
  }
}
