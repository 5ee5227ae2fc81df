// Every public function that takes options, with an option that is misspelt, and with options that change.
import assert from 'node:assert/strict';
import type { Readable } from 'node:stream';

import { HcsArgumentError } from 'hostcompute';

import { ofComputecore } from '../support/api.js';
import { useSimulator } from '../support/host.js';
import { useLayers } from '../support/layers/layers.js';
import { moreCalls, publicFunctions } from '../support/public-functions.js';
import { apiCalls, setScene } from './api-calls.js';
import { diskCalls } from './disk-api-calls.js';
import { layerCalls } from './layer-api-calls.js';
import { networkCalls } from './network-api-calls.js';
import { optionCalls } from './option-calls.js';

/** What takes no options. */
const without = [
  'ComputeSystem#ref ComputeSystem#unref ComputeSystem#toJSON Process#ref Process#unref Process#toJSON',
  'Host#ledger Host#toJSON LayerStore#pathOf LayerStore#toJSON defaultHost',
  'Simulator#advance Simulator#clear Simulator#close Simulator#profiles Simulator#provoke Simulator#reconnect Simulator#reset',
  'Simulator#restartNetworks Simulator#serve Simulator#startTrace Simulator#state Simulator#trace Simulator.of',
  'describeStatus isAccessDenied isAlreadyExists isAlreadyStopped isHcsError isInvalidState isNotFound isNotSupported',
  'isServiceGone isTimeout quoteCommandLine systemGuid replay withoutNames',
  // They take those of any operation: vm-files.test.ts.
  ...ofComputecore,
  // Not in the types of the package.
  'ComputeSystem#dispatch ComputeSystem#dispatchNotification ComputeSystem#dispatches ComputeSystem#endNotifications',
  'Process#dispatch Process#dispatchNotification Process#dispatches Process#endNotifications Process.create Process.open',
  'Host.openThrough',
  ...['Network', 'Endpoint', 'Namespace', 'LoadBalancer', 'Route'].map((each) =>
    ['close', 'toJSON', 'change', 'openSession'].map((method) => `${each}#${method}`).join(' '),
  ),
  'VirtualDisk#toJSON DiskAttachment#toJSON UtilityVm#close UtilityVm#toJSON',
  'GuestNetworkService#ref GuestNetworkService#unref GuestNetworkService#toJSON Namespace.of',
].flatMap((line) => line.split(' '));

/** Those that take limits. */
const limited = new Set([
  ...Object.keys({ ...apiCalls, ...diskCalls, ...layerCalls, ...networkCalls }),
  'ComputeSystem#stop',
  'Host#close',
  ...Object.keys(optionCalls).filter((name) => name.startsWith('UtilityVm')),
]);

describe('The options of every public function', () => {
  const bench = useSimulator();
  const layers = useLayers(bench);

  it('are tested here, or the function takes none', () => {
    const known = [...Object.keys(optionCalls).filter((name) => !moreCalls.includes(name)), ...without];
    assert.deepEqual(publicFunctions(), known.sort());
  });

  for (const [name, { field, needs, call }] of Object.entries(optionCalls)) {
    it(`of ${name} are rejected when their name is unknown`, async () => {
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

  for (const name of limited) {
    const { call } = optionCalls[name]!;
    it(`of ${name} are rejected when their value is invalid`, async () => {
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

/** Options whose members change: what each is after it was read for the first time, no function takes. */
function changing(options: object): { readonly given: never; readonly reads: Map<string, number> } {
  const reads = new Map<string, number>();
  const get = (target: object, name: string | symbol): unknown => {
    if (typeof name === 'symbol') return Reflect.get(target, name);
    const count = (reads.get(name) ?? 0) + 1;
    reads.set(name, count);
    return count === 1 ? Reflect.get(target, name) : NaN;
  };
  return { given: new Proxy(options, { get }) as never, reads };
}

/** Undoes what a call has made. */
async function undo(made: unknown): Promise<void> {
  if (typeof made !== 'object' || made === null) return;
  if ('stream' in made) (made.stream as Readable).destroy();
  if (Symbol.asyncDispose in made) await (made as AsyncDisposable)[Symbol.asyncDispose]();
}

describe('Options with getters that return another value each time', () => {
  const bench = useSimulator();
  const layers = useLayers(bench);

  for (const [name, { needs, call }] of Object.entries(optionCalls)) {
    it(`are read once by ${name}`, async () => {
      const on = { scene: await setScene(bench), bench, layers };
      const limits = limited.has(name) ? { signal: new AbortController().signal, timeoutMs: 60_000 } : {};
      const { given, reads } = changing({ ...needs, ...limits });
      await Promise.resolve()
        .then(() => call(given, on))
        .then(undo, (error: unknown) => assert.ok(error instanceof Error));
      await Promise.all(on.scene.opened.map((each) => each.close()));
      const more = [...reads].filter(([, count]) => count > 1);
      assert.deepEqual(more, []);
      assert.ok(reads.size > 0);
    });
  }
});
