/**
 * A broker from the files that it is run with, as the policy that a server asks.
 *
 * @module
 */
import type { HostPolicy } from 'hostcompute/remote';

import { AuditFile } from './audit/audit-file.js';
import { Broker } from './broker.js';
import type { Decision, HostCall, RemoteCall } from './decision.js';
import { LayerOwners } from './ledger/layer-owners.js';
import type { HeldFolders } from './paths/held-folders.js';
import { systemFolders } from './paths/system-folders.js';
import type { FileGuard } from './policy/policy-file.js';
import { PolicyFile } from './policy/policy-file.js';

/** The files of a broker, and what of the system it needs. */
export interface BrokerFiles {
  /** The policy (docs/broker.md). */
  readonly policy: string;
  /** Where the audit is written, in a folder that only the broker can write. */
  readonly audit: string;
  /** Where the owners of layers are written, in such a folder. */
  readonly layers: string;
  /** What looks at who could have written the policy; default what this system says of it. */
  readonly guard?: FileGuard;
  /** What holds folders; default what this system has. */
  readonly folders?: HeldFolders;
  /** Makes calls at the host that undo what was done for a client that had gone. */
  undo?(calls: readonly HostCall[]): void;
}

/** An open broker: the policy that a server asks. */
export interface OpenBroker extends HostPolicy {
  decide(call: RemoteCall): Promise<Decision>;
  /** Everybody whom a rule names. */
  users(): readonly string[];
  /** Reads the policy again. On an error, which is returned, the policy from before stays. */
  reload(): Error | undefined;
  close(): void;
}

/**
 * Opens the files of a broker.
 *
 * @throws Error for a file that cannot be opened; PolicyError for a policy that is not valid
 */
export function openBroker(files: BrokerFiles): OpenBroker {
  const folders = files.folders ?? systemFolders();
  const { form } = folders;
  const policy = new PolicyFile(files.policy, { form, ...(files.guard && { guard: files.guard }) });
  const audit = new AuditFile(files.audit);
  const broker = new Broker({
    policy: () => policy.current,
    folders,
    audit,
    layers: new LayerOwners(form, files.layers),
    undo: (calls) => files.undo?.(calls),
  });
  return {
    connected: (connection, caller) => broker.connected(connection, caller),
    decide: (call) => broker.decide(call),
    completed: (call, completed) => broker.completed(call, completed),
    disconnected: (connection) => broker.disconnected(connection),
    notification: (caller, text) => broker.notification(caller, text),
    users: () => [...new Set(policy.current.rules.flatMap(({ users, groups }) => [...users, ...groups]))],
    reload: () => policy.reload(),
    close: () => audit.close(),
  };
}
