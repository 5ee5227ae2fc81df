/**
 * A broker in front of a host.
 *
 * @module
 */
import type { HostServer, ServeOptions } from 'hostcompute/remote';
import { serveHost } from 'hostcompute/remote';

import type { BrokerFiles, OpenBroker } from './open-broker.js';
import { openBroker } from './open-broker.js';

/** How to serve a host through a broker. */
export interface ServeBrokerOptions
  extends Omit<BrokerFiles, 'undo'>, Pick<ServeOptions, 'name' | 'host' | 'maxWorkers'> {}

/** A broker that serves. */
export interface ServedBroker {
  readonly server: HostServer;
  /**
   * Reads the policy again. On an error, which is returned, the policy from before stays. Who may open the socket or pipe at all is
   * decided when the broker starts: a user or group that no rule named then cannot connect before it is started again.
   */
  reload(): Error | undefined;
  /** Disconnects all clients, and closes and undoes what they have. close() is idempotent. */
  close(): Promise<void>;
}

/**
 * Serves a host to the users whom a policy names.
 *
 * @throws Error for a file that cannot be opened; PolicyError for a policy that is not valid; HcsError when the name cannot be served at
 *
 * @example
 * const broker = await serveBroker({ name, policy: 'policy.json', audit: 'audit.jsonl', layers: 'layers.jsonl' });
 */
export async function serveBroker({ name, host, maxWorkers, ...files }: ServeBrokerOptions): Promise<ServedBroker> {
  let server: HostServer | undefined;
  const undo: BrokerFiles['undo'] = (calls) => {
    void server?.perform(calls);
  };
  const policy: OpenBroker = openBroker({ ...files, undo });
  try {
    const options = { ...(host !== undefined && { host }), ...(maxWorkers !== undefined && { maxWorkers }) };
    server = await serveHost({ name, users: policy.users(), policy, ...options });
  } catch (error) {
    policy.close();
    throw error;
  }
  const serving = server;
  return {
    server,
    reload: () => policy.reload(),
    close: async () => {
      await serving.close();
      policy.close();
    },
  };
}
