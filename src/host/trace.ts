/**
 * Tracing by `node:diagnostics_channel`: what is published of calls and notifications. Nothing is made for it while a
 * channel has no subscriber.
 *
 * @module
 */
import { channel } from 'node:diagnostics_channel';

import type { Subject } from '../errors/errors.js';
import { HcsError } from '../errors/errors.js';
import { describeStatus } from '../errors/result-codes.js';
import type { AnyNotification } from './notification.js';

/**
 * A message of the channel `hostcompute:call`. It is published when the call starts, in the async context of the caller,
 * and again, the same object, when nobody waits for it any longer: then with duration and code.
 */
export interface CallMessage extends Subject {
  /** The function of the host, such as `HcsStartComputeSystem`. */
  readonly operation: string;
  /** Milliseconds from the start to the end; undefined in the message of the start. */
  durationMs?: number;
  /** `S_OK`, or the code of the error that the call rejects with; undefined in the message of the start. */
  code?: string;
}

/** A message of the channel `hostcompute:notification`, published before any listener is called. */
export interface NotificationMessage extends Subject {
  /** Of a system or process a `NotificationType`; of networks a `NetworkEventType`. */
  readonly type: string;
  readonly number: number;
  /** The name of the notification's status. */
  readonly code: string;
}

const success = 'S_OK';

/** Has {@link CallMessage}s. */
export const callChannel = channel('hostcompute:call');

/** Has {@link NotificationMessage}s. */
export const notificationChannel = channel('hostcompute:notification');

/** Waits for a call and publishes its start and its end; only for when the channel has subscribers. */
export async function traceCall<T>(
  operation: string,
  subject: Subject,
  call: () => Promise<T>,
  failureOf: (outcome: T) => HcsError | undefined,
): Promise<T> {
  const message: CallMessage = { operation, ...subject };
  const started = performance.now();
  callChannel.publish(message);
  try {
    const outcome = await call();
    message.code = failureOf(outcome)?.code ?? success;
    return outcome;
  } catch (error) {
    message.code = error instanceof HcsError ? error.code : 'ERR_HC_ARGUMENT';
    throw error;
  } finally {
    message.durationMs = performance.now() - started;
    callChannel.publish(message);
  }
}

/** Publishes a notification; only for when the channel has subscribers. */
export function traceNotification({ type, number, status }: AnyNotification, subject: Subject): void {
  const code = status === 0 ? success : describeStatus(status).code;
  const message: NotificationMessage = { type, number, code, ...subject };
  notificationChannel.publish(message);
}
