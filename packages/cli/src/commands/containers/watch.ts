/**
 * A list that is looked at again and again: a terminal has it anew when something of it has changed, a program gets what has.
 *
 * @module
 */
import { setTimeout as sleep } from 'node:timers/promises';

import type { Output, Printed } from '../../output/output.js';

/** Hosts do not notify of systems that come. */
const lookMs = 500;

export interface Watching<T> {
  readonly look: () => Promise<readonly T[]>;
  /** For a terminal. */
  readonly show: (all: readonly T[]) => void;
  readonly output: Output;
  readonly signal: AbortSignal;
}

/** Goes on until it is ended. */
export async function watch<T extends Printed & { readonly id: string }>(watching: Watching<T>): Promise<never> {
  const { look, show, output, signal } = watching;
  let before = new Map<string, string>();
  let painted: string | undefined;
  for (;;) {
    const all = await look();
    const now = new Map(all.map((each) => [each.id, JSON.stringify(each)]));
    if (output.isJson) {
      for (const each of all) if (before.get(each.id) !== now.get(each.id)) output.json(each);
      for (const id of before.keys()) if (!now.has(id)) output.json({ kind: 'container-gone', id });
    } else {
      // What a terminal shows depends on its width as well.
      const picture = JSON.stringify([output.width, ...now.values()]);
      if (picture !== painted) {
        process.stdout.write('\x1b[H\x1b[J');
        show(all);
      }
      painted = picture;
    }
    before = now;
    await sleep(lookMs, undefined, { signal }).catch(() => undefined);
    signal.throwIfAborted();
  }
}
