/**
 * How a system ends, as the host reports it.
 *
 * @module
 */
import { parseDocument } from '../documents/document-text.js';
import { resultOf } from '../documents/result-document.js';
import type { AttributionRecord, HcsError } from '../errors/errors.js';
import { hostError } from '../errors/errors.js';
import type { Notification } from '../host/notification.js';
import { failed } from '../errors/result-codes.js';

/** How a system ended. */
export interface SystemExit {
  /** The HRESULT of the exit, unsigned; 0 when nothing went wrong. */
  readonly status: number;
  /** `GracefulExit`, `ForcedExit`, `UnexpectedExit` ..., where the host reports it. */
  readonly exitType?: string;
  /** Who or what ended it, as far as the host reports it. */
  readonly attribution: readonly AttributionRecord[];
  /** Why, when `status` is a failure. */
  readonly error?: HcsError;
  /** The host answered that the system has stopped, but never sent the notification of its exit. */
  readonly inferred?: true;
}

/** The exit that a `SystemExited` reports. */
export function toExit(notification: Notification, systemId: string): SystemExit {
  const { status, data } = notification;
  const document = parseDocument(data ?? null);
  const exitType = (document as { ExitType?: unknown } | null | undefined)?.ExitType;
  const result = resultOf(document);
  return {
    status,
    attribution: result.attribution,
    ...(typeof exitType === 'string' && { exitType }),
    ...(failed(status) && { error: hostError({ operation: 'SystemExited', systemId, status, ...result }) }),
  };
}
