// Starts a container from an image on a NAT network, port 80 of the host to 8888 in the container, and fetches from that port.
//
//   node out/examples/nat-network.js [--store FOLDER] IMAGE [-- COMMAND]
//
// IMAGE and --store are those of import-image. COMMAND, else that of the image, has to listen on port 8888, at 0.0.0.0; on the simulated
// host `sim-http 8888` does. The host is the one that HOSTCOMPUTE_HOST names, else Windows' own on Windows, and the simulated one
// elsewhere.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import type { MountedLayer } from 'hostcompute';
import { ComputeSystem, Host, importLayer, LayerStore } from 'hostcompute';
import { documents } from 'hostcompute/documents';
import type { ContainerAttachment } from 'hostcompute/network';
import { attachContainer, Endpoint, endpoints, Namespace, Network, networks } from 'hostcompute/network';
import { Simulator } from 'hostcompute/simulator';

import type { ImageLayer } from './image.js';
import { checkPlatform, readImage } from './image.js';

const { values, positionals } = parseArgs({ allowPositionals: true, options: { store: { type: 'string' } } });
const [source, ...given] = positionals;
if (source === undefined) {
  console.error('usage: nat-network [--store FOLDER] IMAGE [-- COMMAND]');
  process.exit(2);
}

const name = `nat-network-${process.pid}`;
/** By which `reap({ owner })` finds what is left when this program is killed. */
const Owner = 'nat-network';

/** The ids of the layers, the nearest first. */
async function importAll(store: LayerStore, layers: readonly ImageLayer[]): Promise<string[]> {
  const parents: string[] = [];
  for (const [index, { path, digest, diffId }] of layers.entries()) {
    const id = (diffId ?? digest)?.replace('sha256:', '') ?? `layer-${index}`;
    const verify = { ...(digest !== undefined && { digest }), ...(diffId !== undefined && { diffId }) };
    if (!(await store.exists(id))) await importLayer(path, { store, id, parents, verify });
    parents.unshift(id);
  }
  return parents;
}

/** Where port 80 of the host is: the simulated one listens at a port that is free, so that it needs no privileges. */
async function addressOf(host: Host): Promise<string | undefined> {
  if (host.kind !== 'simulated') return 'http://localhost:80/';
  const { PublishedPorts } = await Simulator.of(host).state();
  const port = PublishedPorts.find(({ ExternalPort, HostPort }) => ExternalPort === 80 && HostPort !== 0);
  return port && `http://${port.Address}:${port.HostPort}/`;
}

/** The answer of the program in the container, which takes a while until it listens. */
async function answerFrom(host: Host, signal: AbortSignal): Promise<string> {
  for (;;) {
    signal.throwIfAborted();
    const address = await addressOf(host);
    const answer = address === undefined ? undefined : await fetch(address, { signal }).catch(() => undefined);
    if (answer !== undefined) return answer.text();
    await sleep(100);
  }
}

async function serve(host: Host, storage: MountedLayer['storage'], command: documents.ImageProcess): Promise<void> {
  const undo: (() => Promise<unknown>)[] = [];
  try {
    const nat = networks.nat({ name: Owner, subnet: '192.168.100.0/24', owner: Owner });
    const network = await Network.create(nat, { host, ifExists: 'open' });
    undo.push(() => network.delete());
    const published = endpoints.of(await network.properties(), { name, ports: ['80:8888'] });
    const endpoint = await Endpoint.create(network, { ...published, Owner });
    undo.push(() => endpoint.delete());
    const namespace = await Namespace.create({ Owner }, { host });
    undo.push(() => namespace.delete());

    const container = { GuestOs: { HostName: 'web' }, Storage: storage, Networking: { Namespace: namespace.id } };
    const document = { Owner, ShouldTerminateOnLastHandleClosed: true, Container: container };
    // To be undone once the container has ended, and so pushed before it is there.
    const attachments: ContainerAttachment[] = [];
    undo.push(() => Promise.all(attachments.map((each) => each.detach())));
    const system = await ComputeSystem.create(name, document, { host });
    undo.push(() => system.close());
    attachments.push(await attachContainer(system, namespace, [endpoint]));
    await system.start();
    undo.push(() => system.stop({ graceMs: 0 }));

    await using child = await system.createProcess(command);
    child.stdout.pipe(process.stderr, { end: false });
    child.stderr.pipe(process.stderr, { end: false });
    const ended = new AbortController();
    child.once('exit', ({ exitCode }) => {
      ended.abort(new Error(`The command ended with ${exitCode} before it answered`));
    });
    console.log(await answerFrom(host, AbortSignal.any([ended.signal, AbortSignal.timeout(60_000)])));
  } finally {
    for (const step of undo.reverse()) {
      await step().catch((error: unknown) => console.error((error as Error).message));
    }
  }
}

const simulated = process.platform !== 'win32' && process.env.HOSTCOMPUTE_HOST === undefined;
await using host = await Host.open(simulated ? 'simulated' : undefined);
if (host.kind === 'simulated') console.error('Host: simulated; no container runs');
const place = await mkdtemp(join(tmpdir(), 'nat-network-'));
try {
  const image = await readImage(resolve(source), place);
  checkPlatform(source, image, host);
  const store = await LayerStore.open(resolve(values.store ?? place), { host });
  const parents = await importAll(store, image.layers);
  await store.createScratch(name, parents);
  try {
    await using mounted = await store.mount(name, parents);
    const command = documents.processFromOciImage(image.configuration, given.length > 0 ? { args: given } : {});
    await serve(host, mounted.storage, command);
  } finally {
    await store.destroy(name);
  }
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
} finally {
  await rm(place, { recursive: true, force: true });
}
