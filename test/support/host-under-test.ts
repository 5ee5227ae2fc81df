// The host that `HOSTCOMPUTE_TEST_HOST` names, for suites that any host has to pass: `simulated`; `windows`, where
// `HOSTCOMPUTE_TEST_LAYERS` has the folders of the layers to run on, the topmost first and the base last, and
// `HOSTCOMPUTE_TEST_MACHINES=1` says that it may have virtual machines; or one of test/contact/other-hosts.ts.
// With `HOSTCOMPUTE_TEST_RECORDINGS` what passes between a suite and the host is recorded in that folder.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { Host, SystemDocument } from 'hostcompute';
import { LayerStore } from 'hostcompute';
import { record } from 'hostcompute/recorder';
import { Simulator } from 'hostcompute/simulator';

import { otherHosts } from '../contact/other-hosts.js';
import { withoutNames } from '../contact/personal.js';
import { containerDocument } from './documents.js';
import { writeTree } from './layers/layers.js';

export const hostName = process.env.HOSTCOMPUTE_TEST_HOST ?? 'simulated';

const layers = (process.env.HOSTCOMPUTE_TEST_LAYERS ?? '').split(delimiter).filter((each) => each !== '');

type Lacking = Readonly<Record<string, string>>;

/** What hosts cannot do, and why. A suite that needs one of these is left out where it is named. */
const lacking: Readonly<Record<string, Lacking>> = {
  simulated: {},
  windows: {
    control: 'no host but the simulated one has faults, a clock and a state to look at',
    pause: 'only what has a virtual machine is paused, and these are process-isolated containers',
    ...(process.env.HOSTCOMPUTE_TEST_MACHINES !== '1' && {
      machines: 'they need Hyper-V, and HOSTCOMPUTE_TEST_MACHINES is not 1',
    }),
  },
  ...Object.fromEntries([...otherHosts.keys()].map((name): [string, Lacking] => [name, {}])),
};

export function can(capability: 'control' | 'pause' | 'machines'): boolean {
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

/** `suite` is the name of the recording. `containers`: whether there will be some. */
export async function openHostUnderTest(suite: string, containers = true): Promise<HostUnderTest> {
  const host = await openRecorded(suite);
  try {
    if (hostName !== 'windows') {
      const simulator = Simulator.of(host);
      await simulator.reset();
      await otherHosts.get(hostName)?.(simulator, suite);
    }
    if (containers) return await withLayers(host);
    return { host, document: containerDocument, close: () => host.close() };
  } catch (error) {
    await host.close();
    throw error;
  }
}

// What passes between this program and a real host is kept for whoever looks into a failure.
async function openRecorded(suite: string): Promise<Host> {
  const kind = hostName === 'windows' ? 'windows' : 'simulated';
  const inTests = kind === 'windows' ? fileURLToPath(new URL('../../windows', import.meta.url)) : undefined;
  const recordings = process.env.HOSTCOMPUTE_TEST_RECORDINGS ?? inTests;
  if (recordings === undefined) return (await Simulator.open()).host;
  mkdirSync(recordings, { recursive: true });
  return record(join(recordings, `${suite}.jsonl`), { host: kind, redact: { value: withoutNames } });
}

async function withLayers(host: Host): Promise<HostUnderTest> {
  const folder = mkdtempSync(join(tmpdir(), 'hostcompute-'));
  try {
    const chain = hostName === 'windows' ? layers : [await makeBase(join(folder, 'base'))];
    if (chain.length === 0) throw new Error('HOSTCOMPUTE_TEST_LAYERS names no layers');
    const store = await LayerStore.open(folder, { host });
    await store.createScratch('scratch', chain);
    const mounted = await store.mount('scratch', chain);
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
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

/** A base layer of the simulated host. It is made through a host of its own, since Windows has its layers before a recording. */
async function makeBase(path: string): Promise<string> {
  mkdirSync(path);
  await writeTree(path, { Files: null });
  const { host } = await Simulator.open();
  const store = await LayerStore.open(path, { host });
  await store.processBaseImage(path);
  await host.close();
  return path;
}
