import assert from 'node:assert/strict';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Host, HostFunction } from 'hostcompute';
import { createScratch, formatWritableVhd, setupBaseLayer, VirtualDisk } from 'hostcompute/storage';

import { eventually } from '../../support/eventually.js';
import { useSimulator } from '../../support/host.js';
import { baseTree, useLayers, writeTree } from '../../support/layers/layers.js';

describe('Recipes of storage', () => {
  const bench = useSimulator();
  const layers = useLayers(bench);
  const place = (...names: string[]): string => join(layers.folder, ...names);
  const host = (): { host: Host } => ({ host: bench.simulator.host });
  const base = (): string => place('base');

  async function made(): Promise<string[]> {
    const all = await readdir(base(), { recursive: true });
    return all.map((name) => name.replaceAll('\\', '/')).sort();
  }

  beforeEach(async () => {
    await mkdir(place('base', 'UtilityVM', 'Files'), { recursive: true });
    await writeTree(base(), baseTree);
  });

  describe('setupBaseLayer()', () => {
    it('makes a base layer with its disks, on which vmcompute mounts a scratch layer', async () => {
      const disks = await setupBaseLayer(base(), { sizeGB: 30, ...host() });
      assert.deepEqual(disks, {
        base: place('base', 'blank-base.vhdx'),
        scratch: place('base', 'blank.vhdx'),
        vmAccess: true,
      });
      await using scratch = await VirtualDisk.open(disks.scratch, { readOnly: true, ...host() });
      const { sizeBytes, parent } = await scratch.info();
      assert.deepEqual([sizeBytes, parent?.endsWith('blank-base.vhdx')], [30 * 2 ** 30, true]);
      await scratch.close();
      await createScratch(place('scratch'), { parent: base(), ...host() });
      await using mounted = await layers.store.mount('scratch', ['base']);
      assert.match(mounted.volume, /Volume/);
    });

    it('sets up the utility VM as well', async () => {
      const { utilityVm } = await setupBaseLayer(base(), { utilityVm: true, ...host() });
      assert.deepEqual(utilityVm, {
        base: place('base', 'UtilityVM', 'SystemTemplateBase.vhdx'),
        scratch: place('base', 'UtilityVM', 'SystemTemplate.vhdx'),
        vmAccess: true,
      });
      await using disk = await VirtualDisk.open(utilityVm.base, { readOnly: true, ...host() });
      assert.equal((await disk.info()).sizeBytes, 10 * 2 ** 30);
    });

    it('replaces what an earlier setup has left', async () => {
      await setupBaseLayer(base(), host());
      const before = await made();
      await setupBaseLayer(base(), host());
      assert.deepEqual(await made(), before);
    });

    const steps: readonly HostFunction[] = [
      'virtdisk.CreateVirtualDisk',
      'computestorage.HcsFormatWritableLayerVhd',
      'computestorage.HcsSetupBaseOSLayer',
      'virtdisk.AttachVirtualDisk',
      'virtdisk.DetachVirtualDisk',
      'computecore.HcsGrantVmGroupAccess',
    ];
    // As often as a whole setup calls it.
    const times: Readonly<Record<string, number>> = {
      'virtdisk.CreateVirtualDisk': 4,
      'computestorage.HcsSetupBaseOSLayer': 2,
      'computecore.HcsGrantVmGroupAccess': 4,
    };
    for (const step of steps) {
      for (let nth = 1; nth <= (times[step] ?? 1); nth++) {
        it(`leaves nothing when call ${nth} of ${step} fails`, async () => {
          const before = await made();
          await bench.simulator.inject({ function: step, nth, status: 0x80070020, count: 1 });
          const failed = setupBaseLayer(base(), { utilityVm: { sizeGB: 4 }, ...host() });
          await assert.rejects(failed, { code: 'ERROR_SHARING_VIOLATION', operation: step.replace(/^\w+\./, '') });
          assert.deepEqual(await made(), before);
        });
      }
    }

    // Where the host blocks it.
    async function cancelInside(): Promise<void> {
      const abort = new AbortController();
      const cancelled = assert.rejects(setupBaseLayer(base(), { signal: abort.signal, ...host() }), {
        name: 'AbortError',
      });
      assert.ok(await bench.simulator.reached({ blockedCalls: 1 }));
      abort.abort();
      await cancelled;
    }

    it('leaves nothing when it is cancelled, once the host has completed the step', async () => {
      const before = await made();
      for (const step of ['computestorage.HcsFormatWritableLayerVhd', 'computestorage.HcsSetupBaseOSLayer'] as const) {
        const fault = await bench.simulator.inject({ function: step, block: true });
        await cancelInside();
        await fault.clear();
        await bench.noneStuck();
        await settled(before);
      }
    });

    it('is refused while another call works on the folder, and waits until a cancelled one is undone', async () => {
      const first = setupBaseLayer(base(), host());
      await assert.rejects(setupBaseLayer(join(base(), '.'), host()), {
        field: 'path',
        message: /no other call sets up/,
      });
      const { base: disk } = await first;
      await (await VirtualDisk.open(disk, { readOnly: true, ...host() })).close();
      const complete = await made();
      assert.ok(complete.includes('Hives'));

      const fault = await bench.simulator.inject({ function: 'computestorage.HcsSetupBaseOSLayer', block: true });
      await cancelInside();
      await assert.rejects(setupBaseLayer(base(), { timeoutMs: 1, ...host() }), { code: 'ERR_HC_TIMEOUT' });
      const next = setupBaseLayer(base(), host());
      await fault.clear();
      await next;
      assert.deepEqual(await made(), complete);
    });

    async function settled(before: string[]): Promise<void> {
      let now = await made();
      await eventually(
        async () => (now = await made()),
        () => now.length === before.length,
      );
      assert.deepEqual(now, before);
    }

    it('validates its arguments', async () => {
      await assert.rejects(setupBaseLayer(place('nowhere'), host()), { field: 'path', message: /a folder Files/ });
      await assert.rejects(setupBaseLayer(base(), { sizeGB: 0, ...host() }), { field: 'options.sizeGB' });
      await assert.rejects(setupBaseLayer(base(), { utilityVm: 5 as never, ...host() }), {
        field: 'options.utilityVm',
      });
    });
  });

  describe('createScratch()', () => {
    beforeEach(() => setupBaseLayer(base(), host()));

    it('gives the disk a size of its own', async () => {
      const { disk } = await createScratch(place('scratch'), { parent: base(), sizeGB: 40, ...host() });
      await using opened = await VirtualDisk.open(disk, { readOnly: true, ...host() });
      assert.equal((await opened.info()).sizeBytes, 40 * 2 ** 30);
    });

    it('gives it more blocks than the table of its file has room for', async () => {
      const { disk } = await createScratch(place('scratch'), { parent: base(), sizeGB: 1000, ...host() });
      await using opened = await VirtualDisk.open(disk, host());
      assert.equal((await opened.info()).sizeBytes, 1000 * 2 ** 30);
      await formatWritableVhd(opened);
    });

    for (const step of ['virtdisk.CreateVirtualDisk', 'vmcompute.ExpandSandboxSize'] as const) {
      it(`leaves nothing when ${step} fails`, async () => {
        const before = await readdir(layers.folder);
        await bench.simulator.inject({ function: step, status: 0x80070070, count: 1 });
        const failed = createScratch(place('scratch'), { parent: base(), sizeGB: 40, ...host() });
        await assert.rejects(failed, { code: 'ERROR_DISK_FULL' });
        assert.deepEqual(await readdir(layers.folder), before);
      });
    }

    it('does not touch a folder that exists', async () => {
      await mkdir(place('scratch'));
      await writeFile(place('scratch', 'kept'), '');
      await assert.rejects(createScratch(place('scratch'), { parent: base(), ...host() }), { field: 'path' });
      assert.deepEqual(await readdir(place('scratch')), ['kept']);
    });

    it('validates its options', async () => {
      await assert.rejects(createScratch(place('x'), { parent: 'x', ...host() }), { field: 'options.parent' });
      await assert.rejects(createScratch(place('x'), { parent: base(), sizeGB: 0.5, ...host() }), {
        field: 'options.sizeGB',
      });
    });
  });
});
