/**
 * The end of everything that is open in a host when its service goes away.
 *
 * @module
 */
import type { HcsError, Subject } from '../errors/errors.js';
import { hostError } from '../errors/errors.js';

/** `HCS_E_SERVICE_DISCONNECT`. */
export const serviceDisconnect = 0x8037011e;

/** What a system or process rejects with, of which nothing is known any more. */
export function serviceDisconnectError(subject: Subject): HcsError {
  return hostError({ operation: 'ServiceDisconnect', ...subject, status: serviceDisconnect });
}
