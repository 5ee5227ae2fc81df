/**
 * `exec`: one more process in a container that runs.
 *
 * @module
 */
import type { Action } from '../../command-line/declare.js';
import { withoutDivider } from '../../command-line/words.js';
import { failedToRun } from '../../containers/failed-to-run.js';
import { ofHost } from '../../containers/of-host.js';
import { exitCodes } from '../../exit-codes.js';
import { usageFailure } from '../../failure.js';
import { openContext } from '../../host/context.js';
import { nobodyReads, onBrokenPipe } from '../../output/broken-pipe.js';
import { Output } from '../../output/output.js';
import { connect } from '../../terminal/connect.js';
import { guestExitCode } from '../../terminal/guest-exit-code.js';
import { streamsOf } from '../../terminal/guest-streams.js';
import { Interrupts } from '../../terminal/interrupts.js';
import type { RunOptions } from '../run/options.js';
import { environmentOf, ttyOf } from '../run/options.js';
import { printedExit } from '../run/foreground.js';
import { openRunning } from './open-running.js';

type ExecOptions = Pick<RunOptions, 'detach' | 'interactive' | 'tty' | 'env' | 'workdir' | 'user'>;

export const exec: Action<ExecOptions> = async ({ words: [id, ...given], options, globals }) => {
  if (id === undefined)
    throw usageFailure('No container is named, and no command', 'Write "hostcompute exec NAME COMMAND...".');
  const command = withoutDivider(given);
  if (command.length === 0)
    throw usageFailure('There is no command to run', 'Add it behind the name of the container.');
  const { detach = false, interactive = false, workdir, user } = options;
  const tty = ttyOf(options);
  await using context = await openContext(globals, { lasting: true, signals: false });
  const { signal } = context;
  const interrupts = new Interrupts(context.end);
  let stopBroken = (): void => undefined;
  try {
    await using system = await openRunning(id, context);
    const child = await system
      .createProcess(
        {
          command,
          env: environmentOf(options.env ?? []),
          ...(workdir !== undefined && { cwd: workdir }),
          ...(user !== undefined && { user }),
          stdio: detach ? 'ignore' : [interactive ? 'pipe' : 'ignore', 'pipe', 'pipe'],
          ...(tty !== null && { tty }),
        },
        { signal },
      )
      .catch((error: unknown) => {
        throw failedToRun(error);
      });
    const output = new Output(globals);
    if (detach) {
      output.one({ kind: 'started', id, pid: child.pid }, [String(child.pid)]);
      await child.close();
      return exitCodes.done;
    }
    const guest = streamsOf(child);
    const kill = (): void => guest.signal('SIGKILL');
    const leave = (): void => {
      process.stderr.write(`hostcompute: process ${child.pid} goes on in "${id}"\n`);
    };
    interrupts.guard({ signal: (name) => guest.signal(name), kill, leave });
    signal.addEventListener('abort', kill, { once: true });
    stopBroken = onBrokenPipe(() => context.abort(nobodyReads()));
    if (output.isJson) output.json({ kind: 'started', id, pid: child.pid });
    const exit = await connect(guest, { tty: tty !== null, output });
    signal.removeEventListener('abort', kill);
    await child.close();
    if (output.isJson) output.json(printedExit(id, exit));
    else if (exit.error !== undefined) process.stderr.write(`hostcompute: ${exit.error}\n`);
    signal.throwIfAborted();
    return guestExitCode(exit, interrupts);
  } catch (error) {
    throw ofHost(error);
  } finally {
    stopBroken();
    interrupts.close();
  }
};
