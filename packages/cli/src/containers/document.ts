/**
 * The document of the system that a container becomes.
 *
 * @module
 */
import { availableParallelism, release } from 'node:os';

import type { Host, Schema1, SystemDocument } from 'hostcompute';
import { documents } from 'hostcompute/documents';

import { usageFailure } from '../failure.js';
import { hostnameOf } from './names.js';
import type { NetworkIds } from './network.js';
import type { RunPlan } from './plan.js';

/** Where the storage of the container is. */
export interface Place {
  readonly layers: readonly { readonly id: string; readonly path: string }[];
  /** Of a process-isolated container. */
  readonly scratchVolume?: string;
  readonly scratchFolder: string;
  /** Of a Hyper-V isolated one. */
  readonly utilityVm?: string;
}

/** The build of Windows, where the host is that of this machine. */
function osBuildOf({ kind }: Host): number | undefined {
  const build = kind === 'windows' ? Number(release().split('.')[2]) : NaN;
  return Number.isInteger(build) ? build : undefined;
}

/** Windows has namespaces, and the schema that names them, from this build on. */
const firstWithNamespaces = 17763;

/** Whether the document names a namespace; otherwise it names the endpoint. */
export function hasNamespace({ isolation }: Pick<RunPlan, 'isolation'>, host: Host): boolean {
  return isolation === 'process' && (osBuildOf(host) ?? Infinity) >= firstWithNamespaces;
}

export function documentOf(plan: RunPlan, place: Place, ids: NetworkIds | undefined, host: Host): SystemDocument {
  const { id, owner, isolation, memoryMiB, cpus, mounts, pipes } = plan;
  const hostname = hostnameOf(id);
  const common = {
    id,
    owner,
    layers: place.layers,
    terminateOnLastHandleClosed: true,
    ...(hostname !== undefined && { hostname }),
    ...(memoryMiB !== undefined && { memoryMiB }),
    ...(mounts.length > 0 && { mounts }),
    ...(pipes.length > 0 && { pipes }),
    ...(ids !== undefined && { network: networkOf(ids) }),
  };
  if (isolation === 'hyperv') {
    return documents.hyperVIsolated({
      ...common,
      schema: 1,
      scratchFolder: place.scratchFolder,
      image: place.utilityVm!,
      ...(cpus !== undefined && { cpu: processorsOf(cpus) }),
    }) satisfies Schema1.ContainerConfig;
  }
  const osBuild = osBuildOf(host);
  return documents.processIsolated({
    ...common,
    ...(osBuild !== undefined && { osBuild }),
    scratchVolume: place.scratchVolume!,
    ...(!hasNamespace(plan, host) && { scratchFolder: place.scratchFolder }),
    ...(cpus !== undefined && { cpu: shareOf(cpus) }),
  });
}

function networkOf({ endpoint, namespace }: NetworkIds) {
  return {
    ...(namespace === undefined ? { endpoints: [endpoint] } : { namespace }),
    allowUnqualifiedDnsQuery: true,
  };
}

// Windows counts whole processors; of a part it takes hundredths of a percent of all of them.
function shareOf(cpus: number): documents.ContainerCpu {
  return Number.isInteger(cpus) ? { count: cpus } : { limit: partOf(cpus, availableParallelism()) };
}

// A virtual machine has processors of its own, of whose time it may get a part.
function processorsOf(cpus: number): documents.ContainerCpu {
  const count = Math.ceil(cpus);
  return Number.isInteger(cpus) ? { count } : { count, limit: partOf(cpus, count) };
}

function partOf(cpus: number, all: number): number {
  return Math.min(Math.max(Math.round((cpus / all) * 10_000), 1), 10_000);
}

/** A document of the user's own, with the owner by which `reap` finds its system. */
export function ownDocument(text: string, owner: string, file: string): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw usageFailure(`${file} is no JSON: ${(error as Error).message}`, 'Write the document of one system.');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw usageFailure(`${file} is no document of a system`, 'It must be one object of JSON.');
  }
  return { Owner: owner, ...parsed };
}
