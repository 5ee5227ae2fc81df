/**
 * The end of the process. Node waits at its end for the threads of libuv, and frees what koffi's callbacks need, while
 * threads of the host may still be on their way: so a process that has something open in the host leaves without that.
 *
 * @module
 */
import { writeSync } from 'node:fs';
import { inspect } from 'node:util';

/** What may have something open in a host. */
export interface Leaver {
  readonly inside: number;
  readonly open: number;
  leave(code: number): void;
}

const leavers = new Set<Leaver>();
let fatal: { readonly error: unknown } | undefined;

function onException(error: unknown): void {
  if (process.listenerCount('uncaughtException') === 0) fatal = { error };
}

function onExit(code: number): void {
  const all = [...leavers];
  const inside = all.some((each) => each.inside > 0);
  const leaver = all.find((each) => each.inside > 0 || each.open > 0);
  if (leaver === undefined) return;
  if (fatal !== undefined) {
    // Node reports it after this, and then waits for the threads alone.
    if (!inside) return;
    writeSync(2, `${inspect(fatal.error)}\n\nNode.js ${process.version}\n`);
  }
  const listeners = process.rawListeners('exit');
  for (const listener of listeners.slice(listeners.indexOf(onExit) + 1)) listener.call(process, code);
  leaver.leave(Number(process.exitCode ?? code));
}

/** From now on a process that ends with something open in the host leaves by `leave`. */
export function watchTheEnd(leaver: Leaver): void {
  if (leavers.size === 0) {
    process.on('uncaughtExceptionMonitor', onException);
    process.on('exit', onExit);
  }
  leavers.add(leaver);
}

/** It has nothing open any more, and never will. */
export function nothingLeft(leaver: Leaver): void {
  leavers.delete(leaver);
  if (leavers.size > 0) return;
  process.off('uncaughtExceptionMonitor', onException);
  process.off('exit', onExit);
}
