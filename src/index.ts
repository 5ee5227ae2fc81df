/**
 * The Windows Host Compute System for Node programs.
 *
 * @packageDocumentation
 */
export type { KoffiLimit } from './backend/koffi/limits.js';
export { koffiLimits } from './backend/koffi/limits.js';
export type { BackendName } from './backend/load.js';
export { quoteCommandLine } from './command-line.js';
export type { SystemEvents } from './compute-system.js';
export { ComputeSystem } from './compute-system.js';
export type { HcsDocument } from './documents.js';
export type { HostFacts, KnownFacts } from './documents/facts.js';
export type { ValidationOptions } from './documents/judge.js';
export { HcsValidationError } from './documents/judge.js';
export type { Issue } from './documents/issue.js';
export type { RuleName } from './documents/rules.js';
export { supports } from './documents/supports.js';
export type { ValidateOptions } from './documents/validate.js';
export { validateDocument } from './documents/validate.js';
export * as documents from './documents/namespace.js';
export type { EventMap } from './entity.js';
export { Entity } from './entity.js';
export type {
  AttributionRecord,
  Closable,
  ErrorEvent,
  HcsErrorDetails,
  LastNotification,
  Subject,
  UnfinishedDetails,
} from './errors.js';
export {
  HcsAbortError,
  HcsArgumentError,
  HcsClosedError,
  HcsDocumentError,
  HcsError,
  HcsLibraryError,
  HcsStreamError,
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
export type { ProcessEvents } from './process.js';
export { Process } from './process.js';
export type { ProcessExit, ProcessStatus } from './process-exit.js';
export type { ConsoleSize, ProcessCommand, ProcessParameters, ProcessStdio } from './process-parameters.js';
export type { ProcessSignal } from './process-signals.js';
export type { ExportLayerOptions, LayerExport, LayerExportResult } from './layers/export-layer.js';
export type { LayerFormat, LayerLoss, LossKind } from './layers/export-layer.js';
export { exportLayer } from './layers/export-layer.js';
export type { Compression, ImportedLayer, ImportLayerOptions, ImportProgress } from './layers/import-layer.js';
export type { LayerLimits, LayerVerification, ReadProgress } from './layers/import-layer.js';
export { importLayer } from './layers/import-layer.js';
export type { LayerCalls } from './layers/layer-calls.js';
export type { LayerErrorDetails } from './layers/layer-error.js';
export { LayerError } from './layers/layer-error.js';
export type { BaseImage, LayerEvents, LayerRetries, LayerStoreOptions } from './layers/layer-store.js';
export { grantVmAccess, LayerStore, nameToGuid } from './layers/layer-store.js';
export type { MountedLayer, ParentLayer } from './layers/mounted-layer.js';
export type { LayerWait } from './layers/storage-call.js';
export type { Ledger, LedgerEntry, LedgerLayer } from './ledger.js';
export type { Difference, RecordedCall, ReplayCall } from './recorder/errors.js';
export { HcsRecordingError, HcsReplayError } from './recorder/errors.js';
export type { ReapedSystem, ReapOptions } from './reap.js';
export { reap } from './reap.js';
export type { Replay, ReplayChoice } from './recorder/replay.js';
export type { ResultClass, ResultCode, StatusDescription } from './result-codes.js';
export { describeStatus, resultCodes } from './result-codes.js';
export type { SystemExit } from './system-exit.js';
export type {
  AnyProperties,
  BasicProperties,
  CreateOptions,
  LifecycleOptions,
  ModifyOptions,
  ProcessListEntry,
  PropertyMembers,
  StopOptions,
  StopOutcome,
  SystemProperties,
  SystemPropertyType,
  SystemQuery,
} from './system-options.js';
export type { OperationOptions } from './limits.js';
export type {
  ContainerDocument,
  GuestOnlyRequest,
  GuestRequest,
  HostedDocument,
  ModifyRequest,
  ResourceRequest,
  SystemDocument,
  SystemDocument2,
  VirtualMachineDocument,
} from '../types/documents.js';
export type {
  FixedResources,
  GuestResources,
  KeyedResourcePath,
  ResourcePath,
  ResourceSettings,
  ServiceAnswers,
} from '../types/requests.js';
export type * as Schema1 from '../types/schema1/index.js';
export type * as Schema2 from '../types/schema2/index.js';
