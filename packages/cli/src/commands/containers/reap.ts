/**
 * `reap`: ends and removes what commands that were killed have left behind.
 *
 * @module
 */
import type { Reaped } from 'hostcompute';
import { reap as findLeft } from 'hostcompute';

import type { Action } from '../../command-line/declare.js';
import type { KnownContainer } from '../../containers/container-folders.js';
import { ContainerFolders } from '../../containers/container-folders.js';
import { endLeftSystem, removeContainer } from '../../containers/remove-container.js';
import { exitCodes } from '../../exit-codes.js';
import { messageOf } from '../../failure.js';
import type { Context } from '../../host/context.js';
import { openContext } from '../../host/context.js';
import { waitForMonitor } from '../../monitor/client.js';
import { Output } from '../../output/output.js';

interface ReapOptions {
  readonly dryRun?: boolean;
  /** Also what still runs. */
  readonly all?: boolean;
}

interface Found {
  readonly kind: 'container' | Reaped['kind'] | 'network';
  readonly id: string;
  readonly remove: () => Promise<unknown>;
}

const stepMs = 60_000;

export const reap: Action<ReapOptions> = async ({ options, globals }) => {
  const { dryRun = false, all = false } = options;
  await using context = await openContext(globals, { lasting: false });
  const output = new Output(globals);
  let exitCode: number = exitCodes.done;
  const print = (kind: string, id: string, outcome: string, error: string | null): void =>
    output.one({ kind: 'reaped', what: kind, id, outcome, error }, [
      `${kind} ${id}: ${outcome}${error === null ? '' : `, ${error}`}`,
    ]);
  const each = async ({ kind, id, remove }: Found): Promise<void> => {
    context.signal.throwIfAborted();
    if (dryRun) {
      print(kind, id, 'found', null);
      return;
    }
    try {
      const isRemoved = await remove();
      if (isRemoved !== false) print(kind, id, 'removed', null);
    } catch (error) {
      exitCode = exitCodes.failed;
      print(kind, id, 'left', messageOf(error));
    }
  };
  for (const found of await leftContainers(context, all)) await each(found);
  for (const found of await leftObjects(context, all)) await each(found);
  for (const found of await leftNetworks(context)) await each(found);
  return exitCode;
};

/** Those whose process was killed; with `all` those that run, too. */
async function leftContainers({ root, owner, host, signal }: Context, all: boolean): Promise<Found[]> {
  const folders = new ContainerFolders(root);
  const known = (await folders.list()).filter(({ record }) => record === undefined || record.owner === owner);
  const wanted = known.filter(({ state }) => state === 'left' || (all && state === 'running'));
  return wanted.map((container) => ({
    kind: 'container',
    id: container.id,
    async remove() {
      const { id, record, state } = container;
      if (state === 'running') {
        await endLeftSystem(id, host, { timeoutMs: stepMs });
        if (record !== undefined) await waitForMonitor(root, record, signal);
      }
      const left = await removeContainer(folders, container, host);
      // Somebody has it meanwhile, or again.
      if (left === undefined) return false;
      if (left.length > 0) throw new Error(left.map(({ what, error }) => `${what}: ${messageOf(error)}`).join(' '));
      return true;
    },
  }));
}

/** What the owner has on the host, and no container that runs. */
async function leftObjects({ root, owner, host, limits }: Context, all: boolean): Promise<Found[]> {
  const found = await findLeft({ owner, dryRun: true, ...limits });
  // Looked for after that: who made what was found has written down its ids before.
  const running = all ? [] : (await new ContainerFolders(root).list()).filter(({ state }) => state === 'running');
  const inUse = new Set(running.flatMap(idsOf));
  return found
    .filter(({ id }) => !inUse.has(id.toLowerCase()))
    .map(({ kind, id }) => ({ kind, id, remove: async () => removeObject(kind, id, host) }));
}

function idsOf({ id, record }: KnownContainer): string[] {
  const ids = [id, `${id}@vm`, record?.endpoint, record?.namespace];
  return ids.flatMap((each) => (each === undefined ? [] : [each.toLowerCase()]));
}

async function removeObject(kind: Reaped['kind'], id: string, host: Context['host']): Promise<unknown> {
  const limits = { timeoutMs: stepMs };
  if (kind === 'system') return endLeftSystem(id, host, limits);
  const network = await import('hostcompute/network');
  const { deleteLeftNamespace } = await import('../../containers/network.js');
  const options = { ...limits, host };
  if (kind === 'namespace') return deleteLeftNamespace(id, options);
  if (kind === 'endpoint') return (await network.Endpoint.open(id, options)).delete(limits);
  if (kind === 'load balancer') return (await network.LoadBalancer.open(id, options)).delete(limits);
  if (kind === 'route') return (await network.Route.open(id, options)).delete(limits);
  throw new Error('the network service cannot be asked');
}

/** Networks that `run` has made, and in which nobody is. */
async function leftNetworks({ owner, host, limits }: Context): Promise<Found[]> {
  if (host.kind === 'brokered' || !host.functions['computenetwork.HcnEnumerateNetworks']) return [];
  const { Endpoint, Network } = await import('hostcompute/network');
  const networks = (await Network.list({}, limits)).filter((each) => each.Owner?.toLowerCase() === owner.toLowerCase());
  if (networks.length === 0) return [];
  const used = new Set(
    (await Endpoint.list({}, limits)).map(({ HostComputeNetwork }) => HostComputeNetwork?.toLowerCase()),
  );
  return networks
    .filter(({ ID }) => !used.has(ID.toLowerCase()))
    .map(({ ID }) => ({
      kind: 'network',
      id: ID,
      remove: async () => (await Network.open(ID, { host, timeoutMs: stepMs })).delete({ timeoutMs: stepMs }),
    }));
}
