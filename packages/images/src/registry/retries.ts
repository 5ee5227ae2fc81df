/**
 * How often a request is made again, and when.
 *
 * @module
 */
import { Interruption } from './failures.js';

const mostTries = 5;
/** Less than this is no progress: a host could go on for ever by a byte at a time. */
const progressBytes = 2 ** 20;

/** The tries of one document, or of one blob at one place. */
export class Retries {
  readonly #firstMs: number;
  #tries = 0;
  #received = 0;
  #everReceived = false;

  constructor(firstMs: number) {
    this.#firstMs = firstMs;
  }

  /** Something has come; enough of it gives all tries back. */
  received(bytes: number): void {
    this.#everReceived = true;
    this.#received += bytes;
    if (this.#received < progressBytes) return;
    this.#received = 0;
    this.#tries = 0;
  }

  /**
   * Waits until it may be tried again.
   *
   * @throws the error, if it is of another kind or has come too often; the reason of the signal
   */
  async after(error: unknown, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (!(error instanceof Interruption)) throw error;
    this.#tries += 1;
    if (this.#tries >= mostTries || (error.lasting && !this.#everReceived)) throw error.failure;
    await pause(error.waitMs ?? this.#firstMs * 2 ** (this.#tries - 1), signal);
  }
}

/** Runs until it succeeds, as often as it may. */
export async function retried<T>(firstMs: number, signal: AbortSignal, run: () => Promise<T>): Promise<T> {
  const retries = new Retries(firstMs);
  for (;;) {
    try {
      return await run();
    } catch (error) {
      await retries.after(error, signal);
    }
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal.addEventListener('abort', stop, { once: true });
  });
}
