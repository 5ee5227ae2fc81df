// How the scripts start other programs.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
export const maxBuffer = 64 * 1024 * 1024;

/** The output of a command that has to succeed. */
export function run(command, args, options = {}) {
  const stdio = ['ignore', 'pipe', 'inherit'];
  const { status, stdout, error } = spawnSync(command, args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer,
    stdio,
    ...options,
  });
  if (error)
    throw new Error(`${command} could not be started: ${error.message}. See CONTRIBUTING.md for what it needs.`);
  if (status === 0) return stdout;
  process.stderr.write(stdout ?? '');
  throw new Error(`${command} ${args.join(' ')} ended with ${status}`);
}

/** Ends the program as a `main` should: 0 or 1, and a word about what could not be done at all. */
export function finish(main) {
  try {
    process.exitCode = main(process.argv.slice(2)) === 0 ? 0 : 1;
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
