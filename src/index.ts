/**
 * The Windows Host Compute System for Node programs.
 *
 * @packageDocumentation
 */
export { ComputeSystem } from './compute-system.js';
export type { HcsDocument } from './documents.js';
export type { AttributionRecord, ErrorEvent, HcsErrorDetails, LastNotification, UnfinishedDetails } from './errors.js';
export {
  HcsAbortError,
  HcsArgumentError,
  HcsClosedError,
  HcsDocumentError,
  HcsError,
  HcsLibraryError,
  HcsSymbolError,
  HcsTimeoutError,
  isAccessDenied,
  isAlreadyExists,
  isAlreadyStopped,
  isInvalidState,
  isNotFound,
  isNotSupported,
  isServiceGone,
  isTimeout,
} from './errors.js';
export type { CrashReport, Notification, NotificationType } from './events.js';
export type { HostChoice, HostFunction, HostKind, HostSettings, ServiceProperties } from './host.js';
export { defaultHost, Host } from './host.js';
export type { HostOptions } from './opening.js';
export type { ResultClass, ResultCode, StatusDescription } from './result-codes.js';
export { describeStatus, resultCodes } from './result-codes.js';
export type { SystemEvents } from './system-events.js';
export type { SystemExit } from './system-exit.js';
export type { LifecycleOptions, StopOptions, StopOutcome, SystemProperties, SystemQuery } from './system-options.js';
export type { OperationOptions } from './waiting.js';
