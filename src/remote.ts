/**
 * A host for other processes: served under a policy, as a broker does. Clients open it by `Host.open({ broker: name })`.
 *
 * @packageDocumentation
 */
export type { AccessEntry, FileProtection } from './remote/file-protection.js';
export { fileProtection } from './remote/file-protection.js';
export type { HeldPath, HeldPathReason, HoldPathOptions } from './remote/held-path.js';
export { HeldPathError, holdPath } from './remote/held-path.js';
export type { ServeOptions, ServerState } from './remote/host-server.js';
export { HostServer, serveHost } from './remote/host-server.js';
export type { Caller, Completed, Decision, HostCall, HostPolicy, RemoteCall } from './remote/policy.js';
