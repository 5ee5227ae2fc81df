/**
 * One PrepareLayer at a time per store and host: calls that are made side by side time out in Windows.
 *
 * @module
 */
import type { Session } from '../host/session.js';

/** A place in the queue. */
export interface Turn {
  /** Fulfilled when all turns before it are over. */
  readonly ready: Promise<void>;
  /** Passes the turn on, now or when it has come. */
  over(): void;
}

/** The last turn of each folder, by its host. */
const lastTurns = new WeakMap<Session, Map<string, Promise<void>>>();

export function takeTurn(session: Session, folder: string): Turn {
  const ofHost = lastTurns.get(session) ?? new Map<string, Promise<void>>();
  lastTurns.set(session, ofHost);
  const ready = ofHost.get(folder) ?? Promise.resolve();
  let over!: () => void;
  const ended = new Promise<void>((resolve) => {
    over = resolve;
  });
  const last = ready.then(() => ended);
  ofHost.set(folder, last);
  void last.then(() => {
    if (ofHost.get(folder) === last) ofHost.delete(folder);
  });
  return { ready, over };
}
