/**
 * `logs`: what the first process of a detached container has said.
 *
 * @module
 */
import type { Action } from '../../command-line/declare.js';
import { openLimits } from '../../host/limits.js';
import { rootFolder } from '../../host/root-folder.js';
import type { LogLine } from '../../logs/log-files.js';
import { LogReader } from '../../logs/log-reader.js';
import { connectMonitor } from '../../monitor/client.js';
import { frameTypes } from '../../monitor/frames.js';
import { drained } from '../../output/broken-pipe.js';
import { Output } from '../../output/output.js';
import { recordOf } from './known.js';

interface LogsOptions {
  readonly follow?: boolean;
  readonly tail?: number;
  readonly since?: Date;
  readonly timestamps?: boolean;
}

export const logs: Action<LogsOptions> = async ({ words: [id = ''], options, globals }) => {
  const root = rootFolder(globals);
  const { record, folder } = await recordOf(root, id);
  const { tail, since } = options;
  using limits = openLimits(globals);
  const { signal } = limits;
  // Before the first look: whatever comes after it is told of.
  const news = options.follow === true ? await follow(root, record, signal) : undefined;
  const output = new Output(globals);
  const show = printer(output, options);
  await using reader = new LogReader(folder);
  const isWanted = ({ time }: LogLine): boolean => since === undefined || Date.parse(time) >= since.getTime();
  const last: LogLine[] = [];
  for await (const line of reader.read()) {
    signal.throwIfAborted();
    if (!isWanted(line)) continue;
    if (tail === undefined) {
      await show(line);
      continue;
    }
    last.push(line);
    // A ring would do with less; the log is limited as well.
    if (last.length > 2 * tail + 1000) last.splice(0, last.length - tail);
  }
  if (tail !== undefined && tail > 0) for (const line of last.slice(-tail)) await show(line);
  while (news !== undefined) {
    const isOver = await news();
    for await (const line of reader.read()) if (isWanted(line)) await show(line);
    signal.throwIfAborted();
    if (isOver) return;
  }
};

function printer(output: Output, { timestamps }: LogsOptions): (line: LogLine) => Promise<void> {
  return async ({ stream, time, text }) => {
    if (output.isJson) output.json({ kind: 'log', stream, time, text });
    else {
      const target = stream === 'stdout' ? process.stdout : process.stderr;
      target.write(timestamps === true ? `${time} ${text}` : text);
    }
    await drained();
  };
}

/** Undefined where nobody writes the log any more. Each call waits for more, and fulfils with true when nothing follows. */
async function follow(
  root: string,
  record: Parameters<typeof connectMonitor>[1],
  signal: AbortSignal,
): Promise<(() => Promise<boolean>) | undefined> {
  let wake = (): void => undefined;
  let hasMore = false;
  let isOver = false;
  const client = await connectMonitor(root, record, 'follow', ({ type }) => {
    if (type !== frameTypes.more) return;
    hasMore = true;
    wake();
  });
  if (client === undefined) return undefined;
  const leave = (): void => void client.socket.destroy();
  signal.addEventListener('abort', leave, { once: true });
  if (signal.aborted) leave();
  void client.ended.then(() => {
    isOver = true;
    wake();
  });
  return async () => {
    if (!hasMore && !isOver) await new Promise<void>((resolve) => (wake = resolve));
    hasMore = false;
    return isOver;
  };
}
