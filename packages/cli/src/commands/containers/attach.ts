/**
 * `attach`: the streams of the first process of a detached container.
 *
 * @module
 */
import type { Action } from '../../command-line/declare.js';
import { exitCodes } from '../../exit-codes.js';
import { endWith } from '../../failure.js';
import { openLimits } from '../../host/limits.js';
import { rootFolder } from '../../host/root-folder.js';
import { attachStreams, notAttachable } from '../../monitor/client.js';
import { nobodyReads, onBrokenPipe } from '../../output/broken-pipe.js';
import { Output } from '../../output/output.js';
import { connect } from '../../terminal/connect.js';
import { consoleSize } from '../../terminal/console-size.js';
import { detachKeys } from '../../terminal/detach-keys.js';
import { guestExitCode } from '../../terminal/guest-exit-code.js';
import { Interrupts } from '../../terminal/interrupts.js';
import { printedExit } from '../run/foreground.js';
import { recordOf } from './known.js';

interface AttachOptions {
  /** `--no-stdin` */
  readonly stdin: boolean;
}

export const attach: Action<AttachOptions> = async ({ words: [id = ''], options, globals }) => {
  const root = rootFolder(globals);
  const { record, state } = await recordOf(root, id).catch((error: unknown) => {
    throw endWith(exitCodes.host, error);
  });
  if (state !== 'running' || !record.detached) throw notAttachable(id);
  using limits = openLimits(globals, { signals: false });
  const { signal } = limits;
  const interrupts = new Interrupts(limits.end);
  let stopBroken = (): void => undefined;
  try {
    const guest = await attachStreams(root, record);
    const detached = new AbortController();
    const leave = (): void => {
      detached.abort();
      guest.detach();
    };
    interrupts.guard({
      signal: (name) => guest.signal(name),
      kill: () => guest.signal('SIGKILL'),
      leave: () => process.stderr.write(`hostcompute: "${id}" goes on\n`),
    });
    stopBroken = onBrokenPipe(() => limits.abort(nobodyReads()));
    signal.addEventListener('abort', leave, { once: true });
    if (signal.aborted) leave();
    const size = record.tty ? consoleSize(process.stdout) : undefined;
    if (size !== undefined) guest.resize(size.columns, size.rows);
    const output = new Output(globals);
    const exit = await connect(options.stdin ? guest : { ...guest, stdin: null }, {
      tty: record.tty,
      output,
      ...(record.tty && { filterInput: detachKeys(leave) }),
    });
    signal.throwIfAborted();
    if (detached.signal.aborted) {
      process.stderr.write(`\r\nhostcompute: "${id}" goes on\n`);
      return exitCodes.done;
    }
    if (output.isJson) output.json(printedExit(id, exit));
    else if (exit.error !== undefined) process.stderr.write(`hostcompute: ${exit.error}\n`);
    return guestExitCode(exit, interrupts);
  } finally {
    stopBroken();
    interrupts.close();
  }
};
