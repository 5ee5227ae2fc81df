// The limits of every asynchronous public function: they are the caller's own, count from its call, and cover all its steps.
import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { readdir } from 'node:fs/promises';
import { Readable } from 'node:stream';

import type { HostFunction, MountedLayer, OperationOptions } from 'hostcompute';
import { exportLayer, importLayer, reap } from 'hostcompute';
import { documents } from 'hostcompute/documents';
import { endpoints, networks } from 'hostcompute/network';
import { detachOverlay } from 'hostcompute/storage';

import { ofComputecore } from '../support/api.js';
import type { Bench } from '../support/host.js';
import { useSimulator } from '../support/host.js';
import type { LayerBench } from '../support/layers/layers.js';
import { useLayers } from '../support/layers/layers.js';
import { folder, tar } from '../support/layers/tar.js';
import { moreCalls, publicFunctions } from '../support/public-functions.js';
import { stopTime } from '../support/time.js';
import type { Scene } from './api-calls.js';
import { apiCalls, setScene } from './api-calls.js';
import { diskCalls, setDisks } from './disk-api-calls.js';
import type { DiskScene } from './disk-api-calls.js';
import { layerCalls } from './layer-api-calls.js';
import type { NetworkScene } from './network-api-calls.js';
import { networkCalls, setNetworks } from './network-api-calls.js';
import { optionCalls } from './option-calls.js';

interface Stage {
  readonly scene: Scene;
  readonly bench: Bench;
  readonly layers: LayerBench;
  mounted?: MountedLayer;
  networks?: NetworkScene;
  disks?: DiskScene;
}

interface Row {
  /** The functions of the host at each of which it may hang. */
  readonly functions: readonly HostFunction[];
  readonly before?: (on: Stage, held: HostFunction) => Promise<unknown>;
  readonly call: (on: Stage, options: OperationOptions) => Promise<unknown>;
  readonly after?: (on: Stage) => Promise<unknown>;
}

const deadlineMs = 10_000;

const rows: Record<string, Row> = {
  ...Object.fromEntries(
    Object.entries(apiCalls).map(([name, { functions, make }]): [string, Row] => [
      name,
      { functions, call: ({ scene }, options) => make(scene, options as never) },
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(layerCalls).map(([name, { functions, before, make }]): [string, Row] => [
      name,
      {
        functions,
        before: async ({ layers, bench }) => {
          await layers.scratch();
          await before?.(layers, bench);
        },
        call: ({ layers, bench }, options) => make(layers, bench, options),
        // What the call has not come to cannot be undone; two calls may have been made.
        after: async ({ bench, layers: { store } }) => {
          for (const undo of ['unprepare', 'deactivate', 'deactivate'] as const) {
            await store[undo]('scratch').catch(() => undefined);
          }
          await detachOverlay(store.pathOf('scratch'), { host: bench.simulator.host }).catch(() => undefined);
        },
      },
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(networkCalls).map(([name, { functions, make }]): [string, Row] => [
      name,
      {
        functions: [...new Set(functions)],
        before: async (on) => {
          on.networks = await setNetworks(on.bench);
        },
        call: ({ networks: scene }, options) => make(scene!, options),
      },
    ]),
  ),
  ...Object.fromEntries(
    Object.entries(diskCalls).map(([name, { functions, make }]): [string, Row] => [
      name,
      {
        functions,
        before: async (on) => {
          on.disks = await setDisks(on.bench);
        },
        call: ({ disks }, options) => make(disks!, options),
      },
    ]),
  ),
  'ComputeSystem#stop': {
    functions: ['vmcompute.HcsShutdownComputeSystem', 'vmcompute.HcsTerminateComputeSystem'],
    before: async ({ bench }, held) => {
      if (held === 'vmcompute.HcsShutdownComputeSystem') return;
      await bench.simulator.inject({ function: 'vmcompute.HcsShutdownComputeSystem', status: 0x80004005, count: 10 });
    },
    call: ({ scene }, options) => scene.running.stop(options),
  },
  'MountedLayer#close': {
    functions: ['vmcompute.UnprepareLayer', 'vmcompute.DeactivateLayer'],
    before: async (on) => {
      await on.layers.scratch();
      on.mounted = await on.layers.store.mount('scratch', ['app', 'base']);
    },
    call: ({ mounted }, options) => mounted!.close(options),
    after: ({ mounted }) => mounted!.close(),
  },
  reap: {
    functions: ['vmcompute.HcsEnumerateComputeSystems'],
    call: ({ bench }, options) => reap({ owner: 'nobody', host: bench.simulator.host, ...options }),
  },
};

/** What has no deadline of its own: the import and the export of an archive. */
const bySignal: Readonly<
  Record<
    string,
    {
      readonly functions: readonly HostFunction[];
      readonly call: (on: LayerBench, signal: AbortSignal) => Promise<unknown>;
    }
  >
> = {
  importLayer: {
    functions: ['vmcompute.ImportLayer'],
    call: ({ store }, signal) =>
      importLayer(Readable.from([tar(folder('Files'))]), { store, id: 'new', parents: ['base'], signal }),
  },
  exportLayer: {
    functions: ['vmcompute.ActivateLayer', 'vmcompute.ExportLayer'],
    call: async ({ store }, signal) => {
      const { stream, result } = exportLayer({ store, id: 'app', parents: ['base'], signal });
      const closed = new Promise((resolve) => stream.once('close', resolve));
      stream.resume();
      return result.finally(() => closed);
    },
  },
};

/** What has tests of its own, waits for nothing that may hang, or is not asynchronous. */
const others = [
  'Host#close', // below
  'Host.open LayerStore.open Simulator.open Simulator.connect Simulator.of defaultHost record',
  'Host#ledger Host#toJSON LayerStore#pathOf LayerStore#toJSON',
  ...['ComputeSystem', 'Process'].flatMap((each) =>
    [
      'notifications',
      'ref',
      'unref',
      'toJSON',
      'dispatch',
      'dispatchNotification',
      'dispatches',
      'endNotifications',
    ].map((method) => `${each}#${method}`),
  ),
  'Host.openThrough Process.create Process.open', // not in the types of the package
  // In vm-files.test.ts and apis.test.ts: they are of computecore.dll.
  ...ofComputecore,
  'describeStatus isAccessDenied isAlreadyExists isAlreadyStopped isHcsError isInvalidState isNotFound isNotSupported',
  'isServiceGone isTimeout quoteCommandLine supports systemGuid validateDocument',
  'supportsNetwork validateNetworkDocument replay withoutNames compatibility',
  'doctor recordMachine', // test/doctor
  // In test/utility-vm; the others hand theirs on to systems and networks.
  ...Object.keys(optionCalls).filter((name) => name.startsWith('UtilityVm')),
  'UtilityVm#close UtilityVm#toJSON',
  // Not in the types of the package, or nothing is asked.
  ...['Network', 'Endpoint', 'Namespace', 'LoadBalancer', 'Route'].map((each) =>
    ['close', 'toJSON', 'change', 'openSession'].map((method) => `${each}#${method}`).join(' '),
  ),
  'VirtualDisk#toJSON DiskAttachment#toJSON',
  'GuestNetworkService#ref GuestNetworkService#unref GuestNetworkService#toJSON GuestNetworkService#notifications Namespace.of',
  'setupBaseLayer createScratch', // see recipes.test.ts
  ...[documents, endpoints, networks].flatMap((builders) => Object.keys(builders)),
].flatMap((line) => line.split(' '));

describe('The timeout and signal of every asynchronous function', () => {
  const bench = useSimulator();
  const layers = useLayers(bench);

  it('are tested here, or the function has none', () => {
    // The controls of the simulated host never hang.
    const all = publicFunctions().filter((name) => !name.startsWith('Simulator#'));
    const known = [...Object.keys({ ...rows, ...bySignal }).filter((name) => !moreCalls.includes(name)), ...others];
    assert.deepEqual(all, known.sort());
  });

  /** Prepares the call, whose host hangs in a function; what `act` makes of it is undone. */
  async function hanging(row: Row, held: HostFunction, act: (on: Stage) => Promise<void>): Promise<void> {
    const on: Stage = { scene: await setScene(bench), bench, layers };
    await row.before?.(on, held);
    await bench.simulator.inject({ function: held, block: true, count: 10 });
    try {
      await act(on);
    } finally {
      await bench.simulator.clear();
      await bench.noneStuck();
      await row.after?.(on);
      await Promise.all(on.scene.opened.map((each) => each.close()));
    }
  }

  for (const [name, row] of Object.entries(rows)) {
    for (const held of row.functions) {
      it(`of ${name} end a wait for ${held} when the signal aborts`, async () => {
        await hanging(row, held, async (on) => {
          const abort = new AbortController();
          const aborted = assert.rejects(row.call(on, { signal: abort.signal }), { name: 'AbortError' });
          assert.ok(await bench.simulator.reached({ blockedCalls: 1 }));
          abort.abort();
          await aborted;
          assert.deepEqual(getEventListeners(abort.signal, 'abort'), []);
        });
      });

      it(`of ${name} end a wait for ${held} at the deadline`, async () => {
        await hanging(row, held, async (on) => {
          using time = stopTime();
          const late = assert.rejects(row.call(on, { timeoutMs: deadlineMs }), { name: 'TimeoutError' });
          assert.ok(await bench.simulator.reached({ blockedCalls: 1 }));
          await time.pass(deadlineMs);
          await late;
        });
      });
    }

    const [held] = row.functions as [HostFunction];

    it(`of ${name} prevent the host call when the signal is already aborted`, async () => {
      await hanging(row, held, async (on) => {
        const calls = async (): Promise<object> => {
          const { Calls: made } = await bench.simulator.state();
          return Object.fromEntries(Object.entries(made).filter(([each]) => !each.startsWith('simulator.')));
        };
        const before = await calls();
        const refused = row.call(on, { signal: AbortSignal.abort(new Error('too late')) });
        await assert.rejects(refused, { name: 'AbortError', code: 'ABORT_ERR' });
        assert.deepEqual(await calls(), before);
      });
    });

    it(`of ${name} apply to each caller separately`, async () => {
      await hanging(row, held, async (on) => {
        let isOver = false;
        const first = row.call(on, { timeoutMs: Infinity }).then(
          () => (isOver = true),
          () => (isOver = true),
        );
        assert.ok(await bench.simulator.reached({ blockedCalls: 1 }));
        const abort = new AbortController();
        const second = assert.rejects(row.call(on, { signal: abort.signal }), { name: 'AbortError' });
        await bench.simulator.state();
        abort.abort();
        await second;
        assert.equal(isOver, false);
        await bench.simulator.clear();
        await first;
      });
    });
  }

  for (const [name, { functions, call }] of Object.entries(bySignal)) {
    for (const held of functions) {
      it(`of ${name}, which waits until ${held} has returned, is its signal`, async () => {
        await layers.chain();
        const before = (await readdir(layers.folder)).sort();
        await bench.simulator.inject({ function: held, block: true });
        const abort = new AbortController();
        const aborted = assert.rejects(call(layers, abort.signal), { name: 'AbortError' });
        assert.ok(await bench.simulator.reached({ blockedCalls: 1 }));
        abort.abort();
        await bench.simulator.clear();
        await aborted;
        assert.deepEqual(getEventListeners(abort.signal, 'abort'), []);
        assert.deepEqual((await readdir(layers.folder)).sort(), before);
      });
    }

    it(`of ${name} keep it from the host when its signal has fired before`, async () => {
      await layers.chain();
      const { Calls: made } = await bench.simulator.state();
      await assert.rejects(call(layers, AbortSignal.abort()), { name: 'AbortError', code: 'ABORT_ERR' });
      const { Calls: after } = await bench.simulator.state();
      for (const held of functions) assert.equal(after[held], made[held]);
    });
  }
});
