/**
 * Which objects of the network service this program has open in a host, so that reap() leaves them alone.
 *
 * @module
 */
import type { Session } from '../host/session.js';

const counts = new WeakMap<Session, Map<string, number>>();

/** An object of an id has been made; there may be several of one id. */
export function objectOpened(session: Session, id: string): void {
  const ofSession = counts.get(session) ?? new Map<string, number>();
  counts.set(session, ofSession);
  ofSession.set(id, (ofSession.get(id) ?? 0) + 1);
}

/** One of them has been closed. */
export function objectClosed(session: Session, id: string): void {
  const ofSession = counts.get(session);
  const count = ofSession?.get(id) ?? 0;
  if (count > 1) ofSession?.set(id, count - 1);
  else ofSession?.delete(id);
}

export function isObjectOpen(session: Session, id: string): boolean {
  return counts.get(session)?.has(id) === true;
}
