/**
 * A broker from the files that it is run with, as the callbacks that a transport takes.
 *
 * @module
 */
import { AuditFile } from './audit/audit-file.js';
import { Broker } from './broker.js';
import type { Caller, Completed, Decision, HostCall, RemoteCall } from './decision.js';
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

/** What a transport calls. */
export interface ServeCallbacks {
  connected(connection: number, caller: Caller): boolean;
  decide(call: RemoteCall): Promise<Decision>;
  completed(call: RemoteCall, completed: Completed): Readonly<Record<string, unknown>> | undefined;
  disconnected(connection: number): readonly HostCall[];
  /** What a client may read of a notification for it. */
  notification(caller: Caller, text: string): string;
  /** Reads the policy again. On an error, which is returned, the policy from before stays. */
  reload(): Error | undefined;
  close(): void;
}

/**
 * Opens the files of a broker.
 *
 * @throws Error for a file that cannot be opened; PolicyError for a policy that is not valid
 */
export function openBroker(files: BrokerFiles): ServeCallbacks {
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
    reload: () => policy.reload(),
    close: () => audit.close(),
  };
}
