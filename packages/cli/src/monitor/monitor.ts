/**
 * The process of a detached container: starts it, writes its log, serves its streams, and undoes all when it has ended. It reads its plan
 * from its input, and says on its output whether the container runs.
 *
 * @module
 */
import type { Readable } from 'node:stream';
import { createInterface } from 'node:readline';

import type { Action } from '../command-line/declare.js';
import type { GlobalOptions } from '../command-line/global-options.js';
import { ContainerFolders } from '../containers/container-folders.js';
import type { RunPlan } from '../containers/plan.js';
import { startContainer } from '../containers/start-container.js';
import type { StartedContainer } from '../containers/start-container.js';
import { Undo } from '../containers/undo.js';
import { ofHost } from '../containers/of-host.js';
import { Failure } from '../failure.js';
import type { Context } from '../host/context.js';
import { openContext } from '../host/context.js';
import { exitCodeOfSignal, onSignals } from '../host/limits.js';
import { LogWriter } from '../logs/log-writer.js';
import type { FailureFields } from '../output/report-failure.js';
import { failureFields } from '../output/report-failure.js';
import type { GuestExit, GuestStreams } from '../terminal/guest-streams.js';
import { streamsOf } from '../terminal/guest-streams.js';
import { MonitorServer } from './server.js';

/** The first line of its input; a second one, whatever it is, cancels the start. */
export interface MonitorInput {
  readonly plan: RunPlan;
  readonly globals: Pick<GlobalOptions, 'host' | 'owner' | 'root'>;
}

/** The one line of its output. */
export type MonitorAnswer =
  | { readonly kind: 'started'; readonly id: string; readonly pid: number }
  | ({ readonly kind: 'failed' } & FailureFields);

export const monitor: Action<object> = async () => {
  const lines = createInterface({ input: process.stdin });
  const first = await new Promise<string | undefined>((resolve) => {
    lines.once('line', resolve);
    lines.once('close', () => resolve(undefined));
  });
  if (first === undefined) return;
  const { plan, globals } = JSON.parse(first) as MonitorInput;
  try {
    await using context = await openContext(globals, { lasting: true, signals: false });
    lines.on('line', () =>
      context.abort(
        new Failure('The start was cancelled', { code: 'ERR_HC_SIGNAL', exitCode: exitCodeOfSignal('SIGINT') }),
      ),
    );
    await runDetached(plan, context);
  } catch (error) {
    answer({ kind: 'failed', ...failureFields(error) });
  } finally {
    lines.close();
    process.stdin.destroy();
  }
};

function answer(what: MonitorAnswer): void {
  process.stdout.write(`${JSON.stringify(what)}\n`);
}

async function runDetached(plan: RunPlan, context: Context): Promise<void> {
  const undo = new Undo();
  let started: StartedContainer;
  try {
    started = await startContainer(plan, context.limits, undo);
  } catch (error) {
    await undo.run();
    throw ofHost(error);
  }
  const { process: child, record, claim } = started;
  const guest = streamsOf(child);
  const server = new MonitorServer(claim.server, record.token, guest);
  const stop = onSignals(() => guest.signal('SIGKILL'));
  answer({ kind: 'started', id: plan.id, pid: child.pid });
  // Whoever has started it has what he waited for.
  process.stdout.end();
  const folders = new ContainerFolders(plan.root);
  const exit = await attend(guest, new LogWriter(folders.folderOf(plan.id)), server);
  const time = new Date().toISOString();
  const { exitCode, error } = exit;
  await folders.write({ ...record, exit: { exitCode, time, ...(error !== undefined && { error }) } });
  server.exited(exit);
  const left = await undo.run();
  stop();
  if (left.length > 0) process.exitCode = 1;
}

async function attend(guest: GuestStreams, log: LogWriter, server: MonitorServer): Promise<GuestExit> {
  guest.stdin?.on('error', () => undefined);
  const pumps = (['stdout', 'stderr'] as const).map(async (name) => {
    const stream = guest[name];
    if (stream !== null) await pump(stream, name, log, server);
  });
  const exit = await guest.ended.catch((error: unknown) => ({ exitCode: null, error: (error as Error).message }));
  // A program that the first one has left behind may hold them open for ever.
  guest.stdout?.destroy();
  guest.stderr?.destroy();
  await Promise.all(pumps);
  await log.close();
  server.logged();
  return exit;
}

async function pump(stream: Readable, name: 'stdout' | 'stderr', log: LogWriter, server: MonitorServer): Promise<void> {
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      server.output(name, chunk);
      // A disk that is full does not end the container.
      await log.write(name, chunk).catch(() => undefined);
      server.logged();
    }
  } catch {
    // It has broken, or was destroyed.
  }
}
