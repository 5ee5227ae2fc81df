import assert from 'node:assert/strict';
import { on, once } from 'node:events';
import { join } from 'node:path';

import type { HcsError, LayerStoreOptions, LayerWait, MountedLayer } from 'hostcompute';
import { grantVmAccess, Host, LayerStore, nameToGuid } from 'hostcompute';

import { useSimulator } from '../../support/host.js';
import { useLayers } from '../../support/layers/layers.js';

const parents = ['app', 'base'];

function argument(field: string) {
  return { name: 'HcsArgumentError', code: 'ERR_HC_ARGUMENT', field };
}

describe('LayerStore', () => {
  const bench = useSimulator();
  const layers = useLayers(bench);

  const calls = async (name: string): Promise<number> =>
    (await bench.simulator.state()).Calls[`vmcompute.${name}`] ?? 0;

  describe('.open()', () => {
    it('requires the absolute path of a folder', async () => {
      const { host } = bench.simulator;
      await assert.rejects(LayerStore.open('layers', { host }), argument('folder'));
      await assert.rejects(LayerStore.open(join(layers.folder, 'none'), { host }), argument('folder'));
      await assert.rejects(LayerStore.open(7 as never, { host }), argument('folder'));
    });

    const wrong: readonly [field: string, options: LayerStoreOptions][] = [
      ['options.retry.rounds', { retry: { rounds: 0 } }],
      ['options.retry.delayMs', { retry: { delayMs: -1 } }],
      ['options.watchdogMs', { watchdogMs: 0 }],
      ['options.host', { host: {} as never }],
      ['options.watchdog', { watchdog: 5 } as never],
      ['options.retry.delay', { retry: { delay: 1 } } as never],
    ];
    for (const [field, options] of wrong) {
      it(`rejects an invalid ${field}`, async () => {
        await assert.rejects(layers.open(options), argument(field));
      });
    }
  });

  describe('rejects without calling the host', () => {
    for (const id of ['', '.', '..', 'a/b', 'a\\b', 'C:', 'a:b', 'a.', 'a ', 'a\0', 7 as never]) {
      it(`${JSON.stringify(id)} as an id`, async () => {
        await assert.rejects(layers.store.activate(id), argument('id'));
        assert.equal(await calls('ActivateLayer'), 0);
      });
    }

    it('invalid parents', async () => {
      await assert.rejects(layers.store.mount('a', 'base' as never), argument('parents'));
      await assert.rejects(layers.store.mount('a', ['app', '../base']), argument('parents[1]'));
      await assert.rejects(layers.store.create('a', ''), argument('parent'));
    });

    it('folders that are not absolute paths', async () => {
      const { store } = layers;
      await assert.rejects(store.import('a', 'in', ['base']), argument('folder'));
      await assert.rejects(store.export('a', 'out', ['base']), argument('folder'));
      await assert.rejects(store.processBaseImage('base'), argument('path'));
      await assert.rejects(store.processUtilityImage('UtilityVM'), argument('path'));
      await assert.rejects(grantVmAccess('vm', 'disk.vhdx', { host: bench.simulator.host }), argument('file'));
      await assert.rejects(
        grantVmAccess('', join(layers.folder, 'x'), { host: bench.simulator.host }),
        argument('vmId'),
      );
    });

    it('names with a NUL, invalid sizes and invalid options', async () => {
      await assert.rejects(nameToGuid('a\0b', { host: bench.simulator.host }), argument('name'));
      for (const bytes of [0, -1, 1.5, NaN, 2 ** 53]) {
        await assert.rejects(layers.store.expandScratch('a', bytes), argument('bytes'));
      }
      await assert.rejects(layers.store.exists('a', { timeoutMs: 0 }), argument('options.timeoutMs'));
      await assert.rejects(layers.store.mount('a', ['base'], { signal: 1 as never }), argument('options.signal'));
    });
  });

  it('names the layer in errors', async () => {
    const layer = layers.store.pathOf('none');
    await assert.rejects(layers.store.activate('none'), (error: HcsError) => {
      assert.equal(error.layer, layer);
      assert.match(error.message, /^ActivateLayer of layer ".*none": ERROR_PATH_NOT_FOUND/);
      return true;
    });
  });

  describe('#mount()', () => {
    beforeEach(() => layers.scratch());

    it('returns the storage members of a container document', async () => {
      const mounted = await layers.store.mount('scratch', parents);
      assert.deepEqual([mounted.id, mounted.folder], ['scratch', layers.store.pathOf('scratch')]);
      assert.match(mounted.volume, /^\\\\\?\\Volume\{[0-9a-f-]{36}\}$/);
      const expected = await Promise.all(
        parents.map(async (id) => ({
          Id: await nameToGuid(id, { host: bench.simulator.host }),
          Path: layers.store.pathOf(id),
        })),
      );
      assert.deepEqual(mounted.storage, { Path: `${mounted.volume}\\`, Layers: expected });
      await mounted.close();
    });

    it('is undone once by close(), in reverse order', async () => {
      const mounted = await layers.store.mount('scratch', parents);
      await bench.simulator.startTrace();
      await Promise.all([mounted.close(), mounted.close()]);
      await mounted.close();
      const made = (await bench.simulator.trace()).filter((line) => line.includes('Layer'));
      assert.deepEqual(made, [
        'call vmcompute.UnprepareLayer "scratch" 0x00000000',
        'call vmcompute.DeactivateLayer "scratch" 0x00000000',
      ]);
    });

    it('is undone by await using', async () => {
      {
        await using mounted = await layers.store.mount('scratch', parents);
        assert.equal((await bench.simulator.state()).Layers.length, 1);
        assert.equal(mounted.id, 'scratch');
      }
      assert.deepEqual((await bench.simulator.state()).Layers, []);
    });

    it('can be closed again after a failed close, and continues where it failed', async () => {
      const mounted = await layers.store.mount('scratch', parents);
      await bench.simulator.inject({ function: 'DeactivateLayer', status: 0x80070020 });
      await assert.rejects(mounted.close(), { code: 'ERROR_SHARING_VIOLATION', operation: 'DeactivateLayer' });
      assert.equal(bench.simulator.host.ledger().layers, 1);
      await mounted.close();
      assert.equal(await calls('UnprepareLayer'), 1);
      assert.equal(bench.simulator.host.ledger().layers, 0);
    });

    it('is in the ledger until it is closed', async () => {
      const { host } = bench.simulator;
      const mounted = await layers.store.mount('scratch', parents);
      assert.equal(host.ledger().layers, 1);
      assert.deepEqual(host.ledger().mounted, [{ layer: mounted.folder }]);
      await mounted.close();
      assert.deepEqual(host.ledger().mounted, []);
    });

    it('records where it was mounted in debug mode', async () => {
      await using host = await Host.open('simulated', { debug: true });
      const store = await LayerStore.open(layers.folder, { host });
      const mounted = await store.mount('scratch', parents);
      assert.match(host.ledger().mounted[0]!.openedAt!, /layer-store\.test/);
      await mounted.close();
    });

    const later = { ERROR_NOT_READY: 0x80070015, ERROR_DEVICE_NOT_CONNECTED: 0x8007048f };
    for (const [code, status] of Object.entries(later)) {
      for (const name of ['ActivateLayer', 'PrepareLayer'] as const) {
        it(`retries when ${name} fails with ${code}`, async () => {
          const store = await layers.open({ retry: { delayMs: 1 } });
          const heard: unknown[] = [];
          store.on('retry', ({ layer, round, error }) => heard.push([layer, round, error.code, error.operation]));
          await bench.simulator.inject({ function: name, status, count: 2 });
          const mounted = await store.mount('scratch', parents);
          const layer = store.pathOf('scratch');
          assert.deepEqual(heard, [
            [layer, 1, code, name],
            [layer, 2, code, name],
          ]);
          assert.equal(await calls(name), 3);
          await mounted.close();
        });
      }
    }

    it('tries five times at most', async () => {
      const store = await layers.open({ retry: { delayMs: 1 } });
      await bench.simulator.inject({ function: 'PrepareLayer', status: 0x80070015, count: 0 });
      await assert.rejects(store.mount('scratch', parents), { code: 'ERROR_NOT_READY' });
      assert.deepEqual(
        [await calls('ActivateLayer'), await calls('PrepareLayer'), await calls('DeactivateLayer')],
        [5, 5, 5],
      );
    });

    it('does not retry with retry: false or for other failures', async () => {
      const once = await layers.open({ retry: false });
      await bench.simulator.inject({ function: 'PrepareLayer', status: 0x80070015 });
      await assert.rejects(once.mount('scratch', parents), { code: 'ERROR_NOT_READY' });
      assert.equal(await calls('PrepareLayer'), 1);
      await bench.simulator.inject({ function: 'PrepareLayer', status: 0x80070005 });
      await assert.rejects(layers.store.mount('scratch', parents), { code: 'E_ACCESSDENIED' });
      assert.equal(await calls('PrepareLayer'), 2);
    });

    it('undoes completed steps when a later step fails, even if undoing fails', async () => {
      await bench.simulator.inject({ function: 'GetLayerMountPath', status: 0x80070005 });
      await assert.rejects(layers.store.mount('scratch', parents), { operation: 'GetLayerMountPath' });
      assert.deepEqual((await bench.simulator.state()).Layers, []);
      await bench.simulator.inject({ function: 'PrepareLayer', status: 0x80070005 });
      await bench.simulator.inject({ function: 'DeactivateLayer', status: 0x80070020 });
      await assert.rejects(layers.store.mount('scratch', parents), {
        code: 'E_ACCESSDENIED',
        operation: 'PrepareLayer',
      });
      await layers.store.deactivate('scratch');
    });

    it('stops when it is cancelled between two attempts', async () => {
      const store = await layers.open({ retry: { delayMs: 0x7fffffff } });
      const abort = new AbortController();
      store.on('retry', () => abort.abort('enough'));
      await bench.simulator.inject({ function: 'PrepareLayer', status: 0x80070015 });
      const mounting = store.mount('scratch', parents, { signal: abort.signal });
      await assert.rejects(mounting, { code: 'ABORT_ERR', operation: 'LayerStore.mount' });
      assert.deepEqual((await bench.simulator.state()).Layers, []);
    });

    for (const name of ['ActivateLayer', 'PrepareLayer', 'GetLayerMountPath'] as const) {
      it(`is undone when the host completes after a cancel during ${name}`, async () => {
        const { simulator } = bench;
        const fault = await simulator.inject({ function: name, block: true });
        const abort = new AbortController();
        const mounting = layers.store.mount('scratch', parents, { signal: abort.signal });
        await simulator.reached({ blockedCalls: 1 });
        abort.abort();
        await assert.rejects(mounting, { code: 'ABORT_ERR', operation: name });
        await fault.clear();
        // The bench finds a layer that stays active.
        assert.ok(await bench.noneStuck());
      });
    }

    it('applies its timeout to all steps together', async () => {
      for (const name of ['ActivateLayer', 'PrepareLayer', 'GetLayerMountPath'] as const) {
        await bench.simulator.inject({ function: name, callMs: 150 });
      }
      await assert.rejects(layers.store.mount('scratch', parents, { timeoutMs: 400 }), { code: 'ERR_HC_TIMEOUT' });
      assert.ok(await bench.noneStuck());
    });

    it('times out between two attempts', async () => {
      const store = await layers.open({ retry: { delayMs: 0x7fffffff } });
      await bench.simulator.inject({ function: 'PrepareLayer', status: 0x80070015 });
      const mounting = store.mount('scratch', parents, { timeoutMs: 1000 });
      await assert.rejects(mounting, { code: 'ERR_HC_TIMEOUT', operation: 'LayerStore.mount' });
    });

    it('does not exceed its timeout while undoing', async () => {
      await bench.simulator.inject({ function: 'PrepareLayer', status: 0x80070005 });
      const fault = await bench.simulator.inject({ function: 'DeactivateLayer', block: true });
      await assert.rejects(layers.store.mount('scratch', parents, { timeoutMs: 1000 }), { code: 'E_ACCESSDENIED' });
      assert.equal((await bench.simulator.state()).BlockedCalls, 1);
      await fault.clear();
    });

    it('is undone once by several close() calls, each with its own limits', async () => {
      const { simulator } = bench;
      const mounted = await layers.store.mount('scratch', parents);
      const fault = await simulator.inject({ function: 'UnprepareLayer', block: true });
      const first = mounted.close();
      await simulator.reached({ blockedCalls: 1 });
      await assert.rejects(mounted.close({ timeoutMs: 20 }), { code: 'ERR_HC_TIMEOUT', operation: 'UnprepareLayer' });
      await assert.rejects(mounted.close({ signal: AbortSignal.abort() }), { code: 'ABORT_ERR' });
      const third = mounted.close();
      await fault.clear();
      await Promise.all([first, third]);
      assert.deepEqual([await calls('UnprepareLayer'), await calls('DeactivateLayer')], [1, 1]);
    });

    it('is closed after a close that timed out, without repeating the pending call', async () => {
      const { simulator } = bench;
      const mounted = await layers.store.mount('scratch', parents);
      const fault = await simulator.inject({ function: 'UnprepareLayer', block: true });
      await assert.rejects(mounted.close({ timeoutMs: 20 }), { code: 'ERR_HC_TIMEOUT', operation: 'UnprepareLayer' });
      const second = mounted.close();
      await fault.clear();
      await second;
      assert.deepEqual([await calls('UnprepareLayer'), await calls('DeactivateLayer')], [1, 1]);
    });

    it('times out while a call hangs', async () => {
      const fault = await bench.simulator.inject({ function: 'PrepareLayer', block: true });
      const mounting = layers.store.mount('scratch', parents, { timeoutMs: 200 });
      await assert.rejects(mounting, { code: 'ERR_HC_TIMEOUT', operation: /^(Activate|Prepare)Layer$/ });
      await fault.clear();
    });
  });

  describe('#prepare()', () => {
    beforeEach(async () => {
      await layers.scratch();
      await layers.store.createScratch('other', parents);
      await layers.store.activate('scratch');
      await layers.store.activate('other');
    });

    const undo = async (...ids: string[]): Promise<void> => {
      for (const id of ids) await layers.store.unprepare(id);
      await layers.store.deactivate('scratch');
      await layers.store.deactivate('other');
    };

    it('makes one host call at a time across all stores', async () => {
      const { simulator } = bench;
      const fault = await simulator.inject({ function: 'PrepareLayer', block: true, count: 1 });
      const first = layers.store.prepare('scratch', parents);
      await simulator.reached({ blockedCalls: 1 });
      const store = await layers.open({ watchdogMs: 1 });
      const second = store.prepare('other', parents);
      const heard = on(store, 'waiting') as AsyncIterableIterator<[LayerWait]>;
      for await (const [{ operation, layer, seconds }] of heard) {
        if (operation !== 'PrepareLayer') continue; // the store asks for the GUIDs of the parents first
        assert.equal(layer, store.pathOf('other'));
        assert.ok(seconds > 0);
        break;
      }
      assert.equal(await calls('PrepareLayer'), 1);
      await fault.clear();
      await Promise.all([first, second]);
      assert.equal(await calls('PrepareLayer'), 2);
      await undo('scratch', 'other');
    });

    it('passes its turn on when it is cancelled while waiting', async () => {
      const { simulator } = bench;
      const fault = await simulator.inject({ function: 'PrepareLayer', block: true, count: 1 });
      const first = layers.store.prepare('scratch', parents);
      await simulator.reached({ blockedCalls: 1 });
      const abort = new AbortController();
      const second = layers.store.prepare('other', parents, { signal: abort.signal });
      const third = layers.store.prepare('other', parents);
      abort.abort();
      await assert.rejects(second, { code: 'ABORT_ERR', operation: 'PrepareLayer' });
      await fault.clear();
      await Promise.all([first, third]);
      assert.equal(await calls('PrepareLayer'), 2);
      await undo('scratch', 'other');
    });

    it('passes its turn on when its call is cancelled or times out inside the host', async () => {
      const { simulator } = bench;
      const fault = await simulator.inject({ function: 'PrepareLayer', block: true, count: 2 });
      const abort = new AbortController();
      const cancelled = layers.store.prepare('scratch', parents, { signal: abort.signal });
      await simulator.reached({ blockedCalls: 1 });
      const timedOut = layers.store.prepare('scratch', parents, { timeoutMs: 300 });
      const last = layers.store.prepare('other', parents);
      abort.abort();
      await assert.rejects(cancelled, { code: 'ABORT_ERR', operation: 'PrepareLayer' });
      await assert.rejects(timedOut, { code: 'ERR_HC_TIMEOUT', operation: 'PrepareLayer' });
      await last;
      assert.equal((await simulator.state()).BlockedCalls, 2);
      await fault.clear();
      await simulator.reached({ callsInside: 0 });
      await undo('scratch', 'other');
    });

    it('does not wait for calls of another host', async () => {
      const { simulator } = bench;
      await using host = await Host.open('simulated');
      const elsewhere = await LayerStore.open(layers.folder, { host });
      const fault = await simulator.inject({ function: 'PrepareLayer', block: true, count: 1 });
      const first = elsewhere.prepare('scratch', parents);
      await simulator.reached({ blockedCalls: 1 });
      await layers.store.prepare('other', parents);
      await fault.clear();
      await first;
      await undo('scratch', 'other');
    });
  });

  it('emits "waiting" for slow calls', async () => {
    await layers.chain();
    const store = await layers.open({ watchdogMs: 1 });
    const fault = await bench.simulator.inject({ function: 'DestroyLayer', block: true });
    const destroyed = store.destroy('app');
    for (let times = 0; times < 2; times++) {
      const [wait] = (await once(store, 'waiting')) as [{ operation: string; layer: string }];
      assert.deepEqual([wait.operation, wait.layer], ['DestroyLayer', store.pathOf('app')]);
    }
    await fault.clear();
    await destroyed;
  });

  it('waits for slow storage calls without a default timeout, but applies one that is set', async () => {
    const { store } = layers;
    await layers.chain();
    const fault = await bench.simulator.inject({ function: 'DestroyLayer', block: true });
    await assert.rejects(store.destroy('app', { timeoutMs: 50 }), {
      code: 'ERR_HC_TIMEOUT',
      operation: 'DestroyLayer',
    });
    await fault.clear();
  });

  it('queries the GUID of a name once', async () => {
    await layers.scratch();
    const before = await calls('NameToGuid');
    const mounted: MountedLayer[] = [];
    for (let i = 0; i < 2; i++) {
      mounted.push(await layers.store.mount('scratch', parents));
      await mounted[i]!.close();
    }
    assert.equal(await calls('NameToGuid'), before);
  });

  it('reads the base images of a host, and rejects an invalid answer', async () => {
    const { simulator } = bench;
    const images = JSON.stringify({ Images: [{ Name: 'nano', Size: 7 }] });
    await simulator.inject({ function: 'GetBaseImages', properties: images });
    assert.deepEqual(await layers.store.baseImages(), [{ Name: 'nano', Size: 7 }]);
    await simulator.inject({ function: 'GetBaseImages', properties: '[]' });
    await assert.rejects(layers.store.baseImages(), { code: 'ERR_HC_DOCUMENT', operation: 'GetBaseImages' });
  });
});
