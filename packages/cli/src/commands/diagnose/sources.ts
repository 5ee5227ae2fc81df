/**
 * Where the parts of a diagnosis come from.
 *
 * @module
 */
import { arch, platform, release } from 'node:os';

import type { Host } from 'hostcompute';
import { ComputeSystem } from 'hostcompute';
import type { DoctorRecording } from 'hostcompute/doctor';
import { doctor, goals, recordMachine, replay } from 'hostcompute/doctor';

import { ContainerFolders } from '../../containers/container-folders.js';
import { packageVersion } from '../../package-version.js';
import { eventLogs } from './event-logs.js';
import type { Source } from './parts.js';
import { settled } from './parts.js';

const mostSystems = 100;
const recordMs = 15_000;
/** A question that nobody answers must not cost the recording: it ends with what is known. */
const questionsMs = 5000;
const systemMs = 2000;

/**
 * @param host - undefined: it could not be opened, and `failure` says why
 * @param root - of images and containers
 */
export function sourcesOf(host: Host | undefined, failure: string | undefined, root: string): Source[] {
  const opened = (): Host => {
    if (host === undefined) throw new Error(`No host could be opened: ${failure ?? 'no reason is known'}`);
    return host;
  };
  // Asked once: the report is that of the recording.
  let recording: Promise<DoctorRecording> | undefined;
  const record = (signal: AbortSignal): Promise<DoctorRecording> =>
    (recording ??= recordMachine({ root, signal, timeoutMs: questionsMs, ...(host !== undefined && { host }) }));
  return [
    { name: 'versions.json', collect: () => Promise.resolve(versions(host, failure)) },
    { name: 'machine.json', collect: record, patienceMs: recordMs, isRedacted: true },
    {
      name: 'doctor.json',
      collect: async (signal) => doctor({ goals, answers: replay(await record(signal)), signal }),
      patienceMs: recordMs,
      isRedacted: true,
    },
    { name: 'systems.json', collect: async (signal) => systems(opened(), signal) },
    { name: 'networks.json', collect: async (signal) => networks(opened(), signal) },
    // eslint-disable-next-line @typescript-eslint/require-await -- what is thrown has to reject
    { name: 'ledger.json', collect: async () => opened().ledger() },
    { name: 'containers.json', collect: async () => new ContainerFolders(root).list() },
    ...eventLogs(),
  ];
}

function versions(host: Host | undefined, failure: string | undefined): object {
  const { kind = null, api = null, backend = null } = host ?? {};
  return {
    made: new Date().toISOString(),
    hostcompute: packageVersion(),
    node: process.versions,
    system: { platform: platform(), release: release(), arch: arch() },
    host: { kind, api, backend, failure: failure ?? null },
  };
}

/** Of all owners. One that goes meanwhile, or may not be opened, has its entry in the list. */
async function systems(host: Host, signal: AbortSignal): Promise<object> {
  const limits = { host, signal };
  const all = await ComputeSystem.list({}, limits);
  const shown = await Promise.all(
    all.slice(0, mostSystems).map(async (entry) => ({ entry, ...(await look(entry.Id ?? '')) })),
  );
  return { count: all.length, systems: shown };

  async function look(id: string): Promise<object> {
    const limit = AbortSignal.any([signal, AbortSignal.timeout(systemMs)]);
    const read = async (): Promise<object> => {
      await using system = await ComputeSystem.open(id, { host, signal: limit });
      return { properties: await system.properties(['ProcessList', 'Statistics'], { signal: limit }) };
    };
    try {
      // A handle whose call hangs is closed when it comes back.
      return await settled(read(), limit);
    } catch (error) {
      return notRead(error, signal);
    }
  }
}

/** In place of what could not be read, unless nobody waits for it. */
function notRead(error: unknown, signal: AbortSignal): object {
  signal.throwIfAborted();
  return { notRead: error instanceof Error ? error.message : String(error) };
}

async function networks(host: Host, signal: AbortSignal): Promise<object> {
  const { Endpoint, Namespace, Network } = await import('hostcompute/network');
  const limits = { host, signal };
  const read = async (list: Promise<readonly object[]>): Promise<unknown> => {
    try {
      return await list;
    } catch (error) {
      return notRead(error, signal);
    }
  };
  const [found, endpoints, namespaces] = await Promise.all([
    read(Network.list({}, limits)),
    read(Endpoint.list({}, limits)),
    read(Namespace.list({}, limits)),
  ]);
  return { networks: found, endpoints, namespaces };
}
