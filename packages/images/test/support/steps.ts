// Calls of the file system, counted: a step is one that a program may end at, or that may fail.
import type { FileHandle } from 'node:fs/promises';
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

type Call = (...input: unknown[]) => Promise<unknown>;
type Calls = Record<string, Call>;

const functions = [
  'mkdir',
  'mkdtemp',
  'open',
  'readdir',
  'readFile',
  'rename',
  'rm',
  'rmdir',
  'writeFile',
  'stat',
  'lstat',
];
const methods = ['read', 'stat', 'sync', 'truncate', 'write', 'writeFile'];

/**
 * Calls `onStep` before each call of `node:fs/promises` in this program: what it throws, the call rejects with.
 *
 * @returns as it was before
 */
export function countSteps(onStep: (step: number, name: string) => void): () => void {
  let step = 0;
  const counted =
    (target: Calls, name: string): (() => void) =>
    () => {
      const real = target[name]!;
      target[name] = async function (this: unknown, ...input) {
        onStep(++step, name);
        return real.apply(this, input);
      };
      undo.push(() => (target[name] = real));
    };
  const undo: (() => void)[] = [];
  const realOpen = fs.open;
  let isPatched = false;
  for (const name of functions) counted(fs as unknown as Calls, name)();
  const open = fs.open;
  // The methods of files are those of their prototype, which is known when one is open.
  (fs as { open: unknown }).open = async (...input: Parameters<typeof open>): Promise<FileHandle> => {
    const file = await open(...input);
    const prototype = Object.getPrototypeOf(file) as Calls;
    if (!isPatched) for (const name of methods) counted(prototype, name)();
    isPatched = true;
    return file;
  };
  syncBuiltinESMExports();
  return () => {
    for (const each of undo.reverse()) each();
    (fs as { open: unknown }).open = realOpen;
    syncBuiltinESMExports();
  };
}
