/**
 * Runs a container with the streams of this command, and removes it in the end.
 *
 * @module
 */
import type { GlobalOptions } from '../../command-line/global-options.js';
import type { RunPlan } from '../../containers/plan.js';
import { startContainer } from '../../containers/start-container.js';
import type { StartedContainer } from '../../containers/start-container.js';
import { Undo, warnOfLeft } from '../../containers/undo.js';
import type { Context } from '../../host/context.js';
import { nobodyReads, onBrokenPipe } from '../../output/broken-pipe.js';
import { Output } from '../../output/output.js';
import { connect } from '../../terminal/connect.js';
import { guestExitCode } from '../../terminal/guest-exit-code.js';
import type { GuestExit } from '../../terminal/guest-streams.js';
import { streamsOf } from '../../terminal/guest-streams.js';
import { Interrupts } from '../../terminal/interrupts.js';
import { ensureImage } from './ensure-image.js';
import type { RunOptions } from './options.js';

/** @returns the exit code of the guest */
export async function runForeground(
  plan: RunPlan,
  options: Pick<RunOptions, 'pull'>,
  context: Context,
  globals: GlobalOptions,
): Promise<number> {
  const output = new Output(globals);
  const undo = new Undo();
  const interrupts = new Interrupts(context.end);
  let exit: GuestExit;
  try {
    await ensureImage(plan, options, context, globals);
    const started = await startContainer(plan, context.limits, undo);
    exit = await attend(plan, started, { context, interrupts, output, undo });
  } finally {
    warnOfLeft(await undo.run());
    interrupts.close();
  }
  if (output.isJson) output.json(printedExit(plan.id, exit));
  else if (exit.error !== undefined) process.stderr.write(`hostcompute: ${exit.error}\n`);
  // The deadline has ended it, or nobody reads what it says.
  context.signal.throwIfAborted();
  return guestExitCode(exit, interrupts);
}

export function printedExit(id: string, { exitCode, error, inferred = false }: GuestExit) {
  return { kind: 'exit', id, exitCode, error: error ?? null, inferred } as const;
}

interface Attendance {
  readonly context: Context;
  readonly interrupts: Interrupts;
  readonly output: Output;
  readonly undo: Undo;
}

async function attend(
  plan: RunPlan,
  { process: child, system }: StartedContainer,
  given: Attendance,
): Promise<GuestExit> {
  const { context, interrupts, output, undo } = given;
  const guest = streamsOf(child);
  const kill = (): void => {
    guest.signal('SIGKILL');
  };
  const leave = (): void => {
    const left = undo.left.map((each) => `\n  ${each}`).join('');
    process.stderr.write(`hostcompute: this is left, which "hostcompute reap" removes:${left}\n`);
  };
  interrupts.guard({ signal: (name) => guest.signal(name), kill, leave });
  const stopBroken = onBrokenPipe(() => context.abort(nobodyReads()));
  context.signal.addEventListener('abort', kill, { once: true });
  // The system may end without its processes, and its exit says why.
  const failed = system.exited.then(
    ({ error }) => error?.message,
    (error: unknown) => (error as Error).message,
  );
  try {
    if (output.isJson) output.json({ kind: 'started', id: plan.id, pid: child.pid });
    const exit = await connect(guest, { tty: plan.tty !== null, output });
    if (exit.exitCode !== null) return exit;
    const why = await Promise.race([failed, Promise.resolve(undefined)]);
    return why === undefined ? exit : { ...exit, error: why };
  } finally {
    stopBroken();
    context.signal.removeEventListener('abort', kill);
  }
}
