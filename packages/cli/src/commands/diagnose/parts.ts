/**
 * What a diagnosis consists of: each part by itself, so that one that fails or hangs leaves the others.
 *
 * @module
 */
import type { Json } from 'hostcompute/doctor';
import { withoutNames } from 'hostcompute/doctor';

import { printable } from '../../output/printable.js';
import { withoutSecrets } from './secrets.js';

/** A part that is to be collected. */
export interface Source {
  /** The name of its file. */
  readonly name: string;
  /** A value of JSON, or the bytes of a file that nobody can read through. */
  readonly collect: (signal: AbortSignal) => Promise<object | Buffer>;
  /** It is so already, and has to stay as it is: a recording plays back. */
  readonly isRedacted?: boolean;
  /** Milliseconds that it may take. */
  readonly patienceMs?: number;
}

/** A part as it goes into the archive, or why it does not. */
export type Part =
  | { readonly name: string; readonly bytes: Buffer; readonly missing?: never }
  | { readonly name: string; readonly missing: string; readonly bytes?: never };

const patience = 5000;
/** Of one part. */
export const mostBytes = 8 << 20;

/** Collects all of them side by side. Rejects with the reason of the signal only. */
export async function collectParts(sources: readonly Source[], signal: AbortSignal): Promise<Part[]> {
  return Promise.all(sources.map(async (source) => collectPart(source, signal)));
}

async function collectPart(
  { name, collect, patienceMs = patience, isRedacted = false }: Source,
  signal: AbortSignal,
): Promise<Part> {
  const limit = AbortSignal.timeout(patienceMs);
  const both = AbortSignal.any([signal, limit]);
  try {
    const found = await settled(collect(both), both);
    const bytes = Buffer.isBuffer(found)
      ? found
      : Buffer.from(`${JSON.stringify(isRedacted ? found : cleaned(found), null, 2)}\n`);
    if (bytes.length > mostBytes) return { name, missing: `It has ${bytes.length} bytes, more than ${mostBytes}.` };
    return { name, bytes };
  } catch (error) {
    signal.throwIfAborted();
    if (limit.aborted) return { name, missing: `It was not there within ${patienceMs} ms.` };
    const message = error instanceof Error ? error.message : String(error);
    return { name, missing: printable(withoutNames(withoutSecrets(message) as string)).slice(0, 1000) };
  }
}

/** A call that does not heed its signal is waited for no longer. */
export async function settled<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason as Error);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** As JSON has it: dates, big numbers and what has toJSON() are texts then. */
function cleaned(found: object): Json {
  const text = JSON.stringify(found, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
  return withoutNames(withoutSecrets(JSON.parse(text) as Json));
}
