// Where results come from: the commit and the machine.
import { execFileSync } from 'node:child_process';
import { cpus, loadavg, release, totalmem } from 'node:os';

import { root } from '../support/bench.js';
import type { Machine } from './report.js';

const git = (...args: string[]): string => execFileSync('git', args, { cwd: root, encoding: 'utf8' }).trim();

/** Without a repository, as in an unpacked archive, the commit is unknown. */
export function commitOf(): { readonly commit: string; readonly changed: boolean } {
  try {
    return { commit: git('rev-parse', '--short=10', 'HEAD'), changed: git('status', '--porcelain') !== '' };
  } catch {
    return { commit: 'unknown', changed: true };
  }
}

export const loadNow = (): number => loadavg()[0] ?? 0;

export function machineOf(loadBefore: number): Machine {
  return {
    system: `${{ linux: 'Linux', win32: 'Windows', darwin: 'macOS' }[process.platform as string] ?? process.platform} ${release()} ${process.arch}`,
    processor: cpus()[0]?.model.trim() ?? 'unknown processor',
    processors: cpus().length,
    memoryGiB: totalmem() / 2 ** 30,
    load: [loadBefore, loadNow()],
  };
}
