/**
 * A host for other processes: served under a policy, as a broker does. Clients open it by `Host.open({ broker: name })`.
 *
 * @packageDocumentation
 */
export type { HeldPath, HeldPathReason, HoldPathOptions } from './remote/held-path.js';
export { HeldPathError, holdPath } from './remote/held-path.js';
