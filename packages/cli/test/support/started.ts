// The command while it runs.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../../src/program.js', import.meta.url));

export interface Ended {
  readonly exitCode: number | null;
  readonly stderr: string;
}

export interface Started extends AsyncDisposable {
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Waits until its stdout has this, or it has ended. */
  readonly until: (wanted: RegExp) => Promise<void>;
  /** Sends a signal, and waits for the end. */
  readonly end: (signal: NodeJS.Signals) => Promise<Ended>;
  /** Waits for the end that it comes to by itself. */
  readonly ended: () => Promise<Ended>;
}

/** Starts the command, and waits until its stdout has what is expected, or it has ended. */
export async function started(
  words: readonly string[],
  expected: RegExp | undefined,
  env: NodeJS.ProcessEnv = {},
): Promise<Started> {
  const child = spawn(process.execPath, [program, ...words], { env: { ...process.env, ...env } });
  const output = { stdout: '', stderr: '' };
  let look = (): void => undefined;
  child.stdout.on('data', (chunk: Buffer) => {
    output.stdout += chunk.toString();
    look();
  });
  child.stderr.on('data', (chunk: Buffer) => (output.stderr += chunk.toString()));
  const closed = once(child, 'close') as Promise<[number | null]>;
  const until = async (wanted: RegExp): Promise<void> => {
    const seen = new Promise<void>((done) => {
      look = () => {
        if (wanted.test(output.stdout)) done();
      };
      look();
    });
    await Promise.race([seen, closed]);
  };
  if (expected !== undefined) await until(expected);
  const ended = async (): Promise<Ended> => {
    const [exitCode] = await closed;
    return { exitCode, stderr: output.stderr };
  };
  return {
    until,
    ended,
    stdout: () => output.stdout,
    stderr: () => output.stderr,
    async end(signal) {
      child.kill(signal);
      return ended();
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await closed;
    },
  };
}
