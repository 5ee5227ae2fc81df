import assert from 'node:assert/strict';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { HcsError } from 'hostcompute';
import { ComputeSystem, grantVmAccess, nameToGuid } from 'hostcompute';
import { v5 } from 'uuid';

import { containerDocument } from '../support/documents.js';
import { useSimulator } from '../support/host.js';
import { useLayers } from '../support/layers/layers.js';

const gibibyte = 2 ** 30;

function failing(code: string, operation: string) {
  return { name: 'HcsError', code, operation };
}

describe('Layers', () => {
  const bench = useSimulator();
  const layers = useLayers(bench);

  const complaint = async (): Promise<string> => (await bench.simulator.state()).LayerError;
  const active = async (): Promise<unknown> =>
    (await bench.simulator.state()).Layers.map(({ Name, Activations, Prepared }) => [Name, Activations, Prepared]);

  describe('The lifecycle of a scratch layer', () => {
    beforeEach(() => layers.scratch());

    it('goes from its disk to a volume and back', async () => {
      const { store } = layers;
      assert.equal(await store.exists('scratch'), true);
      assert.equal(await store.mountPath('scratch'), '');
      await store.activate('scratch');
      assert.deepEqual(await active(), [['scratch', 1, false]]);
      assert.match(await store.mountPath('scratch'), /^\\\\\?\\Volume\{[0-9a-f-]{36}\}$/);
      await store.prepare('scratch', ['app', 'base']);
      assert.deepEqual(await active(), [['scratch', 1, true]]);
      await store.unprepare('scratch');
      await store.deactivate('scratch');
      assert.deepEqual(await active(), []);
      await store.destroy('scratch');
      assert.equal(await store.exists('scratch'), false);
    });

    it('accepts parents by path as well as by id', async () => {
      const { store } = layers;
      await store.activate('scratch');
      await store.prepare('scratch', [store.pathOf('app'), store.pathOf('base')]);
      await store.unprepare('scratch');
      await store.deactivate('scratch');
      assert.deepEqual(await active(), []);
    });

    it('refuses a second activation while its disk is in use', async () => {
      const { store } = layers;
      await store.activate('scratch');
      await assert.rejects(store.activate('scratch'), failing('ERROR_SHARING_VIOLATION', 'ActivateLayer'));
      await store.deactivate('scratch');
    });

    it('refuses prepare before activate, and a second prepare', async () => {
      const { store } = layers;
      const parents = ['app', 'base'];
      await assert.rejects(store.prepare('scratch', parents), failing('ERROR_NOT_READY', 'PrepareLayer'));
      await store.activate('scratch');
      await store.prepare('scratch', parents);
      await assert.rejects(store.prepare('scratch', parents), failing('ERROR_SHARING_VIOLATION', 'PrepareLayer'));
      await assert.rejects(store.deactivate('scratch'), failing('ERROR_SHARING_VIOLATION', 'DeactivateLayer'));
      await store.unprepare('scratch');
      await store.deactivate('scratch');
    });

    it('refuses to prepare a read-only layer, and names the layer to mount instead', async () => {
      const { store } = layers;
      const told = (error: HcsError): boolean => {
        assert.equal(error.code, 'ERROR_FILE_NOT_FOUND');
        assert.match(error.message, /has no disk/);
        assert.match(error.remedy!, /createScratch\(\)/);
        assert.equal(error.layer, store.pathOf('app'));
        return true;
      };
      await assert.rejects(store.mount('app', ['base']), told);
      await assert.rejects(store.prepare('app', ['base']), told);
      assert.deepEqual(await active(), []);
    });

    it('refuses to undo a step that was not done', async () => {
      const { store } = layers;
      await assert.rejects(store.unprepare('scratch'), failing('ERROR_NOT_READY', 'UnprepareLayer'));
      await assert.rejects(store.deactivate('scratch'), failing('ERROR_NOT_READY', 'DeactivateLayer'));
    });

    it('refuses parents that are missing, unprocessed, or in the wrong order', async () => {
      const { store } = layers;
      await store.create('empty');
      await store.activate('scratch');
      const prepare = (...parents: string[]): Promise<void> => store.prepare('scratch', parents);
      await assert.rejects(prepare(), failing('E_INVALIDARG', 'PrepareLayer'));
      await assert.rejects(prepare('none', 'base'), failing('ERROR_PATH_NOT_FOUND', 'PrepareLayer'));
      await assert.rejects(prepare('empty', 'base'), failing('HCS_E_INVALID_LAYER', 'PrepareLayer'));
      assert.match(await complaint(), /^vmcompute\.PrepareLayer "scratch": The parent empty must be a processed layer/);
      await assert.rejects(prepare('base', 'app'), failing('HCS_E_INVALID_LAYER', 'PrepareLayer'));
      assert.match(await complaint(), /The last parent, app, must be a base layer/);
      await store.deactivate('scratch');
    });

    it('starts with a disk of 20 GB, which grows only while inactive and never shrinks', async () => {
      const { store } = layers;
      const disk = join(store.pathOf('scratch'), 'sandbox.vhdx');
      assert.match(await readFile(disk, 'utf8'), new RegExp(`bytes ${String(20 * gibibyte)}\n`));
      await store.expandScratch('scratch', 127 * gibibyte);
      assert.match(await readFile(disk, 'utf8'), new RegExp(`bytes ${String(127 * gibibyte)}\n`));
      await assert.rejects(store.expandScratch('scratch', gibibyte), failing('E_INVALIDARG', 'ExpandSandboxSize'));
      await store.activate('scratch');
      const inUse = failing('ERROR_SHARING_VIOLATION', 'ExpandSandboxSize');
      await assert.rejects(store.expandScratch('scratch', 200 * gibibyte), inUse);
      await store.deactivate('scratch');
    });

    it('refuses to be destroyed while active, as does a parent while prepared', async () => {
      const { store } = layers;
      await store.activate('scratch');
      await store.prepare('scratch', ['app', 'base']);
      await assert.rejects(store.destroy('scratch'), failing('ERROR_SHARING_VIOLATION', 'DestroyLayer'));
      await assert.rejects(store.destroy('base'), { operation: 'DestroyLayer', status: 0xc0000420 });
      await store.unprepare('scratch');
      await store.deactivate('scratch');
      await store.destroy('scratch');
      await store.destroy('app');
      await store.destroy('base');
      await assert.rejects(store.destroy('base'), failing('ERROR_PATH_NOT_FOUND', 'DestroyLayer'));
    });
  });

  it('a scratch layer without parents has no disk', async () => {
    const { store } = layers;
    await store.createScratch('bare', []);
    assert.equal(await store.exists('bare'), true);
    await assert.rejects(store.activate('bare'), failing('ERROR_FILE_NOT_FOUND', 'ActivateLayer'));
    await assert.rejects(store.expandScratch('bare', gibibyte), failing('ERROR_FILE_NOT_FOUND', 'ExpandSandboxSize'));
  });

  it('a read-only layer counts its activations, and its folder is its mount path', async () => {
    const { store } = layers;
    await layers.base('base');
    await store.activate('base');
    await store.activate('base');
    assert.deepEqual(await active(), [['base', 2, false]]);
    assert.equal(await store.mountPath('base'), store.pathOf('base'));
    await store.deactivate('base');
    await store.deactivate('base');
    assert.deepEqual(await active(), []);
  });

  it('create() creates a folder once, with any parent', async () => {
    const { store } = layers;
    await store.create('new');
    assert.ok((await stat(store.pathOf('new'))).isDirectory());
    await assert.rejects(store.create('new'), failing('ERROR_ALREADY_EXISTS', 'CreateLayer'));
    await store.create('child', 'none');
    assert.ok(await store.exists('child'));
  });

  it('copy() copies a layer that is not active', async () => {
    const { store } = layers;
    await layers.scratch();
    await store.expandScratch('scratch', 30 * gibibyte);
    await store.copy('scratch', 'second', ['app', 'base']);
    assert.match(await readFile(join(store.pathOf('second'), 'sandbox.vhdx'), 'utf8'), /bytes 32212254720/);
    await assert.rejects(store.copy('scratch', 'second', []), failing('ERROR_ALREADY_EXISTS', 'CopyLayer'));
    await store.activate('scratch');
    await assert.rejects(store.copy('scratch', 'third', []), failing('ERROR_SHARING_VIOLATION', 'CopyLayer'));
    await store.deactivate('scratch');
  });

  describe('nameToGuid()', () => {
    const seen = {
      '3c5bfe2daef2c14ab2185e679ccf26891f306db3c8af06cd6a0b06eecc3a0f1f': '9a520dd8-e003-5ac9-aafa-90282d69bead',
      '4e3c0eecb91d8fc28eda07ff06c6910a592b0ce4539476fb943b48e6934e9976': 'cd22d128-903e-550a-9d8f-aa8134ca1c9b',
      e2a46135ff011a2ef9f193590ccddde95806850a0cdd7638b913e003c28e7fd0: '8f9dd02a-0f67-598e-921b-59884f08b5af',
      '3030b7a20c848d1553700c1ccf0369b0f5d9b3d9a4c37ea6652fd54809a60a07': '4d2dfb6d-2f3b-5926-adf1-4bd7e162b91f',
      '51e9822a11581f9e3146d87a87f608f9c642a5aa4f7648c3290f75ccc0ebec4e': '79480338-67cf-5689-91ee-5b5060dc1ca3',
      e984e14da4691b4ca5782a9c4b4af88a17db410424d2632d157a261b8d2cd918: '6658b069-0c9a-5796-8dd4-df51d8e89bf3',
      d239cc65931aeaa6443dd51452405e442baf32447515ecb3b19aee1a86b3e616: '7b2926d2-514d-5e06-82e3-f9a726c336a6',
      c09e132f538143279663778ef82c57af1d1d9af79f47963bf1e543919e9e363e: 'f87666ff-622a-57ae-a59c-935bcbd517ab',
    };
    for (const [name, guid] of Object.entries(seen)) {
      it(`returns the GUID that Windows computes for ${name.slice(0, 12)}…`, async () => {
        assert.equal(await nameToGuid(name, { host: bench.simulator.host }), guid);
      });
    }

    it('returns a stable version 5 GUID for any other name', async () => {
      const { host } = bench.simulator;
      const guid = await nameToGuid('a layer of mine', { host });
      assert.equal(await nameToGuid('a layer of mine', { host }), guid);
      const space = '2f0b5c1e-6d0a-4c9b-8f57-1a3ed47092b6';
      assert.equal(guid, v5(Buffer.from('a layer of mine', 'utf16le'), space));
      assert.notEqual(await nameToGuid('another layer', { host }), guid);
    });
  });

  it('grantVmAccess() requires an existing file', async () => {
    const { host } = bench.simulator;
    const file = join(layers.folder, 'disk.vhdx');
    await assert.rejects(grantVmAccess('vm', file, { host }), failing('ERROR_FILE_NOT_FOUND', 'GrantVmAccess'));
    await writeFile(file, '');
    await grantVmAccess('vm', file, { host });
  });

  it('the simulated host has no base images', async () => {
    assert.deepEqual(await layers.store.baseImages(), []);
  });

  describe('A container', () => {
    beforeEach(() => layers.scratch());

    const create = (id: string, storage: { Path: string; Layers: readonly { Id: string; Path: string }[] }) => {
      const { Container, ...rest } = containerDocument();
      const document = { ...rest, Container: { ...Container, Storage: { ...storage, Layers: [...storage.Layers] } } };
      return ComputeSystem.create(id, document, { host: bench.simulator.host });
    };

    it('runs on a mounted layer, which stays prepared until the container exits', async () => {
      const mounted = await layers.store.mount('scratch', ['app', 'base']);
      const system = await create(bench.id(), mounted.storage);
      await system.start();
      await assert.rejects(mounted.close(), failing('ERROR_SHARING_VIOLATION', 'UnprepareLayer'));
      await system.terminate();
      await system.close();
      await mounted.close();
      assert.deepEqual(await active(), []);
    });

    it('does not start on a volume that is no longer prepared', async () => {
      const mounted = await layers.store.mount('scratch', ['app', 'base']);
      const system = await create(bench.id(), mounted.storage);
      await mounted.close();
      await assert.rejects(system.start(), failing('HCS_E_INVALID_LAYER', 'HcsStartComputeSystem'));
      await system.close();
    });

    it('does not start when one of its layers was deleted', async () => {
      const mounted = await layers.store.mount('scratch', ['app', 'base']);
      const system = await create(bench.id(), mounted.storage);
      await mounted.close();
      await layers.store.destroy('app');
      await assert.rejects(system.start(), failing('HCS_E_INVALID_LAYER', 'HcsStartComputeSystem'));
      await system.close();
    });
  });
});
