/**
 * The broker: an elevated program that serves unelevated ones a policed subset of the Host Compute System.
 *
 * @packageDocumentation
 */
export type { AuditEvent, AuditLog, Verdict } from './audit/audit-line.js';
export { AuditFile } from './audit/audit-file.js';
export type { AuditFileOptions } from './audit/audit-file.js';
export type { BrokerOptions } from './broker.js';
export { Broker } from './broker.js';
export type { Caller, Completed, Decision, HostCall, RemoteCall } from './decision.js';
export type { FolderUse, Wanted } from './documents/shapes.js';
export { LayerOwners } from './ledger/layer-owners.js';
export type { Held, HeldFolders, HeldRequest } from './paths/held-folders.js';
export { HeldError, RefusingFolders } from './paths/held-folders.js';
export type { PathForm } from './paths/lexical.js';
export { LinuxFolders } from './paths/linux-folders.js';
export { systemFolders } from './paths/system-folders.js';
export type { BrokerFiles, OpenBroker } from './open-broker.js';
export { openBroker } from './open-broker.js';
export { PolicyError } from './policy/fields.js';
export type { CallClass, Policy, PolicyFolder, PolicyLimits, PolicyRule } from './policy/policy.js';
export type { FileGuard, PolicyFileOptions } from './policy/policy-file.js';
export { PolicyFile, unixGuard } from './policy/policy-file.js';
export { readPolicy } from './policy/read-policy.js';
export type { ServeBrokerOptions, ServedBroker } from './serve-broker.js';
export { serveBroker } from './serve-broker.js';
