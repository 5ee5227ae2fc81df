/**
 * The size of the terminal, and its changes.
 *
 * @module
 */
import type { WriteStream } from 'node:tty';

export interface ConsoleSize {
  readonly columns: number;
  readonly rows: number;
}

/** Undefined where the stream is no terminal, or does not say. */
export function consoleSize(stream: Pick<WriteStream, 'isTTY' | 'getWindowSize'>): ConsoleSize | undefined {
  if (!stream.isTTY) return undefined;
  const [columns, rows] = stream.getWindowSize();
  return columns > 0 && rows > 0 ? { columns, rows } : undefined;
}

/** Windows raises its event only when something moves the cursor: so the size is looked at as well. */
const lookEveryMs = 250;

/** Calls `listener` for each change, until what is returned is called. */
export function watchConsoleSize(stream: WriteStream, listener: (size: ConsoleSize) => void): () => void {
  let last = consoleSize(stream);
  const look = (): void => {
    const size = consoleSize(stream);
    if (size === undefined || (size.columns === last?.columns && size.rows === last.rows)) return;
    last = size;
    listener(size);
  };
  stream.on('resize', look);
  const timer = setInterval(look, lookEveryMs).unref();
  return () => {
    stream.off('resize', look);
    clearInterval(timer);
  };
}
