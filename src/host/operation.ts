/**
 * What became of a call: a result or an error. The only place that knows what "pending" looks like, and what each way of
 * finishing means.
 *
 * @module
 */
import type { CallableName, Completion } from '../backend/backend.js';
import { Ending } from '../backend/backend.js';
import { parseResult } from '../documents/document-text.js';
import type { HcsError, Subject } from '../errors/errors.js';
import { HcsClosedError, hostError } from '../errors/errors.js';
import { notificationType } from './events.js';
import { failed } from '../errors/result-codes.js';
import type { Call } from './pending-call.js';
import { WaitingCall } from './pending-call.js';

const pending = 0xc0370103;
const unexpectedExit = 0xc0370106;
/** `HCS_E_SERVICE_DISCONNECT`. */
export const serviceDisconnect = 0x8037011e;

/** Makes a call and waits for its end, whatever it is. Rejects when it is given up or cannot be made. */
export function perform<F extends CallableName>(call: Call<F>): Promise<Completion<F>> {
  const { session, name, subject = {} } = call;
  if (session.closed) throw new HcsClosedError({ operation: name, ...subject, what: 'host' });
  session.require(name, subject);
  return new WaitingCall(call).promise;
}

/** Waits for a call and turns its failure into an error. */
export async function run<F extends CallableName>(call: Call<F>): Promise<Completion<F>> {
  const completion = await perform(call);
  const error = failureOf(call, completion);
  if (error !== undefined) throw error;
  return completion;
}

/** The error of a completion, if it is one. */
export function failureOf<F extends CallableName>(
  call: { readonly name: F; readonly subject?: Subject },
  completion: Completion<F>,
): HcsError | undefined {
  const { name: operation, subject = {} } = call;
  const { status, ending, notification, outputs } = completion;
  if (ending === Ending.closed || ending === Ending.cancelled || ending === Ending.abandoned) {
    return new HcsClosedError({ operation, ...subject, what: subject.processId === undefined ? 'system' : 'process' });
  }
  if (ending === Ending.returned || notification === undefined) {
    if (!failed(status) || status === pending) return undefined;
    const { result } = outputs as { result?: string | null };
    return hostError({ operation, ...subject, status, ...parseResult(result ?? null) });
  }
  const type = notificationType(notification.type);
  const disconnected = type === 'ServiceDisconnect';
  const ended = type === 'SystemExited' || type === 'ProcessExited';
  if (ended ? completesByExit.has(operation) : !disconnected && !failed(notification.status)) return undefined;
  const said = { operation, ...subject, ...parseResult(notification.data) };
  if (disconnected) {
    const cause = failed(notification.status)
      ? hostError({ ...said, status: notification.status, operation: type })
      : undefined;
    return hostError({ ...said, status: serviceDisconnect, cause });
  }
  return hostError({ ...said, status: failed(notification.status) ? notification.status : unexpectedExit });
}

// For these the exit is the purpose, whatever its status.
const completesByExit: ReadonlySet<string> = new Set([
  'HcsShutdownComputeSystem',
  'HcsTerminateComputeSystem',
  'HcsTerminateProcess',
]);
