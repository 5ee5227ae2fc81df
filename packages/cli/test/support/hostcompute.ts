// Runs the command as a shell does.
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

export const program = fileURLToPath(new URL('../../src/program.js', import.meta.url));

export interface Ran {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** @param env - added to the environment; undefined takes a variable out */
export async function hostcompute(
  words: readonly string[],
  env: NodeJS.ProcessEnv = {},
  input: string | Buffer = '',
): Promise<Ran> {
  const child = spawn(process.execPath, [program, ...words], { env: { ...process.env, ...env } });
  child.stdin.end(input);
  const closed = new Promise<number | null>((done) => child.once('close', done));
  const [stdout, stderr, exitCode] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
  return { exitCode, stdout, stderr };
}
