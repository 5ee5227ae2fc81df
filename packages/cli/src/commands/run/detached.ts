/**
 * Starts the process that runs a detached container, and waits until the container runs.
 *
 * @module
 */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

import type { GlobalOptions } from '../../command-line/global-options.js';
import type { RunPlan } from '../../containers/plan.js';
import { exitCodes } from '../../exit-codes.js';
import { Failure } from '../../failure.js';
import { openContext } from '../../host/context.js';
import type { MonitorAnswer, MonitorInput } from '../../monitor/monitor.js';
import { Output } from '../../output/output.js';
import { ensureImage } from './ensure-image.js';
import type { RunOptions } from './options.js';

/** Prints the name of the container, which others know it by. */
export async function runDetached(plan: RunPlan, options: RunOptions, globals: GlobalOptions): Promise<number> {
  // Says where it runs, or why it cannot, before anything is started.
  await using context = await openContext(globals, { lasting: true });
  await ensureImage(plan, options, context, globals);
  const { host, owner, root } = globals;
  const answer = await startMonitor(
    {
      plan,
      globals: {
        ...(host !== undefined && { host }),
        ...(owner !== undefined && { owner }),
        ...(root !== undefined && { root }),
      },
    },
    context.signal,
  );
  if (answer.kind === 'failed') {
    const { message, code, exitCode, remedy } = answer;
    const isSaid = remedy === null || message.includes(remedy);
    context.signal.throwIfAborted();
    throw new Failure(message, { code, exitCode, ...(!isSaid && { remedy }) });
  }
  const { id, pid } = answer;
  new Output(globals).one({ kind: 'started', id, pid }, [id]);
  return exitCodes.done;
}

async function startMonitor(input: MonitorInput, signal: AbortSignal): Promise<MonitorAnswer> {
  signal.throwIfAborted();
  const child = spawn(process.execPath, [...process.execArgv, process.argv[1]!, 'monitor'], {
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore'],
    windowsHide: true,
  });
  // One that has ended reads nothing.
  child.stdin.on('error', () => undefined);
  child.stdin.write(`${JSON.stringify(input)}\n`);
  const cancel = (): void => void child.stdin.write('cancel\n');
  signal.addEventListener('abort', cancel, { once: true });
  const lines = createInterface({ input: child.stdout });
  try {
    const line = await new Promise<string | undefined>((resolve, reject) => {
      lines.once('line', resolve);
      lines.once('close', () => resolve(undefined));
      child.once('error', reject);
    });
    if (line !== undefined) return JSON.parse(line) as MonitorAnswer;
  } finally {
    signal.removeEventListener('abort', cancel);
    lines.close();
    child.stdin.destroy();
    child.stdout.destroy();
    child.unref();
  }
  throw new Failure('The process of the container has ended before it ran', {
    code: 'ERR_HC_MONITOR',
    exitCode: exitCodes.host,
    remedy: 'Let "hostcompute reap" remove what it has left, and try again.',
  });
}
