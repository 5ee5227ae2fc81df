// Every public function that takes options, with an option that is misspelt.
import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { exportLayer, Host, HcsArgumentError, importLayer, LayerStore, reap } from 'hostcompute';
import { documents, supports, validateDocument } from 'hostcompute/documents';
import { record } from 'hostcompute/recorder';
import { Simulator } from 'hostcompute/simulator';

import type { Bench } from '../support/host.js';
import { useSimulator } from '../support/host.js';
import type { LayerBench } from '../support/layers/layers.js';
import { useLayers } from '../support/layers/layers.js';
import { publicFunctions } from '../support/public-functions.js';
import type { Scene } from './api-calls.js';
import { apiCalls, setScene } from './api-calls.js';
import { layerCalls } from './layer-api-calls.js';

/** How errors name the options, and a call with other options than the right ones. */
interface Row {
  readonly field: string;
  readonly call: (given: never, on: { scene: Scene; bench: Bench; layers: LayerBench }) => unknown;
  /** Options that the call needs beside. */
  readonly needs?: object;
}

const others: Readonly<Record<string, Row>> = {
  'ComputeSystem#stop': { field: 'options', call: (given, { scene }) => scene.running.stop(given) },
  'ComputeSystem#notifications': { field: 'options', call: (given, { scene }) => scene.running.notifications(given) },
  'Process#notifications': { field: 'options', call: (given, { scene }) => scene.process.notifications(given) },
  'Host.open': { field: 'settings', call: (given) => Host.open('simulated', given) },
  'Host#close': { field: 'options', call: (given, { bench }) => bench.simulator.host.close(given) },
  'LayerStore.open': { field: 'options', call: (given) => LayerStore.open(tmpdir(), given) },
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
    call: (given: object, { layers }) => importLayer('x.tar', { store: layers.store, ...given } as never),
  },
  exportLayer: {
    field: 'options',
    needs: { id: 'x', parents: [] },
    call: (given: object, { layers }) => exportLayer({ store: layers.store, ...given } as never),
  },
  reap: { field: 'options', needs: { owner: 'x' }, call: (given) => reap(given) },
  record: { field: 'options', call: (given) => record(join(tmpdir(), 'never-written.jsonl'), given) },
  supports: { field: 'host', needs: { osBuild: 20348 }, call: (given) => supports('Container.FilterType', given) },
  validateDocument: { field: 'options', call: (given) => validateDocument({}, given) },
  fromOciSpec: { field: 'options', call: (given) => documents.fromOciSpec({}, given) },
  processFromOciImage: {
    field: 'options',
    call: (given) => documents.processFromOciImage({ os: 'windows', config: {} }, given),
  },
  utilityVmFromOciSpec: { field: 'options', call: (given) => documents.utilityVmFromOciSpec({}, given) },
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
    ).map((name): [string, Row] => {
      const build = documents[name] as (options: never) => unknown;
      return [name, { field: 'options', call: (given) => build(given) }];
    }),
  ),
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

const rows: Readonly<Record<string, Row>> = {
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
  ...others,
};

/** What takes no options. */
const without = [
  'ComputeSystem#ref ComputeSystem#unref ComputeSystem#toJSON Process#ref Process#unref Process#toJSON',
  'Host#ledger Host#toJSON LayerStore#pathOf LayerStore#toJSON defaultHost',
  'Simulator#advance Simulator#clear Simulator#close Simulator#profiles Simulator#provoke Simulator#reconnect Simulator#reset',
  'Simulator#serve Simulator#startTrace Simulator#state Simulator#trace Simulator.of',
  'describeStatus isAccessDenied isAlreadyExists isAlreadyStopped isHcsError isInvalidState isNotFound isNotSupported',
  'isServiceGone isTimeout quoteCommandLine systemGuid',
  // Not in the types of the package.
  'ComputeSystem#dispatch ComputeSystem#dispatchNotification ComputeSystem#dispatches ComputeSystem#endNotifications',
  'Process#dispatch Process#dispatchNotification Process#dispatches Process#endNotifications Process.create Process.open',
  'Host.openThrough',
].flatMap((line) => line.split(' '));

// Not functions of an exported class.
const more = ['MountedLayer#close', 'Process#signal'];

describe('The options of every public function', () => {
  const bench = useSimulator();
  const layers = useLayers(bench);

  it('are in the table, or it takes none', () => {
    const known = [...Object.keys(rows).filter((name) => !more.includes(name)), ...without];
    assert.deepEqual(publicFunctions(), known.sort());
  });

  for (const [name, { field, needs, call }] of Object.entries(rows)) {
    it(`of ${name} are refused where their name is not known`, async () => {
      const on = { scene: await setScene(bench), bench, layers };
      const made = (given: unknown): Promise<unknown> => Promise.resolve(given as never).then((each) => call(each, on));
      const isOf = (misspelt: string) => (error: unknown) => {
        assert.ok(error instanceof HcsArgumentError, String(error));
        assert.equal(error.field, misspelt);
        return true;
      };
      await assert.rejects(made({ ...needs, timeoutMS: 5 }), isOf(`${field}.timeoutMS`));
    });
  }

  for (const name of [...Object.keys(apiCalls), ...Object.keys(layerCalls), 'ComputeSystem#stop', 'Host#close']) {
    const { call } = rows[name]!;
    it(`of ${name} are refused where their value is wrong`, async () => {
      const on = { scene: await setScene(bench), bench, layers };
      const made = (given: object): Promise<unknown> => Promise.resolve(given as never).then((each) => call(each, on));
      for (const value of [null, 0.5, {}, new AbortController()]) {
        await assert.rejects(made({ signal: value }), { code: 'ERR_HC_ARGUMENT', field: 'options.signal' });
      }
      for (const value of [null, -1, NaN, '5']) {
        await assert.rejects(made({ timeoutMs: value }), { code: 'ERR_HC_ARGUMENT', field: 'options.timeoutMs' });
      }
    });
  }
});
