/**
 * The size of the console of a process.
 *
 * @module
 */
import type { ProcessHandle } from '../backend/backend.js';
import { documentText } from '../documents/document-text.js';
import { HcsError, isInvalidState } from '../errors/errors.js';
import type { Lifetime } from '../host/handle-lifetime.js';
import { readOperationOptions } from '../host/operation-options.js';
import type { OperationOptions } from '../host/operation-options.js';
import { run } from '../host/operation.js';
import { remaining } from '../host/waits/deadlines.js';
import type { ConsoleSize } from './process-command.js';
import type { ExitFinder, ProcessExit } from './process-exit.js';
import { isGone } from './process-kill.js';
import { checkedSide } from './process-parameters.js';

/** Changes the size; false when the process was gone. */
export async function resizeConsole(
  life: Lifetime<ProcessExit>,
  exit: ExitFinder,
  { columns, rows }: ConsoleSize,
  options: OperationOptions,
): Promise<boolean> {
  const ConsoleSize = { Height: checkedSide(rows, 'rows'), Width: checkedSide(columns, 'columns') };
  options = readOperationOptions(options);
  const settings = documentText({ Operation: 'ConsoleSize', ConsoleSize }, 'request');
  const call = life.call('HcsModifyProcess', { process: life.handle as ProcessHandle, settings }, options);
  if (life.end.exited) return false;
  const begun = performance.now();
  try {
    await run(call);
    return true;
  } catch (error) {
    // A paused system is in another state, too.
    const gone =
      error instanceof HcsError &&
      (isGone(error) || (isInvalidState(error) && (await exit.confirmed(remaining(options, begun)))));
    if (!gone) throw error;
    exit.expect(true);
    return false;
  }
}
