/**
 * Copies out of a container: its tar sends, this program writes, and trusts nothing of it.
 *
 * @module
 */
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

import { usageFailure } from '../failure.js';
import { entryNames, refused } from './entry-names.js';
import { checkTar, runTar } from './guest-tar.js';
import type { Guest } from './guest-tar.js';
import type { GuestPlace } from './places.js';
import { tarOperand } from './places.js';
import type { CheckedTarget } from './target.js';
import { checkTarget, Target } from './target.js';
import { BrokenStream, tarEntries } from './tar-entries.js';
import type { Counted } from './tree-writer.js';

type Show = (bytes: number) => void;

export async function copyOut(guest: Guest, from: GuestPlace, to: string, show: Show): Promise<Counted> {
  const target = await checkTarget(to);
  const args = sendArguments(from);
  let received: Target | undefined;
  const take = async (output: Readable): Promise<void> => {
    received = await receive(output, from, target, show);
  };
  try {
    checkTar(guest.id, await runTar(guest, { args, take }));
    await received!.finish();
    return received!.counted;
  } finally {
    await received?.dispose();
  }
}

/** Writes what a container sends for a path; exported for tests. It is in its place when it has been finished. */
export async function receive(source: Readable, from: GuestPlace, to: CheckedTarget, show: Show): Promise<Target> {
  let target: Target | undefined;
  let top: string | undefined;
  try {
    for await (const item of tarEntries(source)) {
      const names = entryNames(item.name);
      if (target === undefined) {
        top = from.isContents ? undefined : topOf(item.name, names);
        target = await Target.begin(to, item, { name: top, mustBeFolder: from.isFolder, show });
        continue;
      }
      if (top !== undefined && names[0] !== top) throw refused(item.name, `is not below "${top}"`);
      await target.add(item, names);
    }
    if (target === undefined) throw new BrokenStream('it has sent nothing');
    return target;
  } catch (error) {
    await target?.dispose();
    throw error;
  }
}

/** The tar as the container sends it, on standard output. */
export async function sendTar(guest: Guest, from: GuestPlace, show: Show): Promise<Counted> {
  let bytes = 0;
  const take = async (output: Readable): Promise<void> => {
    output.on('data', (chunk: Buffer) => show((bytes += chunk.length)));
    try {
      await pipeline(output, process.stdout, { end: false, signal: guest.signal });
    } catch (error) {
      throw new BrokenStream((error as Error).message);
    }
  };
  checkTar(guest.id, await runTar(guest, { args: sendArguments(from), take }));
  return { entries: 0, bytes };
}

function sendArguments({ path, folder, name, isContents }: GuestPlace): readonly string[] {
  // Windows' tar does not visit it.
  if (name === undefined) throw usageFailure(`"${path}" is a whole drive`, 'Name a file or a folder of it.');
  if (isContents) return ['-cf', '-', '-C', path, '.'];
  return ['-cf', '-', '-C', folder, tarOperand(name)];
}

function topOf(name: string, names: readonly string[]): string {
  if (names.length !== 1) throw refused(name, 'is not what was asked for');
  return names[0]!;
}
