// Utility VMs as objects: what their devices ask of the host, where they get, and what is left when something fails.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { ModifyRequest } from 'hostcompute';
import { ComputeSystem } from 'hostcompute';
import { Endpoint, Network, networks } from 'hostcompute/network';
import type { ScsiOptions, UtilityVmOptions } from 'hostcompute/utility-vm';
import { UtilityVm } from 'hostcompute/utility-vm';

import { useSimulator } from '../support/host.js';

const windows = {
  os: 'windows',
  image: 'D:\\layers\\base\\UtilityVM',
  scratchDisk: 'D:\\vm\\sandbox.vhdx',
} as const satisfies UtilityVmOptions;
const linux = { os: 'linux', bootFolder: 'C:\\LinuxBootFiles' } as const satisfies UtilityVmOptions;
const controllers = ['df6d0690-79e5-55b6-a5ec-c1e2f77f580a', '0110f83b-de10-5172-a266-78bca56bf50a'];

describe('UtilityVm', () => {
  const bench = useSimulator();
  /** What the machines of this test have sent to be modified. */
  let sent: ModifyRequest[];
  beforeEach(() => (sent = []));

  async function running(options: UtilityVmOptions = windows): Promise<UtilityVm> {
    const vm = bench.keep(await UtilityVm.create(bench.id(), options, { host: bench.simulator.host }));
    const modify = vm.system.modify.bind(vm.system);
    vm.system.modify = async (request, limits) => {
      sent.push(JSON.parse(JSON.stringify(request)) as ModifyRequest);
      await modify(request as never, limits);
    };
    await vm.start();
    return vm;
  }
  const disk = (name: string, more: Partial<ScsiOptions> = {}): ScsiOptions => ({
    path: `D:\\vm\\${name}.vhdx`,
    grantAccess: false,
    ...more,
  });

  it('is created, started and stopped as its system is', async () => {
    const vm = await running({ ...windows, memoryMiB: 2048 });
    assert.equal(vm.os, 'windows');
    assert.equal((await vm.system.properties()).SystemType, 'VirtualMachine');
    assert.ok((await vm.statistics()) !== undefined);
    assert.equal(await vm.stop(), 'stopped');
    assert.deepEqual(JSON.parse(JSON.stringify(vm)), { id: vm.id, os: 'windows' });
  });

  it('says which option is wrong, and creates nothing', async () => {
    const { host } = bench.simulator;
    const wrong: readonly [unknown, string][] = [
      [undefined, 'options'],
      [{ ...windows, os: 'macos' }, 'options.os'],
      [{ ...windows, image: undefined }, 'options.image'],
      [{ ...windows, bootFolder: 'C:\\x' }, 'options.bootFolder'],
      [{ os: 'linux' }, 'options.bootFolder'],
    ];
    for (const [options, field] of wrong) {
      await assert.rejects(UtilityVm.create(bench.id(), options as never, { host }), {
        code: 'ERR_HC_ARGUMENT',
        field,
      });
    }
    assert.deepEqual(await ComputeSystem.list({}, { host }), []);
  });

  describe('#addScsi()', () => {
    it('attaches to the next free place, and takes off', async () => {
      const vm = await running();
      const one = await vm.addScsi(disk('one'));
      const two = await vm.addScsi(disk('two', { readOnly: true, mountAt: 'c:\\mounts\\two' }));
      // LUN 0 has the scratch of the machine.
      assert.deepEqual(
        [one.place, two.place],
        [
          { controller: 0, lun: 1 },
          { controller: 0, lun: 2 },
        ],
      );
      await one.remove();
      assert.deepEqual((await vm.addScsi(disk('three'))).place, { controller: 0, lun: 1 });
      await two.remove();
      const at = (lun: number) => `VirtualMachine/Devices/Scsi/${controllers[0]!}/Attachments/${lun}`;
      const mount = (RequestType: 'Add' | 'Remove') => ({
        GuestRequest: {
          ResourceType: 'MappedVirtualDisk',
          RequestType,
          Settings: { ContainerPath: 'c:\\mounts\\two', Lun: 2 },
        },
      });
      const settings = (name: string) => ({ Settings: { Type: 'VirtualDisk', Path: `D:\\vm\\${name}.vhdx` } });
      assert.deepEqual(sent, [
        { ResourcePath: at(1), RequestType: 'Add', ...settings('one') },
        {
          ResourcePath: at(2),
          RequestType: 'Add',
          Settings: { ...settings('two').Settings, ReadOnly: true },
          ...mount('Add'),
        },
        { ResourcePath: at(1), RequestType: 'Remove' },
        { ResourcePath: at(1), RequestType: 'Add', ...settings('three') },
        { ResourcePath: at(2), RequestType: 'Remove', ...mount('Remove') },
      ]);
    });

    it('goes on to the next controller, and says when all places are taken', async () => {
      const vm = await running({ ...linux, scsiControllers: 2 });
      const all = await Promise.all(Array.from({ length: 128 }, (_, at) => vm.addScsi(disk(`disk${at}`))));
      assert.deepEqual(new Set(all.map(({ place }) => JSON.stringify(place))).size, 128);
      assert.deepEqual(all[64]!.place, { controller: 1, lun: 0 });
      await assert.rejects(vm.addScsi(disk('more')), { code: 'ERR_HC_NO_PLACE', message: /has only 128 places/ });
      await all[70]!.remove();
      assert.deepEqual((await vm.addScsi(disk('more'))).place, { controller: 1, lun: 6 });
    });

    it('attaches one disk once, for all who want it in the same way', async () => {
      const vm = await running();
      const [one, two] = await Promise.all([vm.addScsi(disk('one')), vm.addScsi(disk('ONE'))]);
      const three = await vm.addScsi(disk('one'));
      assert.deepEqual([two.place, three.place], [one.place, one.place]);
      await assert.rejects(vm.addScsi(disk('one', { readOnly: true })), { code: 'ERR_HC_ARGUMENT' });
      await Promise.all([one.remove(), one.remove(), one[Symbol.asyncDispose]()]);
      await two.remove();
      assert.equal(sent.length, 1);
      await three.remove();
      assert.equal(sent.length, 2);
      assert.ok(one.isRemoved && two.isRemoved && three.isRemoved);
    });

    it('waits for a removal that is under way, and attaches anew', async () => {
      const vm = await running();
      const one = await vm.addScsi(disk('one'));
      const removed = one.remove();
      const again = await vm.addScsi(disk('one', { readOnly: true }));
      await removed;
      assert.deepEqual(again.place, one.place);
      assert.deepEqual(
        sent.map(({ RequestType }) => RequestType),
        ['Add', 'Remove', 'Add'],
      );
    });

    it('frees the place of what the host has refused, for all who wanted it', async () => {
      const vm = await running();
      await bench.simulator.inject({ function: 'HcsModifyComputeSystem', status: 0x80070020 });
      const both = await Promise.allSettled([vm.addScsi(disk('one')), vm.addScsi(disk('one'))]);
      assert.deepEqual(
        both.map(({ status }) => status),
        ['rejected', 'rejected'],
      );
      assert.deepEqual((await vm.addScsi(disk('two'))).place, { controller: 0, lun: 1 });
    });

    it('keeps what could not be removed, and removes it later', async () => {
      const vm = await running();
      const one = await vm.addScsi(disk('one'));
      await bench.simulator.inject({ function: 'HcsModifyComputeSystem', status: 0x80070020 });
      await assert.rejects(one.remove(), { code: 'ERROR_SHARING_VIOLATION' });
      assert.equal(one.isRemoved, false);
      assert.deepEqual((await vm.addScsi(disk('two'))).place, { controller: 0, lun: 2 });
      await one.remove();
      assert.deepEqual((await vm.addScsi(disk('three'))).place, { controller: 0, lun: 1 });
    });

    it('takes off by itself what its caller does not wait for, once it is there', async () => {
      const vm = await running();
      const fault = await bench.simulator.inject({ function: 'HcsModifyComputeSystem', block: true });
      await assert.rejects(vm.addScsi(disk('one'), { timeoutMs: 20 }), { code: 'ERR_HC_TIMEOUT' });
      // Nobody else gets its place meanwhile.
      const controller = new AbortController();
      const second = vm.addScsi(disk('two'), { signal: controller.signal });
      assert.deepEqual((await second).place, { controller: 0, lun: 2 });
      await fault.release();
      const third = await removedThenAdded(vm);
      assert.deepEqual(third.place, { controller: 0, lun: 1 });
    });

    /** Waits until the host has taken the first one off. */
    async function removedThenAdded(vm: UtilityVm) {
      for (let at = 0; ; at++) {
        const next = await vm.addScsi(disk(`next${at}`));
        if (next.place.lun === 1) return next;
        await next.remove();
      }
    }

    it('leaves it to the others who want it when one of them gives up', async () => {
      const vm = await running();
      const fault = await bench.simulator.inject({ function: 'HcsModifyComputeSystem', block: true });
      const patient = vm.addScsi(disk('one'));
      const controller = new AbortController();
      const other = vm.addScsi(disk('one'), { signal: controller.signal });
      controller.abort();
      await assert.rejects(other, { name: 'AbortError' });
      await fault.release();
      await (await patient).remove();
      assert.deepEqual(
        sent.map(({ RequestType }) => RequestType),
        ['Add', 'Remove'],
      );
    });

    it('lets the machine open the file first', async () => {
      const vm = await running();
      const folder = mkdtempSync(join(tmpdir(), 'hostcompute-utility-vm-'));
      try {
        const path = join(folder, 'data.vhdx');
        await assert.rejects(vm.addScsi({ path }));
        assert.deepEqual(sent, []);
        writeFileSync(path, '');
        await bench.simulator.startTrace();
        await (await vm.addScsi({ path })).remove();
        const lines = await bench.simulator.trace();
        assert.ok(
          lines.some((line) => line.includes('GrantVmAccess') && line.includes('data.vhdx')),
          lines.join('\n'),
        );
      } finally {
        rmSync(folder, { recursive: true });
      }
    });

    it('counts what has gone with the machine as removed', async () => {
      const vm = await running();
      const one = await vm.addScsi(disk('one'));
      await vm.system.terminate();
      await vm.system.exited;
      await one.remove();
      assert.ok(one.isRemoved);
      await assert.rejects(vm.addScsi(disk('two')));
    });
  });

  it('has shares and pipes in a Windows guest', async () => {
    const vm = await running();
    const share = await vm.addVsmb({ path: 'D:\\layers\\base', readOnly: true });
    const same = await vm.addVsmb({ path: 'd:\\layers\\BASE', readOnly: true });
    const other = await vm.addVsmb({ path: 'D:\\layers\\base' });
    const pipe = await vm.addPipe('\\\\.\\pipe\\svc');
    const shares = '\\\\?\\VMSMB\\VSMB-{dcc079ae-60ba-4d07-847c-3493609c0870}\\';
    assert.deepEqual(share.place, { name: 's1', guestPath: `${shares}s1` });
    assert.deepEqual([same.place.name, other.place.name], ['s1', 's2']);
    assert.deepEqual(pipe.place, { guestPath: `${shares}IPC$\\svc` });
    for (const each of [share, same, other, pipe]) await each.remove();
    const ResourcePath = 'VirtualMachine/Devices/VirtualSmb/Shares';
    const Options = { ReadOnly: true, ShareRead: true, CacheIo: true, PseudoOplocks: true };
    const mapped = 'VirtualMachine/Devices/MappedPipes/\\\\.\\pipe\\svc';
    assert.deepEqual(sent, [
      { ResourcePath, RequestType: 'Add', Settings: { Name: 's1', Path: 'D:\\layers\\base', Options } },
      { ResourcePath, RequestType: 'Add', Settings: { Name: 's2', Path: 'D:\\layers\\base', Options: {} } },
      { ResourcePath: mapped, RequestType: 'Add' },
      { ResourcePath, RequestType: 'Remove', Settings: { Name: 's1' } },
      { ResourcePath, RequestType: 'Remove', Settings: { Name: 's2' } },
      { ResourcePath: mapped, RequestType: 'Remove' },
    ]);
  });

  it('has shares and persistent memory in a Linux guest', async () => {
    const vm = await running(linux);
    const share = await vm.addPlan9({ path: 'D:\\data', readOnly: true, mountAt: '/mnt/data' });
    const memory = await vm.addVpmem({ path: 'D:\\layer.vhd', mountAt: '/run/layers/p0', grantAccess: false });
    assert.deepEqual([share.place, memory.place], [{ name: '0', port: 564 }, { device: 0 }]);
    await share.remove();
    await memory.remove();
    const inGuest = (ResourceType: string, RequestType: string, Settings: object) => ({
      GuestRequest: { ResourceType, RequestType, Settings },
    });
    const ResourcePath = 'VirtualMachine/Devices/Plan9/Shares';
    const mount = { MountPath: '/mnt/data', ShareName: '0', Port: 564, ReadOnly: true };
    const pmem = 'VirtualMachine/Devices/VirtualPMem/Devices/0';
    const device = { DeviceNumber: 0, MountPath: '/run/layers/p0' };
    assert.deepEqual(sent, [
      {
        ResourcePath,
        RequestType: 'Add',
        Settings: { Name: '0', AccessName: '0', Path: 'D:\\data', Port: 564, Flags: 5 },
        ...inGuest('MappedDirectory', 'Add', mount),
      },
      {
        ResourcePath: pmem,
        RequestType: 'Add',
        Settings: { HostPath: 'D:\\layer.vhd', ReadOnly: true, ImageFormat: 'Vhd1' },
        ...inGuest('VPMemDevice', 'Add', device),
      },
      {
        ResourcePath,
        RequestType: 'Remove',
        Settings: { Name: '0', Port: 564 },
        ...inGuest('MappedDirectory', 'Remove', mount),
      },
      { ResourcePath: pmem, RequestType: 'Remove', ...inGuest('VPMemDevice', 'Remove', device) },
    ]);
  });

  it('refuses devices of the other kind of guest, and mounts where nobody asks the guest', async () => {
    const onWindows = await running();
    const onLinux = await running({ ...linux, guestConnection: false, persistentMemory: { maximumCount: 0 } });
    await assert.rejects(onWindows.addPlan9({ path: 'D:\\data' }), { code: 'ERR_HC_ARGUMENT', message: /addVsmb/ });
    await assert.rejects(onWindows.addVpmem({ path: 'D:\\a.vhd' }), { code: 'ERR_HC_ARGUMENT' });
    await assert.rejects(onLinux.addVsmb({ path: 'D:\\data' }), { code: 'ERR_HC_ARGUMENT', message: /addPlan9/ });
    await assert.rejects(onLinux.addPipe('\\\\.\\pipe\\x'), { code: 'ERR_HC_ARGUMENT' });
    await assert.rejects(onLinux.addScsi(disk('one', { mountAt: '/mnt' })), {
      code: 'ERR_HC_ARGUMENT',
      field: 'options.mountAt',
    });
    await assert.rejects(onLinux.addVpmem({ path: 'D:\\a.vhd', grantAccess: false }), {
      code: 'ERR_HC_NO_PLACE',
      message: /has no devices of persistent memory/,
    });
    assert.deepEqual(sent, []);
  });

  it('has devices of the host', async () => {
    const vm = await running(linux);
    const device = await vm.assignDevice({ instancePath: 'PCIP\\VEN_10DE&DEV_1EB8\\4&1' });
    const same = await vm.assignDevice({ instancePath: 'pcip\\ven_10de&dev_1eb8\\4&1' });
    assert.deepEqual(same.place, device.place);
    const { vmbusGuid } = device.place;
    assert.deepEqual(sent, [
      {
        ResourcePath: `VirtualMachine/Devices/VirtualPci/${vmbusGuid}`,
        RequestType: 'Add',
        Settings: { Functions: [{ DeviceInstancePath: 'PCIP\\VEN_10DE&DEV_1EB8\\4&1', VirtualFunction: 0 }] },
        GuestRequest: { ResourceType: 'VPCIDevice', RequestType: 'Add', Settings: { VMBusGUID: vmbusGuid } },
      },
    ]);
  });

  it('has networks', async () => {
    const vm = await running();
    const { host } = bench.simulator;
    const network = await Network.create(networks.nat({ name: 'web', subnet: '192.168.100.0/24' }), { host });
    const endpoint = await Endpoint.create(network, { Name: 'web' });
    await (await vm.addNetwork([endpoint])).detach();
    await endpoint.delete();
    await network.delete();
    assert.ok(sent.length > 0);
  });

  it('takes new limits while it runs', async () => {
    const vm = await running();
    await vm.update({ memoryMiB: 2048, cpu: { limit: 50_000, weight: 200 } });
    const topology = 'VirtualMachine/ComputeTopology';
    assert.deepEqual(sent, [
      { ResourcePath: `${topology}/Memory/SizeInMB`, RequestType: 'Update', Settings: 2048 },
      { ResourcePath: `${topology}/Processor/Limits`, RequestType: 'Update', Settings: { Limit: 50_000, Weight: 200 } },
    ]);
    await assert.rejects(vm.update({}), { code: 'ERR_HC_ARGUMENT', field: 'limits' });
    await assert.rejects(vm.update({ memoryMiB: 3 }), { code: 'ERR_HC_ARGUMENT', field: 'options.memoryMiB' });
  });
});
