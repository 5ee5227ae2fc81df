import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { Host } from 'hostcompute';
import { destroyLayer, exportFolder, exportLegacyFolder, importFolder, layerData } from 'hostcompute/storage';

import { simulatorLibraries } from '#dist/backend/load.js';
import { useSimulator } from '../../support/host.js';
import { appTree, baseTree, transportFile, useLayers } from '../../support/layers/layers.js';

const read = (...path: string[]): Promise<Buffer> => readFile(join(...path));

describe('Layers as folders', () => {
  const bench = useSimulator();
  const layers = useLayers(bench);
  const place = (name: string): string => join(layers.folder, name);
  const host = (): { host: Host } => ({ host: bench.simulator.host });

  it('imports a layer upon another, which vmcompute mounts', async () => {
    await layers.base('base');
    const data = await layerData([place('base')], host());
    await importFolder(place('app'), await layers.transport(appTree), data, host());
    assert.deepEqual(await read(place('app'), 'Files', 'app', 'new.txt'), transportFile('new'));
    await layers.store.createScratch('scratch', ['app', 'base']);
    await using mounted = await layers.store.mount('scratch', ['app', 'base']);
    assert.match(mounted.volume, /Volume/);
  });

  it('imports the files of a base layer, which has no layers below it', async () => {
    await importFolder(place('base'), await layers.transport(baseTree), { Layers: [] }, host());
    assert.deepEqual((await readdir(place('base'))).sort(), ['Files', 'Files.$wcidirs$']);
  });

  it('exports what was imported', async () => {
    await layers.chain();
    await mkdir(place('out'));
    const data = await layerData([place('base')], host());
    await exportFolder(place('app'), place('out'), data, host());
    assert.deepEqual(await read(place('out'), 'Files', 'app', 'new.txt'), transportFile('new'));
    assert.ok((await readdir(place('out'))).includes('tombstones.txt'));
  });

  it('exports a writable layer by its volume', async () => {
    await layers.scratch();
    await layers.store.activate('scratch');
    await layers.store.prepare('scratch', ['app', 'base']);
    await layers.store.unprepare('scratch');
    const volume = await layers.store.mountPath('scratch');
    const data = await layerData([place('app'), place('base')], host());
    for (const [name, options] of [['out', {}] as const, ['out2', { isWritableLayer: true }] as const]) {
      await mkdir(place(name));
      await exportFolder(volume, place(name), data, { ...host(), ...options });
      assert.deepEqual(await readdir(join(place(name), 'Files')), []);
    }
    await mkdir(place('out3'));
    await exportLegacyFolder(`${volume}\\`, place('scratch'), place('out3'), data, host());
    assert.ok((await readdir(join(place('out3'), 'Hives'))).includes('System_Delta'));
    await layers.store.deactivate('scratch');
  });

  it('destroys a layer', async () => {
    await layers.base('base');
    await destroyLayer(place('base'), host());
    assert.equal(await layers.store.exists('base'), false);
  });

  it('rejects what the host refuses, with its code', async () => {
    await layers.chain();
    const data = await layerData([place('base')], host());
    const missing = importFolder(place('x'), place('missing'), data, host());
    await assert.rejects(missing, { code: 'ERROR_PATH_NOT_FOUND', operation: 'HcsImportLayer', layer: place('x') });
    await assert.rejects(exportFolder(place('app'), place('missing'), data, host()), { code: 'ERROR_PATH_NOT_FOUND' });
    await rm(place('base'), { recursive: true });
    await assert.rejects(destroyLayer(place('base'), host()), { code: 'ERROR_PATH_NOT_FOUND' });
  });

  it('validates the document, and names the member', async () => {
    const wrong = { Layers: [{ Id: 'x', Path: place('base') }] };
    await assert.rejects(importFolder(place('x'), place('y'), wrong, host()), {
      name: 'HcsValidationError',
      message: /^"data\.Layers\[0\]\.Id" must be a GUID/,
    });
    const list = { Layers: {} };
    await assert.rejects(importFolder(place('x'), place('y'), list as never, host()), /"data\.Layers" must be/);
    await assert.rejects(
      importFolder(place('x'), place('y'), 'x', host()),
      /"data" must be the JSON text of an object/,
    );
  });

  it('lets the host validate with "off"', async () => {
    const wrong = { Layers: [{ Id: 'x', Path: place('base') }] };
    await assert.rejects(importFolder(place('x'), place('y'), wrong, { ...host(), validate: 'off' }), {
      code: 'HCS_E_INVALID_JSON',
    });
  });

  it('names the argument that is wrong', async () => {
    await assert.rejects(importFolder('x', place('y'), {}, host()), {
      message: /^"layer" must be an absolute path; received "x"/,
    });
    await assert.rejects(importFolder(place('x'), 'y', {}, host()), /^HcsArgumentError: "folder" must be/);
    await assert.rejects(exportFolder(place('x'), place('y'), {}, { isWritableLayer: 1 } as never), {
      message: /^"options\.isWritableLayer" must be a boolean; received 1/,
    });
    await assert.rejects(layerData('x' as never, host()), /"parents" must be an array/);
    await assert.rejects(layerData(['x'], host()), /"parents\[0\]" must be an absolute path/);
  });

  it('names the library that a host lacks, and the function', async () => {
    await using plain = await Host.open({ libraries: { vmcompute: simulatorLibraries().vmcompute } });
    await assert.rejects(destroyLayer(place('x'), { host: plain }), {
      code: 'ERR_HC_LIBRARY',
      message: /no computestorage\.dll/,
    });
    await bench.simulator.inject({ function: 'computestorage.HcsDestroyLayer', missing: true });
    await assert.rejects(destroyLayer(place('x'), host()), {
      code: 'ERR_HC_SYMBOL',
      functionName: 'HcsDestroyLayer',
    });
  });
});
