/**
 * The connection of this process to one that serves a host. It is one for all hosts that are opened through it.
 *
 * @module
 */
import { parseDocument } from '../documents/document-text.js';
import { perform } from './operation.js';
import type { Session } from './session.js';

const name = 'HcSimulatorControl';

const connected = new WeakSet<Session>();

/** Connects, by default to the default name. Fulfils with why it cannot, where it cannot. */
export async function connectRemote(session: Session, path?: string): Promise<string | undefined> {
  const input = { request: JSON.stringify({ Connect: path === undefined ? {} : { Path: path } }) };
  const { status, outputs } = await perform({ session, name, input, options: {} });
  if (status === 0) {
    connected.add(session);
    return undefined;
  }
  const { Error: error = 'cannot be connected to' } = (parseDocument(outputs.response) ?? {}) as { Error?: string };
  return error.replace('$.Connect.Path: ', '').replace(/\.$/, '');
}

/** The connection of a session ends with the last handle, unless others have connected as well. */
export function leaveRemote(session: Session): void {
  if (!connected.delete(session)) return;
  const settle = (): void => undefined;
  session.backend.call('simulator.HcSimulatorControl', { request: '{"Leave":{}}' }, { settle });
}
