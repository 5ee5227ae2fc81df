/**
 * `diagnose`: one archive for a report of an error, without names and secrets, which says what is in it before it is written.
 *
 * @module
 */
import { createInterface } from 'node:readline/promises';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

import { pack } from 'tar-stream';

import type { Action } from '../../command-line/declare.js';
import { exitCodes } from '../../exit-codes.js';
import { usageFailure } from '../../failure.js';
import { openHostIfThere } from '../../host/host-if-there.js';
import type { Limits } from '../../host/limits.js';
import { openLimits } from '../../host/limits.js';
import { rootFolder } from '../../host/root-folder.js';
import { byteSize } from '../../output/byte-size.js';
import { Output } from '../../output/output.js';
import { printableLine } from '../../output/printable.js';
import { isTaken, pipelineOptions, writeWhole } from '../../output/whole-file.js';
import type { Part } from './parts.js';
import { collectParts } from './parts.js';
import { sourcesOf } from './sources.js';

export interface DiagnoseOptions {
  readonly output?: string;
  readonly list?: boolean;
  readonly yes?: boolean;
  readonly force?: boolean;
}

const closeMs = 2000;

/** Collects, lists, asks, writes. */
export const diagnose: Action<DiagnoseOptions> = async ({ options, globals }) => {
  const { list = false, yes = false, force = false } = options;
  const output = new Output(globals);
  const isAsked = !list && !yes;
  if (isAsked && (!process.stdin.isTTY || output.isJson)) {
    throw usageFailure('Nobody can be asked whether to write it', 'Add --yes, or look at it with --list.');
  }
  const file = options.output ?? nameOf(new Date());
  if (file === '-' || file === '') throw usageFailure('--output names no file', 'Name one, such as report.tar.gz.');
  const mayBeWritten = async (): Promise<void> => {
    if (force || !(await isTaken(file))) return;
    throw usageFailure(`${file} is there already`, 'Name another file by --output, or add --force.');
  };
  if (!list) await mayBeWritten();
  using limits = openLimits(globals);
  const { signal } = limits;
  const { host, failure } = await openHostIfThere(globals);
  const parts = await collectParts(sourcesOf(host, failure, rootFolder(globals)), signal).finally(async () =>
    host?.close({ timeoutMs: closeMs }),
  );
  const lines = listing(parts);
  if (!list) {
    if (!output.isJson) process.stderr.write(`${lines.join('\n')}\n`);
    if (isAsked && !(await agreed(file, limits))) return exitCodes.done;
    // Collecting, and whoever was asked, took their time.
    await mayBeWritten();
    await write(file, parts, signal);
  }
  const shown = parts.map(({ name, bytes, missing }) => ({
    name,
    size: bytes?.length ?? null,
    missing: missing ?? null,
  }));
  output.one({ kind: 'diagnosis', file: list ? null : file, parts: shown }, list ? lines : [file]);
  return exitCodes.done;
};

const nameOf = (now: Date): string => `hostcompute-${now.toISOString().slice(0, 19).replaceAll(/[-:]/g, '')}.tar.gz`;

function listing(parts: readonly Part[]): string[] {
  const width = Math.max(...parts.map(({ name }) => name.length));
  return [
    ...parts.map(({ name, bytes, missing }) =>
      printableLine(`${name.padEnd(width)}  ${missing === undefined ? byteSize(bytes.length) : `missing: ${missing}`}`),
    ),
    'Taken out: names of users, computers and domains, public addresses, passwords and tokens, values of environments,',
    'labels and registries, words of commands. Event logs of Windows are as they are. Look into it before you send it.',
  ];
}

async function agreed(file: string, { signal, end }: Limits): Promise<boolean> {
  const asking = createInterface({ input: process.stdin, output: process.stderr });
  // Ctrl+C is a key here, not a signal; the end of the input is a no.
  asking.once('SIGINT', () => end('SIGINT'));
  const closed = new Promise<string>((resolve) => asking.once('close', () => resolve('')));
  try {
    const answer = await Promise.race([asking.question(`Write ${printableLine(file)}? [y/N] `, { signal }), closed]);
    signal.throwIfAborted();
    return /^y(?:es)?$/i.test(answer.trim());
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    asking.close();
  }
}

async function write(file: string, parts: readonly Part[], signal: AbortSignal): Promise<void> {
  await writeWhole(
    file,
    async (target) => {
      const tar = pack();
      const missing = parts.filter((part) => part.missing !== undefined);
      for (const { name, bytes } of parts) if (bytes !== undefined) tar.entry({ name, mode: 0o600 }, bytes);
      if (missing.length > 0) tar.entry({ name: 'missing.json', mode: 0o600 }, `${JSON.stringify(missing, null, 2)}\n`);
      tar.finalize();
      const to = target();
      await pipeline(tar, createGzip(), to, pipelineOptions(to, signal));
    },
    0o600,
  );
}
