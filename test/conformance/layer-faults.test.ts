import assert from 'node:assert/strict';

import type { HostFunction } from 'hostcompute';
import { HcsError, Host, LayerStore } from 'hostcompute';

import { functions } from '#dist/backend/functions.js';
import { useSimulator } from '../support/host.js';
import { useLayers } from '../support/layers/layers.js';
import { layerCalls } from './layer-api-calls.js';

// What Windows has been seen to answer to storage calls.
const failures = {
  HCS_E_IMAGE_MISMATCH: 0xc0370101,
  HCS_E_INVALID_LAYER: 0xc0370112,
  E_UNEXPECTED: 0x8000ffff,
  E_ACCESSDENIED: 0x80070005,
  ERROR_SHARING_VIOLATION: 0x80070020,
  ERROR_INVALID_FUNCTION: 0x80070001,
  ERROR_MOD_NOT_FOUND: 0x8007007e,
} as const;

describe('Layer calls', () => {
  const bench = useSimulator();
  const layers = useLayers(bench);
  beforeEach(() => layers.scratch());

  it('cover every storage function of the host', () => {
    const made = new Set(Object.values(layerCalls).flatMap((call) => call.functions));
    const storage = Object.keys(functions).filter((name) =>
      /^computestorage|^vmcompute\.(?!Hc|HNS)/.test(name),
    ) as HostFunction[];
    assert.deepEqual([...made].sort(), storage.sort());
  });

  for (const [title, call] of Object.entries(layerCalls)) {
    describe(title, () => {
      beforeEach(() => call.before?.(layers, bench));

      it('makes the host calls listed in the table', async () => {
        const before = (await bench.simulator.state()).Calls;
        await call.make(layers, bench, {});
        const { Calls: after } = await bench.simulator.state();
        const made = Object.keys(after).filter((name) => (after[name] ?? 0) > (before[name] ?? 0));
        assert.deepEqual(made.sort(), [...call.functions].sort());
        await call.after?.(layers);
      });

      for (const key of call.functions) {
        const name = key.replace(/^\w+\./, '');
        it(`does not block the event loop while the host blocks ${name}`, async () => {
          const fault = await bench.simulator.inject({ function: key, block: true });
          const done = call.make(layers, bench, {});
          assert.ok(await bench.simulator.reached({ blockedCalls: 1 }));
          assert.equal((await bench.running()).id.length > 0, true);
          await fault.clear();
          await done;
          await call.after?.(layers);
        });

        for (const [code, status] of Object.entries(failures)) {
          it(`rejects when ${name} fails with ${code}`, async () => {
            await bench.simulator.inject({ function: key, status });
            await assert.rejects(call.make(layers, bench, {}), (error) => {
              assert.ok(error instanceof HcsError);
              assert.deepEqual([error.code, error.status, error.operation], [code, status, name]);
              assert.notEqual(error.remedy, undefined);
              return true;
            });
            const undo = /^(Unprepare|Deactivate|HcsDetach)/.test(name);
            if (undo) await call.make(layers, bench, {}).then(() => call.after?.(layers));
            else if (title === 'LayerStore#prepare') await layers.store.deactivate('scratch');
          });
        }

        it(`rejects, naming ${name}, when the host lacks it`, async () => {
          // Another store: this one knows its GUIDs.
          const fault = await bench.simulator.inject({ function: key, missing: true });
          await assert.rejects(call.make(layers, bench, {}), { code: 'ERR_HC_SYMBOL', functionName: name });
          await fault.clear();
          if (title === 'LayerStore#prepare' || title === 'LayerStore#deactivate') {
            await layers.store.deactivate('scratch');
          } else if (title === 'LayerStore#unprepare' || title.startsWith('detach')) {
            await call.make(layers, bench, {}).then(() => call.after?.(layers));
          }
        });
      }
    });
  }

  it('reject when the host is closed', async () => {
    const host = await Host.open('simulated');
    const store = await LayerStore.open(layers.folder, { host });
    await host.close();
    await assert.rejects(store.exists('base'), { code: 'ERR_HC_CLOSED' });
    await assert.rejects(store.mount('scratch', ['app', 'base']), { code: 'ERR_HC_CLOSED' });
  });
});
