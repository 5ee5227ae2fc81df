/**
 * Notifications: their names, and what they look like to listeners.
 *
 * @module
 */
import type * as Schema2 from '../../types/schema2/index.js';
import type { RawNotification } from '../backend/backend.js';
import { parseDocument } from '../documents/document-text.js';

/** `HCS_NOTIFICATIONS`, by their numbers. */
const names = {
  0x00000001: 'SystemExited',
  0x00000002: 'SystemCreateCompleted',
  0x00000003: 'SystemStartCompleted',
  0x00000004: 'SystemPauseCompleted',
  0x00000005: 'SystemResumeCompleted',
  0x00000006: 'SystemCrashReport',
  0x00000007: 'SystemSiloJobCreated',
  0x00000008: 'SystemSaveCompleted',
  0x00000009: 'SystemRdpEnhancedModeStateChanged',
  0x0000000a: 'SystemShutdownFailed',
  0x0000000b: 'SystemGetPropertiesCompleted',
  0x0000000c: 'SystemModifyCompleted',
  0x0000000d: 'SystemCrashInitiated',
  0x0000000e: 'SystemGuestConnectionClosed',
  0x0000000f: 'SystemOperationCompletion',
  0x00000010: 'SystemPassThru',
  0x00010000: 'ProcessExited',
  0x01000000: 'ServiceDisconnect',
} as const;

/** Events of computecore.dll alone. */
const groups = ['GroupVmLifecycle', 'GroupLiveMigration', 'GroupOperationInfo'] as const;

/** The name of a notification. Hosts are newer than this list: what it lacks is `Unknown`, with its number. */
export type NotificationType = (typeof names)[keyof typeof names] | (typeof groups)[number] | 'Overflow' | 'Unknown';

/** A notification of anything, as its listeners get it. */
export interface AnyNotification {
  readonly type: string;
  /** The host's own number, flags included; for `Overflow`, how many notifications were lost here. */
  readonly number: number;
  /** An HRESULT, unsigned; negative outcomes have the top bit set. */
  readonly status: number;
  /** The text that came with it, if any. */
  readonly data?: string;
}

/** A notification of a system or process. */
export interface Notification extends AnyNotification {
  readonly type: NotificationType;
}

// The top four bits of a notification number are flags.
const flags = 0xf0000000;

const types: ReadonlySet<unknown> = new Set([...Object.values(names), ...groups, 'Overflow', 'Unknown']);

/** Whether this is the name of a notification. */
export function isNotificationType(type: unknown): type is NotificationType {
  return types.has(type);
}

/** The name of a notification with this number, flags included. */
export function notificationType(number: number): NotificationType {
  return (names as Record<number, NotificationType>)[(number & ~flags) >>> 0] ?? 'Unknown';
}

/** A notification of the backend, as listeners get it. `name` is that of its number. */
export function toNotification({ type, status, data }: RawNotification, name: string): AnyNotification {
  return data === null ? { type: name, number: type, status } : { type: name, number: type, status, data };
}

/** Whether no notification follows this one. */
export function isTerminal(type: NotificationType): boolean {
  return type === 'SystemExited' || type === 'ProcessExited' || type === 'ServiceDisconnect';
}

/** A `CrashReport` in HCS's own spelling, as far as the host sent one. */
export interface CrashReport {
  readonly notification: Notification;
  /** The parsed data; empty when there was none or it was no JSON. */
  readonly report: Readonly<Schema2.CrashReport>;
}

/** The report of a notification, which may be empty. */
export function toCrashReport(notification: Notification): CrashReport {
  const parsed = parseDocument(notification.data ?? null);
  const report = typeof parsed === 'object' && parsed !== null ? (parsed as Schema2.CrashReport) : {};
  return { notification, report };
}
