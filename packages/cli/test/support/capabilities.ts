// Programs that a test needs and a machine may lack, as test/support/capabilities.ts of the root has them.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Programs, and the packages of Debian that have them. */
const packages = { tmux: 'tmux' } as const;

/**
 * Whether a test, or a suite, can have what it needs. Where not, the run says so; with `CI=true` it fails instead, unless nobody
 * could install it there.
 */
export function has(program: keyof typeof packages, title: string): boolean {
  const folders = (process.env.PATH ?? '').split(delimiter);
  if (folders.some((folder) => folder !== '' && existsSync(join(folder, program)))) return true;
  const why = `there is no ${program} in PATH (Debian: apt-get install ${packages[program]})`;
  if (process.platform === 'linux' && process.env.CI === 'true') throw new Error(`${title} cannot run: ${why}`);
  process.stdout.write(`not run: ${title}, ${why}\n`);
  return false;
}
