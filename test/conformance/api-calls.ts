import type { HostFunction, OperationOptions, Process } from 'hostcompute';
import { ComputeSystem } from 'hostcompute';

import { onComputecore } from '../support/api.js';
import { openDescriptors } from '../support/descriptors.js';
import type { Bench } from '../support/host.js';
import { containerDocument } from '../support/documents.js';

/** What calls are made on, all of it this test's own. */
export interface Scene {
  readonly bench: Bench;
  /** The id of the system that is created. */
  readonly fresh: string;
  readonly created: ComputeSystem;
  readonly running: ComputeSystem;
  readonly paused: ComputeSystem;
  /** In the running system. */
  readonly process: Process;
  /** Systems and processes that a call has opened. */
  readonly opened: (ComputeSystem | Process)[];
  /** How many descriptors were open before it. */
  readonly descriptors: number;
}

export async function setScene(bench: Bench): Promise<Scene> {
  const descriptors = openDescriptors();
  const [created, running, paused] = await Promise.all([bench.create(), bench.running(), bench.running()]);
  await paused.pause();
  const process = await bench.run({ command: 'sim-sleep', stdio: ['pipe', 'pipe', 'ignore'] }, running);
  process.stdin!.on('error', () => undefined);
  return { bench, fresh: bench.id(), created, running, paused, process, opened: [], descriptors };
}

/** A call of the API. */
export interface ApiCall {
  /** The functions of the host that it is made of. */
  readonly functions: readonly HostFunction[];
  /** Those that it turns to when the host fails it. */
  readonly fallbacks?: readonly HostFunction[];
  /** Where the host fails all of these, the call waits for its deadline all the same. */
  readonly waitsWithout?: readonly HostFunction[];
  /** The system that it is about; none where it is about the host. */
  readonly about?: 'fresh' | 'created' | 'running' | 'paused';
  readonly make: (scene: Scene, options: OperationOptions & { readonly timeoutMs: number }) => Promise<unknown>;
}

async function keep<T extends ComputeSystem | Process>({ opened }: Scene, made: Promise<T>): Promise<void> {
  opened.push(await made);
}

function cpuGroup(GroupId: string) {
  const OperationDetails = { GroupId, LogicalProcessorCount: 1, LogicalProcessors: [0] };
  return { PropertyType: 'CpuGroup', Settings: { Operation: 'CreateGroup', OperationDetails } } as const;
}

/** Every call of the API that reaches the host. */
const calls: Readonly<Record<string, ApiCall>> = {
  'ComputeSystem.create': {
    functions: ['vmcompute.HcsCreateComputeSystem', 'vmcompute.HcsRegisterComputeSystemCallback'],
    fallbacks: [
      'vmcompute.HcsTerminateComputeSystem',
      'vmcompute.HcsUnregisterComputeSystemCallback',
      'vmcompute.HcsCloseComputeSystem',
    ],
    about: 'fresh',
    make(scene, options) {
      const { host } = scene.bench.simulator;
      return keep(scene, ComputeSystem.create(scene.fresh, containerDocument(), Object.assign(options, { host })));
    },
  },
  'ComputeSystem.open': {
    functions: ['vmcompute.HcsOpenComputeSystem', 'vmcompute.HcsRegisterComputeSystemCallback'],
    fallbacks: ['vmcompute.HcsUnregisterComputeSystemCallback', 'vmcompute.HcsCloseComputeSystem'],
    about: 'running',
    make: (scene, options) =>
      keep(scene, ComputeSystem.open(scene.running.id, Object.assign(options, { host: scene.bench.simulator.host }))),
  },
  'ComputeSystem.list': {
    functions: ['vmcompute.HcsEnumerateComputeSystems'],
    make: async ({ bench, running }, options) => {
      const found = await ComputeSystem.list(
        { Ids: [running.id] },
        Object.assign(options, { host: bench.simulator.host }),
      );
      return found.length;
    },
  },
  'ComputeSystem#start': {
    functions: ['vmcompute.HcsStartComputeSystem'],
    about: 'created',
    make: ({ created }, options) => created.start(options),
  },
  'ComputeSystem#pause': {
    functions: ['vmcompute.HcsPauseComputeSystem'],
    about: 'running',
    make: ({ running }, options) => running.pause(options),
  },
  'ComputeSystem#resume': {
    functions: ['vmcompute.HcsResumeComputeSystem'],
    about: 'paused',
    make: ({ paused }, options) => paused.resume(options),
  },
  'ComputeSystem#save': {
    functions: ['vmcompute.HcsSaveComputeSystem'],
    about: 'paused',
    make: ({ paused }, options) => paused.save(options),
  },
  'ComputeSystem#shutdown': {
    functions: ['vmcompute.HcsShutdownComputeSystem'],
    about: 'running',
    make: ({ running }, options) => running.shutdown(options),
  },
  'ComputeSystem#terminate': {
    functions: ['vmcompute.HcsTerminateComputeSystem'],
    about: 'running',
    make: ({ running }, options) => running.terminate(options),
  },
  'ComputeSystem#stop': {
    functions: ['vmcompute.HcsShutdownComputeSystem'],
    fallbacks: ['vmcompute.HcsTerminateComputeSystem'],
    waitsWithout: ['vmcompute.HcsShutdownComputeSystem', 'vmcompute.HcsTerminateComputeSystem'],
    about: 'running',
    make: ({ running }, { timeoutMs }) => running.stop({ graceMs: timeoutMs, forceMs: 2 * timeoutMs }),
  },
  'ComputeSystem#properties': {
    functions: ['vmcompute.HcsGetComputeSystemProperties'],
    about: 'running',
    make: async ({ running }, options) => (await running.properties(['Statistics'], options)).State,
  },
  'ComputeSystem#modify': {
    functions: ['vmcompute.HcsModifyComputeSystem'],
    about: 'running',
    make: ({ running }, options) =>
      running.modify({ ResourcePath: 'Container/Memory/SizeInMB', RequestType: 'Update', Settings: 512 }, options),
  },
  'ComputeSystem#processes': {
    functions: ['vmcompute.HcsGetComputeSystemProperties'],
    about: 'running',
    make: async ({ running }, options) => (await running.processes(options)).length,
  },
  'ComputeSystem#createProcess': {
    functions: [
      'vmcompute.HcsGetComputeSystemProperties',
      'vmcompute.HcsCreateProcess',
      'vmcompute.HcsRegisterProcessCallback',
    ],
    fallbacks: ['vmcompute.HcsTerminateProcess', 'vmcompute.HcsUnregisterProcessCallback', 'vmcompute.HcsCloseProcess'],
    about: 'running',
    make: (scene, options) => keep(scene, scene.running.createProcess({ command: ['sim-cat'] }, options)),
  },
  'ComputeSystem#exec': {
    functions: [
      'vmcompute.HcsGetComputeSystemProperties',
      'vmcompute.HcsCreateProcess',
      'vmcompute.HcsRegisterProcessCallback',
      'vmcompute.HcsUnregisterProcessCallback',
      'vmcompute.HcsCloseProcess',
    ],
    fallbacks: ['vmcompute.HcsTerminateProcess', 'vmcompute.HcsGetProcessProperties'],
    about: 'running',
    make: async ({ running }, options) => (await running.exec({ command: ['cmd', '/c', 'exit 3'] }, options)).exitCode,
  },
  'ComputeSystem#openProcess': {
    functions: ['vmcompute.HcsOpenProcess', 'vmcompute.HcsRegisterProcessCallback'],
    fallbacks: ['vmcompute.HcsUnregisterProcessCallback', 'vmcompute.HcsCloseProcess'],
    about: 'running',
    make: (scene, options) => keep(scene, scene.running.openProcess(scene.process.pid, options)),
  },
  'ComputeSystem#close': {
    functions: ['vmcompute.HcsUnregisterComputeSystemCallback', 'vmcompute.HcsCloseComputeSystem'],
    about: 'running',
    make: ({ running }, options) => running.close(options),
  },
  'Process#kill': {
    functions: ['vmcompute.HcsTerminateProcess'],
    fallbacks: ['vmcompute.HcsGetProcessProperties'],
    about: 'running',
    make: ({ process }, options) => process.kill('SIGKILL', options),
  },
  'Process#signal': {
    functions: ['vmcompute.HcsGetComputeSystemProperties', 'vmcompute.HcsSignalProcess'],
    fallbacks: ['vmcompute.HcsTerminateProcess'],
    about: 'running',
    make: ({ process }, options) => process.kill('SIGTERM', options),
  },
  'Process#resizeConsole': {
    functions: ['vmcompute.HcsModifyProcess'],
    about: 'running',
    make: ({ process }, options) => process.resizeConsole(80, 25, options),
  },
  'Process#closeStdin': {
    functions: ['vmcompute.HcsModifyProcess'],
    about: 'running',
    make: ({ process }, options) => process.closeStdin(options),
  },
  'Process#properties': {
    functions: ['vmcompute.HcsGetProcessProperties'],
    about: 'running',
    make: async ({ process }, options) => (await process.properties(options)).ProcessId !== undefined,
  },
  'Process#close': {
    functions: ['vmcompute.HcsUnregisterProcessCallback', 'vmcompute.HcsCloseProcess'],
    about: 'running',
    make: ({ process }, options) => process.close(options),
  },
  'Host#serviceProperties': {
    functions: ['vmcompute.HcsGetServiceProperties'],
    make: async ({ bench }, options) =>
      (await bench.simulator.host.serviceProperties(undefined, options)).Properties?.length,
  },
  'Host#modifyServiceSettings': {
    functions: ['vmcompute.HcsModifyServiceSettings'],
    make: ({ bench }, options) => bench.simulator.host.modifyServiceSettings(cpuGroup(bench.id()), options),
  },
};

// A callback of computecore.dll ends with its handle.
const unregisters = /HcsUnregister(ComputeSystem|Process)Callback$/;

function ofApi(call: ApiCall): ApiCall {
  if (!onComputecore) return call;
  const kept = (names: readonly HostFunction[]): HostFunction[] => names.filter((name) => !unregisters.test(name));
  const { functions, fallbacks, waitsWithout } = call;
  return {
    ...call,
    functions: kept(functions),
    ...(fallbacks !== undefined && { fallbacks: kept(fallbacks) }),
    ...(waitsWithout !== undefined && { waitsWithout: kept(waitsWithout) }),
  };
}

/** By their names, what they call in the library that drives the systems of the run. */
export const apiCalls: Readonly<Record<string, ApiCall>> = Object.fromEntries(
  Object.entries(calls).map(([name, call]) => [name, ofApi(call)]),
);
