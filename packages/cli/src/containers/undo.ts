/**
 * What has been done, and how it is undone: the last step first, each tried whatever the others do.
 *
 * @module
 */
import { messageOf } from '../failure.js';

/** What could not be undone. */
export interface Left {
  /** What it is, such as `endpoint 3d0b...`. */
  readonly what: string;
  readonly error: unknown;
}

/** How long a step may take: whoever waits for a host that hangs wants to know what is left rather than wait. */
const stepMs = 60_000;

export class Undo {
  readonly #steps: {
    readonly what: string;
    readonly step: (limits: { readonly timeoutMs: number }) => Promise<unknown>;
  }[] = [];

  push(what: string, step: (limits: { readonly timeoutMs: number }) => Promise<unknown>): void {
    this.#steps.push({ what, step });
  }

  /** What is not undone yet, the last first. */
  get left(): readonly string[] {
    return this.#steps.map(({ what }) => what).reverse();
  }

  /** Undoes all steps once. */
  async run(): Promise<readonly Left[]> {
    const left: Left[] = [];
    for (let last = this.#steps.at(-1); last !== undefined; last = this.#steps.at(-1)) {
      const { what, step } = last;
      try {
        await step({ timeoutMs: stepMs });
      } catch (error) {
        left.push({ what, error });
      }
      this.#steps.pop();
    }
    return left;
  }
}

/** Says on stderr what is left, and what removes it. */
export function warnOfLeft(left: readonly Left[]): void {
  for (const { what, error } of left) {
    process.stderr.write(`hostcompute: ${what} is left: ${messageOf(error)} "hostcompute reap" removes it.\n`);
  }
}
