/**
 * The Windows Host Compute System for Node programs.
 *
 * @packageDocumentation
 */
export type { FunctionKey, HostLibraries } from './backend/backend.js';
export type { KoffiLimit } from './backend/koffi/koffi-limits.js';
export { koffiLimits } from './backend/koffi/koffi-limits.js';
export type { ApiChoice, BackendName } from './backend/load.js';
export { quoteCommandLine } from './documents/command-line.js';
export type { SystemEvents } from './system/compute-system.js';
export { ComputeSystem } from './system/compute-system.js';
export type { HcsDocument } from './documents/document-text.js';
export type { Issue } from './documents/issue.js';
export type { RuleName } from './documents/rules.js';
export type { ValidationOptions } from './documents/validation-error.js';
export { HcsValidationError } from './documents/validation-error.js';
export type { EventMap } from './host/context-emitter.js';
export { ContextEmitter } from './host/context-emitter.js';
export { Entity } from './host/entity.js';
export type { EntityState } from './host/inspection.js';
export type { NotificationsOptions } from './host/notification-iterator.js';
export type { CallMessage, NotificationMessage } from './host/trace.js';
export type {
  AttributionRecord,
  Closable,
  ErrorEvent,
  HcsErrorDetails,
  HcsErrorFields,
  LastNotification,
  NetworkObject,
  NetworkObjectKind,
  Requirement,
  Subject,
  UnfinishedDetails,
} from './errors/errors.js';
export {
  HcsAbortError,
  HcsArgumentError,
  HcsClosedError,
  HcsDocumentError,
  HcsError,
  HcsLibraryError,
  HcsMaxBufferError,
  HcsStreamError,
  HcsSymbolError,
  HcsTimeoutError,
  isAccessDenied,
  isAlreadyExists,
  isAlreadyStopped,
  isHcsError,
  isInvalidState,
  isNotFound,
  isNotSupported,
  isServiceGone,
  isTimeout,
} from './errors/errors.js';
export type { Migration, MigrationEvent, MigrationSend, MigrationStart } from './system/migration.js';
export type { OperationResource } from './system/operation-resources.js';
export type { CrashReport, Notification, NotificationType } from './host/notification.js';
export type { HostFunction, ServiceProperties } from './host/host.js';
export { defaultHost, Host } from './host/host.js';
export type { BrokerChoice, HostChoice, HostKind, HostSettings } from './host/host-choice.js';
export type { HostOptions } from './host/open-handle.js';
export type { ProcessEvents, ProcessWith } from './process/process.js';
export { Process } from './process/process.js';
export type { ParentSystem } from './process/process-parent.js';
export { ProcessRunner } from './process/process-runner.js';
export type { ProcessExit, ProcessStatus } from './process/process-exit.js';
export type {
  ExecCommand,
  ExecEncoding,
  ExecOnlyOptions,
  ExecOptions,
  ExecOutput,
  ExecResult,
} from './process/exec.js';
export type {
  CommandOrFile,
  ConsoleSize,
  ProcessCommand,
  ProcessOptions,
  ProcessParameters,
  ProcessStdio,
  ProcessStdioOption,
  ProcessTtyOption,
} from './process/process-command.js';
export type { ProcessSignal } from './process/process-signals.js';
export type { ExportLayerOptions, LayerExport, LayerExportResult } from './layers/export-layer.js';
export type { LayerFormat, LayerLoss, LossKind } from './layers/export-layer.js';
export { exportLayer } from './layers/export-layer.js';
export type { Compression, ImportedLayer, ImportLayerOptions, ImportProgress } from './layers/import-layer.js';
export type { LayerLimits, LayerVerification, ReadProgress } from './layers/import-layer.js';
export { importLayer } from './layers/import-layer.js';
export type { LayerCalls } from './layers/layer-calls.js';
export type { LayerErrorDetails } from './layers/layer-error.js';
export { LayerError } from './layers/layer-error.js';
export { grantVmAccess } from './layers/grant-vm-access.js';
export {
  createEmptyGuestStateFile,
  createEmptyRuntimeStateFile,
  grantVmGroupAccess,
  processorCompatibility,
  revokeVmAccess,
  revokeVmGroupAccess,
  submitWerReport,
} from './layers/vm-files.js';
export type { BaseImage, LayerEvents } from './layers/layer-store.js';
export { LayerStore } from './layers/layer-store.js';
export type { LayerRetries, LayerStoreOptions } from './layers/layer-store-options.js';
export { nameToGuid } from './layers/name-to-guid.js';
export type { MountedLayer, ParentLayer } from './layers/mounted-layer.js';
export type { LayerWait } from './layers/storage-call.js';
export type { Ledger, LedgerEntry, LedgerLayer } from './host/ledger.js';
export type { Difference, RecordedCall, ReplayCall } from './recorder/errors.js';
export { HcsRecordingError, HcsReplayError } from './recorder/errors.js';
export type { ReapedKind, ReapedObject } from './reap/reap-networks.js';
export type { ReapedSystem } from './reap/reap-systems.js';
export type { Reaped, ReapOptions } from './reap/reap.js';
export { reap } from './reap/reap.js';
export { systemGuid } from './guid.js';
export type { Replay, ReplayChoice } from './recorder/replay.js';
export type { ResultClass, ResultCode, StatusDescription } from './errors/result-codes.js';
export { describeStatus, resultCodes } from './errors/result-codes.js';
export type { SystemExit } from './system/system-exit.js';
export type {
  AnyProperties,
  BasicProperties,
  CreateOptions,
  SaveOptions,
  LifecycleOptions,
  ModifyOptions,
  ProcessListEntry,
  PropertyMembers,
  StopOptions,
  StopOutcome,
  SystemHostOptions,
  SystemProperties,
  SystemPropertyType,
  SystemQuery,
} from './system/system-options.js';
export type { OperationOptions } from './host/operation-options.js';
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
