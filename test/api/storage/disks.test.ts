import assert from 'node:assert/strict';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Host, HostFunction } from 'hostcompute';
import {
  attachFilter,
  formatWritableVhd,
  initializeWritableLayer,
  layerData,
  setupBaseOSLayer,
  vhdMountPath,
  VirtualDisk,
} from 'hostcompute/storage';

import { sessionOf } from '#dist/host/host.js';
import { eventually } from '../../support/eventually.js';
import { useSimulator } from '../../support/host.js';
import { baseTree, useLayers, writeTree } from '../../support/layers/layers.js';

describe('Disks of layers', () => {
  const bench = useSimulator();
  const layers = useLayers(bench);
  const place = (name: string): string => join(layers.folder, name);
  const host = (): { host: Host } => ({ host: bench.simulator.host });

  async function files(name: string): Promise<string> {
    await mkdir(place(name), { recursive: true });
    await writeTree(place(name), baseTree);
    return place(name);
  }

  it('are formatted, and have a volume while they are attached', async () => {
    await using disk = await VirtualDisk.create(place('a.vhdx'), { sizeGB: 20, ...host() });
    await formatWritableVhd(disk);
    await assert.rejects(vhdMountPath(disk), { code: 'ERROR_NOT_READY', operation: 'HcsGetLayerVhdMountPath' });
    await using attachment = await disk.attach();
    assert.match(await vhdMountPath(disk), /^\\\\\?\\Volume\{[0-9a-f-]{36}\}$/);
    await attachment.detach();
  });

  describe('of Windows Server 2019', () => {
    const formats = ['AttachVirtualDisk', 'GetVirtualDiskPhysicalPath', 'OpenDrive'];
    const calls = async (): Promise<string[]> => {
      const { Calls } = await bench.simulator.state();
      return formats.filter((name) => (Calls[`virtdisk.${name}`] ?? 0) > 0);
    };
    const isDetached = async (): Promise<boolean> => {
      let state = await bench.simulator.state();
      return eventually(
        async () => (state = await bench.simulator.state()),
        () => state.Disks.length === 0 && state.Handles.Disk === 1,
      );
    };
    beforeEach(() => void Object.assign(sessionOf(bench.simulator.host, 'test'), { osBuild: 17763 }));

    it('are formatted by their drive, and detached again', async () => {
      await using disk = await VirtualDisk.create(place('a.vhdx'), { sizeGB: 20, ...host() });
      await formatWritableVhd(disk);
      assert.deepEqual(await calls(), formats);
      assert.ok(await isDetached());
      await using attachment = await disk.attach();
      assert.match(await vhdMountPath(disk), /Volume/);
      await attachment.detach();
    });

    for (const name of [...formats.map((each) => `virtdisk.${each}`), 'computestorage.HcsFormatWritableLayerVhd']) {
      it(`are detached when ${name} fails, or when the deadline passes in it`, async () => {
        const { simulator } = bench;
        await using disk = await VirtualDisk.create(place('a.vhdx'), { sizeGB: 20, ...host() });
        await simulator.inject({ function: name as HostFunction, status: 0x80070005 });
        await assert.rejects(formatWritableVhd(disk), { code: 'E_ACCESSDENIED' });
        assert.ok(await isDetached());

        const fault = await simulator.inject({ function: name as HostFunction, block: true });
        const abort = new AbortController();
        const late = assert.rejects(formatWritableVhd(disk, { signal: abort.signal }), { code: 'ABORT_ERR' });
        assert.ok(await simulator.reached({ blockedCalls: 1 }));
        abort.abort();
        await late;
        await fault.clear();
        assert.ok(await isDetached());
      });
    }
  });

  it('have no volume before they are formatted', async () => {
    await using disk = await VirtualDisk.create(place('a.vhdx'), { sizeGB: 20, ...host() });
    await using attachment = await disk.attach();
    await assert.rejects(vhdMountPath(disk), { code: 'ERROR_NOT_FOUND', disk: place('a.vhdx') });
    await attachment.detach();
  });

  it('become writable layers by their volume', async () => {
    await layers.chain();
    await mkdir(place('scratch'));
    const data = await layerData([place('app'), place('base')], host());
    await using disk = await VirtualDisk.create(join(place('scratch'), 'sandbox.vhdx'), { sizeGB: 20, ...host() });
    await formatWritableVhd(disk);
    await using attachment = await disk.attach();
    const volume = await vhdMountPath(disk);
    await initializeWritableLayer(volume, data, host());
    const filter = await attachFilter(`${volume}\\`, data, host());
    await assert.rejects(attachFilter(volume, data, host()), { code: 'ERROR_ALREADY_EXISTS' });
    await filter.close();
    await filter.close();
    assert.ok((await readdir(place('scratch'))).includes('Files'));
    await attachment.detach();
  });

  it('are needed for the base layer of a virtual machine, attached', async () => {
    await files('base');
    const vm = join(place('base'), 'UtilityVM');
    await mkdir(join(vm, 'Files'), { recursive: true });
    await using disk = await VirtualDisk.create(place('vm.vhdx'), { sizeGB: 10, ...host() });
    await assert.rejects(setupBaseOSLayer(vm, { type: 'Vm', disk }), { code: 'ERROR_NOT_READY', layer: vm });
    await using attachment = await disk.attach();
    await setupBaseOSLayer(vm, { type: 'Vm', disk });
    assert.match(await vhdMountPath(disk), /Volume/);
    await attachment.detach();
  });

  it('are not taken for that of a container', async () => {
    const base = await files('base');
    await setupBaseOSLayer(base, { type: 'Container', ...host() });
    assert.equal((await readFile(join(base, 'Hives', 'System_Base'))).toString('latin1', 0, 4), 'regf');
    await assert.rejects(setupBaseOSLayer(base, { type: 'Container', ...host() }), {
      code: 'ERROR_ALREADY_EXISTS',
      operation: 'HcsSetupBaseOSLayer',
    });
    await using disk = await VirtualDisk.create(place('a.vhdx'), { sizeGB: 20, ...host() });
    await assert.rejects(setupBaseOSLayer(base, { type: 'Container', disk, ...host() }), {
      field: 'options.disk',
    });
  });

  it('are named in errors about arguments', async () => {
    await assert.rejects(formatWritableVhd({} as never), /"disk" must be a VirtualDisk/);
    await assert.rejects(vhdMountPath('x' as never), /"disk" must be a VirtualDisk/);
    await assert.rejects(setupBaseOSLayer(place('x'), { type: 'Vm', ...host() }), { field: 'options.disk' });
    await assert.rejects(setupBaseOSLayer(place('x'), { type: 'X' as never, ...host() }), { field: 'options.type' });
  });
});
