/**
 * What makes close() idempotent.
 *
 * @module
 */

/** A close that is carried out once. Whoever asks again gets the same promise; a close that failed may be tried again. */
export class CloseOnce {
  #closing: Promise<void> | undefined;

  run(close: () => Promise<void>): Promise<void> {
    this.#closing ??= close().catch((error: unknown) => {
      this.#closing = undefined;
      throw error;
    });
    return this.#closing;
  }
}
