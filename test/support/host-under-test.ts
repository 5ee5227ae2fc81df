// The host that `HOSTCOMPUTE_TEST_HOST` names, for suites that any host has to pass: `simulated`, or `windows`, where
// `HOSTCOMPUTE_TEST_LAYERS` has the folders of the layers to run on, the topmost first and the base last.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Host, SystemDocument } from 'hostcompute';
import { LayerStore } from 'hostcompute';
import { record } from 'hostcompute/recorder';
import { Simulator } from 'hostcompute/simulator';

import { containerDocument } from './documents.js';

export const hostName = process.env.HOSTCOMPUTE_TEST_HOST ?? 'simulated';

/** What hosts cannot do, and why. A suite that needs one of these is left out where it is named. */
const lacking: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  simulated: {},
  windows: {
    control: 'no host but the simulated one has faults, a clock and a state to look at',
    pause: 'only what has a virtual machine is paused, and these are process-isolated containers',
  },
};

export function can(capability: 'control' | 'pause'): boolean {
  const lacks = lacking[hostName];
  if (lacks === undefined)
    throw new Error(`HOSTCOMPUTE_TEST_HOST is "${hostName}": there are ${Object.keys(lacking).join(', ')}`);
  return lacks[capability] === undefined;
}

export interface HostUnderTest {
  readonly host: Host;
  /** A document of a container that this host starts. */
  document(): SystemDocument;
  close(): Promise<void>;
}

export async function openHostUnderTest(): Promise<HostUnderTest> {
  if (hostName === 'windows') return openWindows();
  const simulator = await Simulator.open();
  await simulator.reset();
  return { host: simulator.host, document: containerDocument, close: () => simulator.close() };
}

// What passes between this program and the host is kept for whoever looks into a failure.
async function openWindows(): Promise<HostUnderTest> {
  const layers = (process.env.HOSTCOMPUTE_TEST_LAYERS ?? '').split(delimiter).filter((each) => each !== '');
  if (layers.length === 0) throw new Error('HOSTCOMPUTE_TEST_LAYERS names no layers');
  const recordings = fileURLToPath(new URL('../../windows', import.meta.url));
  mkdirSync(recordings, { recursive: true });
  const host = await record(join(recordings, `any-host-${process.pid}.jsonl`), { host: 'windows' });
  const folder = mkdtempSync(join(tmpdir(), 'hostcompute-'));
  const store = await LayerStore.open(folder, { host });
  await store.createScratch('scratch', layers);
  const mounted = await store.mount('scratch', layers);
  return {
    host,
    document: () => ({ ...containerDocument(), Container: { Storage: mounted.storage } }),
    async close() {
      await mounted.close();
      await store.destroy('scratch');
      await host.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
