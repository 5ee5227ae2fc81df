/**
 * The raw mode of a terminal: every byte goes to the guest, whose console echoes, edits and takes Ctrl+C.
 *
 * @module
 */
import type { ReadStream } from 'node:tty';

/** Until what is returned is called, or the program ends: a shell without echo is of no use to anyone. */
export function enterRawMode(input: ReadStream): () => void {
  input.setRawMode(true);
  const leave = (): void => {
    process.off('exit', leave);
    if (!input.destroyed) input.setRawMode(false);
  };
  process.once('exit', leave);
  return leave;
}
