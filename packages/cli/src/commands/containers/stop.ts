/**
 * `stop`, `kill` and `rm`: the ends of containers.
 *
 * @module
 */
import type { StopOutcome } from 'hostcompute';
import { ComputeSystem, isAlreadyStopped, isNotFound } from 'hostcompute';

import type { Action } from '../../command-line/declare.js';
import type { GlobalOptions } from '../../command-line/global-options.js';
import { ContainerFolders } from '../../containers/container-folders.js';
import { removeContainer } from '../../containers/remove-container.js';
import { warnOfLeft } from '../../containers/undo.js';
import { exitCodes } from '../../exit-codes.js';
import { Failure, usageFailure } from '../../failure.js';
import type { Context } from '../../host/context.js';
import { openContext } from '../../host/context.js';
import { waitForMonitor } from '../../monitor/client.js';
import { Output } from '../../output/output.js';
import { reportFailure } from '../../output/report-failure.js';
import { knownContainer, notKnown } from './known.js';

interface StopOptions {
  /** Milliseconds. */
  readonly grace?: number;
  readonly force?: number;
}

export const stop: Action<StopOptions> = ({ words, options: { grace = 10_000, force = 5000 }, globals }) =>
  each(words, globals, async (id, context, output) => {
    const outcome = await stopOne(id, { graceMs: grace, forceMs: force }, context);
    output.one({ kind: 'stopped', id, outcome }, [`${id}: ${outcome}`]);
    return outcome === 'abandoned' ? exitCodes.failed : exitCodes.done;
  });

async function stopOne(
  id: string,
  times: { graceMs: number; forceMs: number },
  context: Context,
): Promise<StopOutcome> {
  const known = await knownContainer(context.root, id);
  const outcome = await withSystem(id, context, (system) => system.stop({ ...times, signal: context.signal }));
  if (outcome === undefined && known?.record === undefined) throw notKnown(id);
  // Its process has still to undo what it had made.
  if (known?.record !== undefined && outcome !== 'abandoned')
    await waitForMonitor(context.root, known.record, context.signal);
  return outcome ?? 'stopped';
}

/** Undefined where no such system runs. */
async function withSystem<T>(
  id: string,
  { limits }: Context,
  work: (system: ComputeSystem) => Promise<T>,
): Promise<T | undefined> {
  try {
    await using system = await ComputeSystem.open(id, limits);
    return await work(system);
  } catch (error) {
    if (isNotFound(error) || isAlreadyStopped(error)) return undefined;
    throw error;
  }
}

interface KillOptions {
  readonly signal?: string;
}

export const kill: Action<KillOptions> = ({ words, options: { signal = 'SIGKILL' }, globals }) =>
  each(words, globals, async (id, context, output) => {
    const known = await knownContainer(context.root, id);
    const name = signalName(signal);
    const found = await withSystem(id, context, async (system) => {
      if (name === 'SIGKILL') return system.terminate({ signal: context.signal }).then(() => true);
      const pid = known?.record?.pid;
      if (pid === undefined) {
        throw new Failure(`Nothing is known of the first process of "${id}"`, {
          code: 'ERR_HC_NO_PROCESS',
          remedy: 'Only those of "hostcompute run" get signals: end it without -s.',
        });
      }
      await using process = await system.openProcess(pid, { signal: context.signal });
      return await process.kill(name as never, { signal: context.signal });
    });
    if (found === undefined && known?.record === undefined) throw notKnown(id);
    if (name === 'SIGKILL' && known?.record !== undefined) {
      await waitForMonitor(context.root, known.record, context.signal);
    }
    const isDelivered = found === true;
    output.one({ kind: 'killed', id, signal: name, delivered: isDelivered }, [isDelivered ? id : `${id}: had ended`]);
    return exitCodes.done;
  });

// As people type them: INT, sigterm, 9, CtrlC.
function signalName(text: string): string | number {
  if (/^\d+$/.test(text)) return Number(text) === 9 ? 'SIGKILL' : Number(text);
  if (/^ctrl/i.test(text)) {
    const known = ['CtrlC', 'CtrlBreak', 'CtrlClose', 'CtrlLogOff', 'CtrlShutdown'];
    return known.find((each) => each.toLowerCase() === text.toLowerCase()) ?? text;
  }
  if (!/^\w+$/.test(text)) throw usageFailure(`"${text}" is no signal`, 'Write INT, TERM, KILL or CtrlC.');
  const upper = text.toUpperCase();
  return upper.startsWith('SIG') ? upper : `SIG${upper}`;
}

interface RemoveOptions {
  readonly force?: boolean;
}

export const remove: Action<RemoveOptions> = ({ words, options: { force = false }, globals }) =>
  each(words, globals, async (id, context, output) => {
    const folders = new ContainerFolders(context.root);
    const isRunning = (await ComputeSystem.list({ Ids: [id] }, context.limits)).length > 0;
    const known = await knownContainer(context.root, id);
    if (!isRunning && known === undefined) throw notKnown(id);
    if ((isRunning || known?.state === 'running') && !force) {
      throw new Failure(`"${id}" runs`, {
        code: 'ERR_HC_CONTAINER_RUNS',
        remedy: `Stop it by "hostcompute stop ${id}", or add -f.`,
      });
    }
    if (isRunning) await withSystem(id, context, async (system) => system.terminate({ signal: context.signal }));
    if (known?.record !== undefined) await waitForMonitor(context.root, known.record, context.signal);
    const left = known === undefined ? [] : await removeContainer(folders, known, context.host);
    if (left === undefined) throw new Failure(`"${id}" is still run by its process`, { code: 'ERR_HC_CONTAINER_RUNS' });
    warnOfLeft(left);
    if (left.length > 0) return exitCodes.failed;
    output.one({ kind: 'removed', id }, [id]);
    return exitCodes.done;
  });

/** Does the same with each, and goes on where one fails. */
async function each(
  ids: readonly string[],
  globals: GlobalOptions,
  work: (id: string, context: Context, output: Output) => Promise<number>,
): Promise<number> {
  await using context = await openContext(globals, { lasting: true });
  const output = new Output(globals);
  let exitCode: number = exitCodes.done;
  for (const id of ids) {
    try {
      exitCode = Math.max(exitCode, await work(id, context, output));
    } catch (error) {
      if (context.signal.aborted) throw error;
      exitCode = Math.max(exitCode, reportFailure(error, globals));
    }
  }
  return exitCode;
}
