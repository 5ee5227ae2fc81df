// A call of every public function that takes options.
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { exportLayer, Host, importLayer, LayerStore, reap } from 'hostcompute';
import { compatibility, doctor, recordMachine } from 'hostcompute/doctor';
import { documents, supports, validateDocument } from 'hostcompute/documents';
import { endpoints, networks, supportsNetwork, validateNetworkDocument } from 'hostcompute/network';
import { record } from 'hostcompute/recorder';
import { createScratch, setupBaseLayer } from 'hostcompute/storage';
import { Simulator } from 'hostcompute/simulator';
import { UtilityVm } from 'hostcompute/utility-vm';

import type { Bench } from '../support/host.js';
import type { LayerBench } from '../support/layers/layers.js';
import type { Scene } from './api-calls.js';
import { apiCalls } from './api-calls.js';
import { diskCalls, setDisks } from './disk-api-calls.js';
import { layerCalls } from './layer-api-calls.js';
import { networkCalls, setNetworks } from './network-api-calls.js';

/** How errors name the options, and a call with other options than the right ones. */
export interface OptionCall {
  readonly field: string;
  readonly call: (given: never, on: { scene: Scene; bench: Bench; layers: LayerBench }) => unknown;
  /** Options that the call needs beside. */
  readonly needs?: object;
}

function onHost(given: object, { simulator }: Bench): never {
  return Object.assign(given, { host: simulator.host }) as never;
}

const vmOptions = { os: 'linux', bootFolder: 'C:\\LinuxBootFiles' } as const;

/** Of a utility VM of their own. */
const utilityVmCalls: Readonly<Record<string, (vm: UtilityVm, given: never) => Promise<unknown>>> = {
  start: (vm, given) => vm.start(given),
  stop: (vm, given) => vm.stop(given),
  statistics: (vm, given) => vm.statistics(given),
  update: (vm, given) => vm.update({ memoryMiB: 4 }, given),
  addScsi: (vm, given) => vm.addScsi({ path: 'x.vhdx' }, given),
  addVpmem: (vm, given) => vm.addVpmem({ path: 'x.vhd' }, given),
  addPlan9: (vm, given) => vm.addPlan9({ path: 'x' }, given),
  addVsmb: (vm, given) => vm.addVsmb({ path: 'x' }, given),
  addPipe: (vm, given) => vm.addPipe('\\\\.\\pipe\\x', given),
  assignDevice: (vm, given) => vm.assignDevice({ instancePath: 'x' }, given),
  addNetwork: (vm, given) => vm.addNetwork([], undefined, given),
};

const onWindowsGuest = new Set(['addVsmb', 'addPipe']);
const windowsVm = { os: 'windows', image: 'C:\\UtilityVM', scratchDisk: 'C:\\scratch.vhdx' } as const;

const others: Readonly<Record<string, OptionCall>> = {
  ...Object.fromEntries(
    Object.entries(utilityVmCalls).map(([name, call]): [string, OptionCall] => [
      `UtilityVm#${name}`,
      {
        field: 'options',
        call: async (given, { bench }) => {
          const options = onWindowsGuest.has(name) ? windowsVm : vmOptions;
          await using vm = await UtilityVm.create(bench.id(), options, { host: bench.simulator.host });
          await call(vm, given);
        },
      },
    ]),
  ),
  'UtilityVm.create': {
    field: 'options',
    call: (given, { bench }) => UtilityVm.create(bench.id(), vmOptions, onHost(given, bench)),
  },
  'ComputeSystem#stop': { field: 'options', call: (given, { scene }) => scene.running.stop(given) },
  'ComputeSystem#notifications': { field: 'options', call: (given, { scene }) => scene.running.notifications(given) },
  'Process#notifications': { field: 'options', call: (given, { scene }) => scene.process.notifications(given) },
  'Host.open': { field: 'settings', call: (given) => Host.open('simulated', given) },
  'Host#close': {
    field: 'options',
    call: async (given) => {
      await using host = await Host.open('simulated');
      await host.close(given);
    },
  },
  'LayerStore.open': { field: 'options', call: (given, { bench }) => LayerStore.open(tmpdir(), onHost(given, bench)) },
  'MountedLayer#close': {
    field: 'options',
    call: async (given, { layers }) => {
      await layers.scratch();
      await using mounted = await layers.store.mount('scratch', ['app', 'base']);
      await mounted.close(given);
    },
  },
  importLayer: {
    field: 'options',
    needs: { id: 'x', parents: [] },
    call: (given: object, { layers }) => importLayer('x.tar', Object.assign(given, { store: layers.store }) as never),
  },
  exportLayer: {
    field: 'options',
    needs: { id: 'x', parents: [] },
    call: (given: object, { layers }) => exportLayer(Object.assign(given, { store: layers.store }) as never),
  },
  setupBaseLayer: { field: 'options', call: (given, { bench }) => setupBaseLayer(tmpdir(), onHost(given, bench)) },
  createScratch: {
    field: 'options',
    needs: { parent: tmpdir() },
    call: (given, { bench, layers }) => createScratch(join(layers.folder, 'new'), onHost(given, bench)),
  },
  reap: { field: 'options', needs: { owner: 'x' }, call: (given, { bench }) => reap(onHost(given, bench)) },
  record: { field: 'options', call: (given, { layers }) => record(join(layers.folder, 'recording.jsonl'), given) },
  doctor: { field: 'options', call: (given, { bench }) => doctor(onHost(given, bench)) },
  recordMachine: { field: 'options', call: (given, { bench }) => recordMachine(onHost(given, bench)) },
  compatibility: { field: 'options', call: (given) => compatibility('10.0.1', '10.0.1', given) },
  supports: { field: 'host', needs: { osBuild: 20348 }, call: (given) => supports('Container.FilterType', given) },
  validateDocument: { field: 'options', call: (given) => validateDocument({}, given) },
  supportsNetwork: {
    field: 'host',
    needs: { osBuild: 20348 },
    call: (given) => supportsNetwork('Subnet.Flags', given),
  },
  validateNetworkDocument: { field: 'options', call: (given) => validateNetworkDocument({}, given) },
  'GuestNetworkService#notifications': {
    field: 'options',
    call: async (given, { bench }) => (await setNetworks(bench)).service.notifications(given),
  },
  of: {
    field: 'options',
    needs: { owner: 'x' },
    call: (given) => endpoints.of('b3a0a7c9-51d2-5f7f-8a44-0d7c1e6f2b02', given),
  },
  ...Object.fromEntries(
    Object.entries(networks).map(([name, build]): [string, OptionCall] => {
      const needs = { owner: 'x', subnet: '10.0.0.0/24', ...(name === 'overlay' && { vsid: 4096 }) };
      return [name, { field: 'options', needs, call: (given) => (build as (options: never) => unknown)(given) }];
    }),
  ),
  vmNetwork: { field: 'options', needs: { guestOs: 'Linux' }, call: (given) => documents.vmNetwork(given) },
  fromOciSpec: { field: 'options', needs: { owner: 'x' }, call: (given) => documents.fromOciSpec({}, given) },
  processFromOciImage: {
    field: 'options',
    needs: { entrypoint: ['x'] },
    call: (given) => documents.processFromOciImage({ os: 'windows', config: {} }, given),
  },
  utilityVmFromOciSpec: {
    field: 'options',
    needs: { owner: 'x' },
    call: (given) => documents.utilityVmFromOciSpec({}, given),
  },
  ...Object.fromEntries(
    (
      [
        'hostedContainer',
        'hyperVIsolated',
        'linuxContainer',
        'linuxUtilityVm',
        'processIsolated',
        'virtualMachine',
        'windowsUtilityVm',
      ] as const
    ).map((name): [string, OptionCall] => {
      const build = documents[name] as (options: never) => unknown;
      return [name, { field: 'options', needs: { owner: 'x' }, call: (given) => build(given) }];
    }),
  ),
  'Simulator.connect': { field: 'settings', call: (given) => Simulator.connect(undefined, given) },
  'Simulator.open': { field: 'settings', call: (given) => Simulator.open(given) },
  'Simulator#configure': {
    field: 'configuration',
    call: (given, { bench }) => bench.simulator.configure(given),
  },
  'Simulator#inject': {
    field: 'rule',
    needs: { function: 'vmcompute.HcsStartComputeSystem' },
    call: (given, { bench }) => bench.simulator.inject(given),
  },
  'Simulator#notify': {
    field: 'notification',
    call: (given, { bench }) => bench.simulator.notify(given),
  },
  'Simulator#exit': { field: 'end', call: (given, { bench }) => bench.simulator.exit('x', given) },
  'Simulator#disconnect': { field: 'disconnect', call: (given, { bench }) => bench.simulator.disconnect(given) },
  'Simulator#drain': { field: 'drain', call: (given, { bench }) => bench.simulator.drain(given) },
  'Simulator#reached': { field: 'counters', call: (given, { bench }) => bench.simulator.reached(given) },
};

/** By the name of the function. */
export const optionCalls: Readonly<Record<string, OptionCall>> = {
  ...Object.fromEntries(
    Object.entries(apiCalls).map(([name, { make }]) => [
      name,
      { field: 'options', call: (given: never, { scene }: { scene: Scene }) => make(scene, given) },
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(layerCalls).map(([name, { make }]) => [
      name,
      {
        field: 'options',
        call: (given: never, { layers, bench }: { layers: LayerBench; bench: Bench }) => make(layers, bench, given),
      },
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(networkCalls).map(([name, { make }]) => [
      name,
      {
        field: 'options',
        call: async (given: never, { bench }: { bench: Bench }) => make(await setNetworks(bench), given),
      },
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(diskCalls).map(([name, { make }]) => [
      name,
      {
        field: 'options',
        call: async (given: never, { bench }: { bench: Bench }) => make(await setDisks(bench), given),
      },
    ]),
  ),
  ...others,
};
