/**
 * Runs the program tar in a container, whose streams are the tar.
 *
 * @module
 */
import type { Readable, Writable } from 'node:stream';

import type { ComputeSystem, Process } from 'hostcompute';

import { failedToRun } from '../containers/failed-to-run.js';
import { exitCodes } from '../exit-codes.js';
import { Failure, givenExitCode } from '../failure.js';
import { printable } from '../output/printable.js';
import type { GuestExit } from '../terminal/guest-streams.js';
import { streamsOf } from '../terminal/guest-streams.js';
import { BrokenStream } from './tar-entries.js';

export interface Guest {
  readonly id: string;
  readonly system: ComputeSystem;
  /** The account that tar runs as. */
  readonly user: string | undefined;
  readonly signal: AbortSignal;
}

export interface TarRun<T> {
  readonly args: readonly string[];
  /** Writes its input to the end. */
  readonly feed?: (input: Writable) => Promise<void>;
  /** Reads its output; whoever has had enough of it ends the program. */
  readonly take: (output: Readable) => Promise<T>;
}

export interface TarEnd<T> {
  readonly result: T;
  readonly exit: GuestExit;
  /** The end of what it has said on stderr. */
  readonly said: string;
}

/** More than anyone reads. */
const mostSaid = 4096;
const killMs = 10_000;

/** Fulfils with what came of it, whatever its exit code; {@link checkTar} judges that. */
export async function runTar<T>(guest: Guest, run: TarRun<T>): Promise<TarEnd<T>> {
  const { id, signal } = guest;
  signal.throwIfAborted();
  const child = await startTar(guest, run);
  let killed: Promise<boolean> | undefined;
  /** False: it may go on. */
  const end = (): Promise<boolean> => {
    child.stdin?.destroy();
    child.stdout!.destroy();
    return (killed ??= child.kill('SIGKILL', { timeoutMs: killMs }).then(
      () => true,
      () => false,
    ));
  };
  let stop!: () => void;
  const aborted = new Promise<never>((_resolve, reject) => {
    stop = () => void end().finally(() => reject(signal.reason as Error));
  });
  aborted.catch(() => undefined);
  signal.addEventListener('abort', stop, { once: true });
  try {
    signal.throwIfAborted();
    return await attend(guest, run, child, { end, aborted });
  } catch (error) {
    if (!signal.aborted) throw error;
    const isGone = await end();
    // Nobody asked for the end of a program whose output nobody reads.
    if ((signal.reason as { readonly code?: unknown }).code !== 'EPIPE')
      process.stderr.write(`hostcompute: process ${child.pid} in "${id}" ${isGone ? 'was ended' : 'may go on'}\n`);
    throw signal.reason;
  } finally {
    signal.removeEventListener('abort', stop);
    await child.close();
  }
}

interface Attendance {
  readonly end: () => Promise<boolean>;
  readonly aborted: Promise<never>;
}

async function attend<T>(
  { id, signal }: Guest,
  run: TarRun<T>,
  child: Process,
  { end, aborted }: Attendance,
): Promise<TarEnd<T>> {
  const streams = streamsOf(child);
  const said = collect(streams.stderr!);
  // What breaks a stream of its own accord ends by itself, and says why.
  const endUnlessBroken = (error: unknown): never => {
    if (!(error instanceof BrokenStream)) void end();
    throw error;
  };
  const [taken, fed] = await Promise.allSettled([
    run.take(streams.stdout!).catch(endUnlessBroken),
    feed(run, child).catch(endUnlessBroken),
  ]);
  if (!streams.stdout!.readableEnded && taken.status === 'fulfilled') void end();
  const exit = await Promise.race([streams.ended, aborted]);
  signal.throwIfAborted();
  const failures = [taken, fed].flatMap((each) => (each.status === 'rejected' ? [each.reason as Error] : []));
  const own = failures.find((error) => !(error instanceof BrokenStream));
  if (own !== undefined) throw own;
  if (taken.status === 'rejected' || fed.status === 'rejected')
    throw tarFailure(id, { exit, said: said() }, failures[0]!.message);
  return { result: taken.value, exit, said: said() };
}

async function feed<T>(run: TarRun<T>, { stdin }: Process): Promise<void> {
  if (stdin === null) return;
  // It is told of by whoever writes.
  stdin.on('error', () => undefined);
  await run.feed!(stdin);
}

/** What has begun to start is waited for, as it has to be ended. */
async function startTar<T>({ id, system, user, signal }: Guest, { args, feed: input }: TarRun<T>): Promise<Process> {
  const late = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const wait = (): void => {
    timer = setTimeout(() => late.abort(signal.reason), killMs);
  };
  signal.addEventListener('abort', wait, { once: true });
  try {
    return await system.createProcess(
      {
        command: ['tar', ...args],
        ...(user !== undefined && { user }),
        stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
      },
      { signal: late.signal },
    );
  } catch (error) {
    signal.throwIfAborted();
    const failed = failedToRun(error);
    if (givenExitCode(failed) !== exitCodes.notFound) throw failed;
    throw new Failure(`"${id}" has no program tar, which copies files`, {
      code: 'ERR_HC_NO_TAR',
      exitCode: exitCodes.notFound,
      remedy:
        'Windows has it since version 1803, in nanoserver as well: use a newer image, or pass a folder to the container by "run -v".',
      cause: error,
    });
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', wait);
  }
}

/** Refuses what tar did not bring to a good end. What it has warned of is printed. */
export function checkTar<T>(id: string, end: TarEnd<T>): T {
  if (end.exit.exitCode !== 0) throw tarFailure(id, end);
  if (end.said !== '') process.stderr.write(`${end.said.replace(/^/gm, `hostcompute: ${id}: `)}\n`);
  return end.result;
}

function tarFailure(id: string, { exit, said }: Omit<TarEnd<unknown>, 'result'>, otherwise?: string): Failure {
  const { exitCode, error } = exit;
  const why = said === '' ? (otherwise ?? error ?? 'it does not say why') : said.replace(/\n/g, '; ');
  const how = exitCode === null ? 'has ended' : `ended with exit code ${exitCode}`;
  return new Failure(`tar in "${id}" ${how}: ${why}`, {
    code: 'ERR_HC_TAR_FAILED',
    ...(exitCode === null && { exitCode: exitCodes.host }),
    remedy: 'Name a file or folder that is there and may be read or written; --user is the account that tar runs as.',
  });
}

function collect(stream: Readable): () => string {
  let text = '';
  stream.on('error', () => undefined);
  stream.on('data', (chunk: Buffer) => {
    text = (text + chunk.toString()).slice(-mostSaid);
  });
  return () => {
    const lines = printable(text.replaceAll('\r', '')).split('\n');
    return lines.filter((line) => line !== '' && !line.startsWith('tar: Error exit delayed')).join('\n');
  };
}
