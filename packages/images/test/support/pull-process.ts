// Pulls in processes of their own.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../programs/pull-program.js', import.meta.url));

export interface PullAnswer {
  readonly id?: string;
  readonly layers?: readonly string[];
  readonly code?: string;
  readonly steps: readonly string[];
}

export interface PullProcess {
  /** What it has printed; undefined when it was killed. */
  readonly answer: Promise<PullAnswer | undefined>;
  kill(): void;
}

export function startPull(folder: string, reference: string, killAt?: number): PullProcess {
  const more = killAt === undefined ? [] : ['--kill-at', String(killAt)];
  const child = spawn(process.execPath, [program, folder, reference, ...more], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  const answer = (async () => {
    const [printed] = await Promise.all([text(child.stdout), closed]);
    return printed === '' ? undefined : (JSON.parse(printed) as PullAnswer);
  })();
  return { answer, kill: () => void child.kill('SIGKILL') };
}
