/**
 * Operations: what a method of the API does, by one call or several, until it has a result or an error. The only place that
 * knows what "pending" looks like, and what each ending of a call means.
 *
 * @module
 */
import type { CallableName, Completion } from '../backend/backend.js';
import { Ending } from '../backend/backend.js';
import { parseDocument } from '../documents/document-text.js';
import { parseResult } from '../documents/result-document.js';
import type { HcsError, Subject } from '../errors/errors.js';
import { HcsClosedError, hostError } from '../errors/errors.js';
import { notificationType } from './notification.js';
import { failed } from '../errors/result-codes.js';
import type { Call } from './pending-call.js';
import { PendingCall } from './pending-call.js';
import { serviceDisconnect } from './service-disconnect.js';
import { callChannel, traceCall } from './trace.js';

const pending = 0xc0370103;
const unexpectedExit = 0xc0370106;
/** `E_FAIL`. */
const unspecified = 0x80004005;

/** Makes a call and waits for its completion, failed or not. Rejects when it times out, is cancelled or cannot be made. */
export function perform<F extends CallableName>(call: Call<F>): Promise<Completion<F>> {
  const { session, name, subject = {} } = call;
  if (session.closed) throw new HcsClosedError({ operation: name, ...subject, what: 'host' });
  session.require(name, subject);
  if (!callChannel.hasSubscribers) return new PendingCall(call).promise;
  return traceCall(
    name,
    subject,
    () => new PendingCall(call).promise,
    (completion) => failureOf(call, completion),
  );
}

/** Makes a call, and rejects with an error when it has failed. */
export async function run<F extends CallableName>(call: Call<F>): Promise<Completion<F>> {
  const completion = await perform(call);
  const error = failureOf(call, completion);
  if (error !== undefined) throw error;
  return completion;
}

/** The error of a completion that failed. */
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
    const { result, errorRecord } = outputs as { result?: string | null; errorRecord?: string | null };
    if (failed(status) && status !== pending) {
      return hostError({ operation, ...subject, status, ...parseResult(result ?? errorRecord ?? null) });
    }
    return errorRecord ? recordedFailure(operation, subject, errorRecord) : undefined;
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

// The network service has been seen to report a failure by its record alone, beside a status of success.
function recordedFailure(operation: string, subject: Subject, record: string): HcsError | undefined {
  const { Success } = (parseDocument(record) ?? {}) as { Success?: unknown };
  if (Success !== false && !failed(parseResult(record).error ?? 0)) return undefined;
  return recordError(operation, subject, record);
}

/** The error of a record that says of a call that it failed: by its code, where it has one. */
export function recordError(operation: string, subject: Subject, record: string | null): HcsError {
  const said = parseResult(record);
  const { error = 0 } = said;
  return hostError({ operation, ...subject, ...said, status: failed(error) ? error : unspecified });
}

// For these the exit is the purpose, whatever its status.
const completesByExit: ReadonlySet<string> = new Set([
  'HcsShutdownComputeSystem',
  'HcsTerminateComputeSystem',
  'HcsTerminateProcess',
]);
