import assert from 'node:assert/strict';

import { HcsArgumentError } from 'hostcompute';
import { documents } from 'hostcompute/documents';

const id = 'b3a0a7c9-51d2-5f7f-8a44-0d7c1e6f2b02';
const layers = [{ id, path: 'D:\\layers\\base' }];
const container = { id: 'web', layers, scratchVolume: `\\\\?\\Volume{${id}}\\` };
const hosted = { id: 'web', hostingSystemId: 'pod@vm', layers: [{ id, share: 's1' }], scratchPath: 'C:\\scratch' };
const isolated = {
  id: 'web',
  layers,
  image: 'C:\\UtilityVM',
  scratchDisk: 'C:\\a.vhdx',
  vm: { scratchDisk: 'C:\\b.vhdx' },
};
const windowsVm = { image: 'C:\\UtilityVM', scratchDisk: 'C:\\a.vhdx' };
const linuxVm = { bootFolder: 'C:\\Boot' };
const linux = { id: 'web', hostingSystemId: 'pod@vm' };
const linux1 = { schema: 1, id: 'web', layers, scratchFolder: 'C:\\scratch', bootFolder: 'C:\\Boot' };
const machine = { memoryMiB: 512 };

type Builder = Exclude<keyof typeof documents, 'fromOciSpec' | 'utilityVmFromOciSpec'>;
type Row = readonly [builder: Builder, right: object, wrong: object, field: string];

const guard = { Cookie: 'AQ==', RpcEndpoint: 'x' };
const value = { hive: 'System', key: 'a', name: 'b' };

const rows: readonly Row[] = [
  ['processIsolated', container, { id: undefined }, 'options.id'],
  ['processIsolated', container, { id: 'a b' }, 'options.id'],
  ['processIsolated', container, { id: '00000000-0000-0000-0000-000000000000' }, 'options.id'],
  ['processIsolated', container, { owner: '' }, 'options.owner'],
  ['processIsolated', container, { hostname: 'a_b' }, 'options.hostname'],
  ['processIsolated', container, { hostname: 'a'.repeat(64) }, 'options.hostname'],
  ['processIsolated', container, { memoryMiB: 0 }, 'options.memoryMiB'],
  ['processIsolated', container, { memoryMiB: 1.5 }, 'options.memoryMiB'],
  ['processIsolated', container, { memoryMiB: '512' }, 'options.memoryMiB'],
  ['processIsolated', container, { memory: 512 }, 'options.memory'],
  ['processIsolated', container, { cpu: { count: 1, weight: 1 } }, 'options.cpu'],
  ['processIsolated', container, { cpu: { limit: 10001 } }, 'options.cpu.limit'],
  ['processIsolated', container, { cpu: { maximum: 1 } }, 'options.cpu.maximum'],
  ['processIsolated', container, { layers: [] }, 'options.layers'],
  ['processIsolated', container, { layers: {} }, 'options.layers'],
  ['processIsolated', container, { layers: [{ id: 'x', path: 'C:\\a' }] }, 'options.layers[0].id'],
  ['processIsolated', container, { layers: [{ id }] }, 'options.layers[0].path'],
  ['processIsolated', container, { scratchVolume: 'C:\\scratch' }, 'options.scratchVolume'],
  ['processIsolated', container, { mounts: [{ hostPath: 'C:\\a' }] }, 'options.mounts[0].containerPath'],
  ['processIsolated', container, { mounts: [null] }, 'options.mounts[0]'],
  [
    'processIsolated',
    container,
    { mounts: [{ hostPath: 'C:\\a', containerPath: 'C:\\a', iopsMaximum: 1 }] },
    'options.mounts[0].iopsMaximum',
  ],
  ['processIsolated', container, { pipes: [{ hostPath: 'svc' }] }, 'options.pipes[0].hostPath'],
  [
    'processIsolated',
    container,
    { pipes: [{ hostPath: '\\\\.\\pipe\\a', containerPipeName: 'a\\b' }] },
    'options.pipes[0].containerPipeName',
  ],
  ['processIsolated', container, { network: { namespace: 'x' } }, 'options.network.namespace'],
  ['processIsolated', container, { network: { endpoints: [id] } }, 'options.network.endpoints'],
  ['processIsolated', container, { credentials: '{}' }, 'options.credentials'],
  ['processIsolated', container, { credentials: { Cookie: 'AQ==' } }, 'options.credentials.RpcEndpoint'],
  ['processIsolated', container, { devices: [{}] }, 'options.devices[0]'],
  ['processIsolated', container, { devices: [{ interfaceClass: id, gpuMirror: true }] }, 'options.devices[0]'],
  ['processIsolated', container, { devices: [{ gpuMirror: false }] }, 'options.devices[0].gpuMirror'],
  [
    'processIsolated',
    container,
    { registry: { set: [{ ...value, hive: 'Users', value: 1 }] } },
    'options.registry.set[0].hive',
  ],
  ['processIsolated', container, { registry: { set: [value] } }, 'options.registry.set[0].value'],
  ['processIsolated', container, { registry: { set: [{ ...value, value: -1 }] } }, 'options.registry.set[0].value'],
  [
    'processIsolated',
    container,
    { registry: { set: [{ ...value, type: 'Binary', value: 'text' }] } },
    'options.registry.set[0].value',
  ],
  [
    'processIsolated',
    container,
    { registry: { set: [{ ...value, type: 'String', value: 1 }] } },
    'options.registry.set[0].value',
  ],
  [
    'processIsolated',
    container,
    { registry: { set: [{ ...value, type: 'CustomType', value: new Uint8Array() }] } },
    'options.registry.set[0].customType',
  ],
  [
    'processIsolated',
    container,
    { registry: { deleteKeys: [{ hive: 'System' }] } },
    'options.registry.deleteKeys[0].key',
  ],
  ['processIsolated', container, { dumps: { folder: 'C:\\d', type: 'huge' } }, 'options.dumps.type'],
  ['processIsolated', container, { schema: 3 }, 'options.schema'],
  ['processIsolated', container, { schema: 2, osBuild: 17134 }, 'options.schema'],
  ['processIsolated', container, { schemaVersion: { Major: 1, Minor: 0 } }, 'options.schemaVersion.Major'],
  ['processIsolated', container, { environment: { A: '1' } }, 'options.environment'],
  ['processIsolated', container, { deviceExtensions: [{}], osBuild: 19041 }, 'options.deviceExtensions'],
  ...(['registry', 'dumps', 'gracefulStop', 'deviceExtensions', 'schemaVersion'] as const).map((name): Row => {
    const given = {
      registry: {},
      dumps: { folder: 'C:\\d' },
      gracefulStop: true,
      deviceExtensions: [],
      schemaVersion: { Major: 2, Minor: 1 },
    };
    return ['processIsolated', container, { schema: 1, [name]: given[name] }, `options.${name}`];
  }),
  ['processIsolated', container, { schema: 1, credentials: guard }, 'options.credentials'],
  ['processIsolated', container, { schema: 1, network: { namespace: id } }, 'options.network.namespace'],
  ['processIsolated', container, { schema: 1, devices: [{ gpuMirror: true }] }, 'options.devices[0]'],
  ['processIsolated', container, { osBuild: 17134, devices: [{ interfaceClass: id }] }, 'options.devices'],
  ['processIsolated', container, { osBuild: 15063, pipes: [{ hostPath: '\\\\.\\pipe\\a' }] }, 'options.pipes'],
  [
    'processIsolated',
    container,
    { schema: 1, mounts: [{ hostPath: 'C:\\a', containerPath: 'C:\\a', supportCloudFiles: true }] },
    'options.mounts[0].supportCloudFiles',
  ],
  ['hostedContainer', hosted, { hostingSystemId: undefined }, 'options.hostingSystemId'],
  ['hostedContainer', hosted, { layers: [{ id }] }, 'options.layers[0]'],
  ['hostedContainer', hosted, { layers: [{ id, path: 'C:\\a', share: 's1' }] }, 'options.layers[0]'],
  ['hostedContainer', hosted, { mounts: [{ containerPath: 'C:\\a' }] }, 'options.mounts[0]'],
  ['hostedContainer', hosted, { hostProcess: 1 }, 'options.hostProcess'],
  ['hyperVIsolated', isolated, { scratchDisk: undefined }, 'options.scratchDisk'],
  ['hyperVIsolated', isolated, { vm: undefined }, 'options.vm'],
  ['hyperVIsolated', isolated, { vm: {} }, 'options.vm.scratchDisk'],
  ['hyperVIsolated', isolated, { vm: { ...isolated.vm, image: 'C:\\a' } }, 'options.vm.image'],
  ['hyperVIsolated', isolated, { schema: 1, vm: isolated.vm }, 'options.vm'],
  ['hyperVIsolated', isolated, { schema: 1, vm: undefined, scratchDisk: undefined }, 'options.scratchFolder'],
  [
    'hyperVIsolated',
    isolated,
    { schema: 1, vm: undefined, scratchDisk: undefined, devices: [{ interfaceClass: id }] },
    'options.devices',
  ],
  ['windowsUtilityVm', windowsVm, { image: undefined }, 'options.image'],
  ['windowsUtilityVm', windowsVm, { memoryMiB: 1023 }, 'options.memoryMiB'],
  ['windowsUtilityVm', windowsVm, { cpu: { limit: 100001 } }, 'options.cpu.limit'],
  ['windowsUtilityVm', windowsVm, { consolePipe: 'com1' }, 'options.consolePipe'],
  ['windowsUtilityVm', windowsVm, { cpuGroupId: id, resourcePartitionId: id }, 'options.cpuGroupId'],
  [
    'windowsUtilityVm',
    windowsVm,
    { enableDeferredCommit: true, allowOvercommit: false },
    'options.enableDeferredCommit',
  ],
  ['windowsUtilityVm', windowsVm, { hvSocketServices: { x: {} } }, 'options.hvSocketServices["x"]'],
  ['windowsUtilityVm', windowsVm, { networkAdapters: [] }, 'options.networkAdapters'],
  ['windowsUtilityVm', windowsVm, { networkAdapters: { nic: {} } }, 'options.networkAdapters["nic"].endpointId'],
  ['windowsUtilityVm', windowsVm, { guestConnection: { UseVSock: true } }, 'options.guestConnection.UseVSock'],
  ['linuxUtilityVm', linuxVm, { bootFolder: undefined }, 'options.bootFolder'],
  ['linuxUtilityVm', linuxVm, { initrdFile: 'a', rootDiskFile: 'b' }, 'options.rootDiskFile'],
  ['linuxUtilityVm', linuxVm, { kernelDirect: true, osBuild: 17763 }, 'options.kernelDirect'],
  ['linuxUtilityVm', linuxVm, { enableColdDiscardHint: true, osBuild: 18362 }, 'options.enableColdDiscardHint'],
  ['linuxUtilityVm', linuxVm, { persistentMemory: { maximumCount: 129 } }, 'options.persistentMemory.maximumCount'],
  [
    'linuxUtilityVm',
    linuxVm,
    { persistentMemory: { maximumSizeBytes: 4097 } },
    'options.persistentMemory.maximumSizeBytes',
  ],
  ['linuxUtilityVm', linuxVm, { scsiControllers: 5 }, 'options.scsiControllers'],
  ['linuxContainer', linux, { hostname: 'a b' }, 'options.hostname'],
  ['linuxContainer', linux, { args: 'ls' }, 'options.args'],
  ['linuxContainer', linux, { environment: { A: 1 } }, 'options.environment["A"]'],
  ['linuxContainer', linux, { cpu: { count: 0 } }, 'options.cpu.count'],
  ['linuxContainer', linux, { mounts: [{ source: '/a' }] }, 'options.mounts[0].destination'],
  ['linuxContainer', linux, { spec: [] }, 'options.spec'],
  ['linuxContainer', linux1, { bootDisk: 'C:\\a.vhdx' }, 'options'],
  ['linuxContainer', linux1, { args: [] }, 'options.args'],
  ['linuxContainer', linux1, { endpoints: ['x'] }, 'options.endpoints[0]'],
  ['virtualMachine', machine, { memoryMiB: undefined }, 'options.memoryMiB'],
  ['virtualMachine', machine, { disks: [{ path: 'C:\\a', type: 'Floppy' }] }, 'options.disks[0].type'],
  ['virtualMachine', machine, { disks: Array.from({ length: 65 }, () => ({ path: 'C:\\a' })) }, 'options.disks'],
  ['virtualMachine', machine, { boot: { disk: 0 } }, 'options.boot.disk'],
  ['virtualMachine', machine, { boot: {} }, 'options.boot'],
  ['virtualMachine', machine, { boot: { network: false } }, 'options.boot.network'],
  ['virtualMachine', machine, { screen: { width: 1024 } }, 'options.screen.height'],
  ['virtualMachine', machine, { restoreFrom: 'C:\\a', cloneOf: 'b' }, 'options.cloneOf'],
];

describe('Document builders', () => {
  for (const [builder, right, wrong, field] of rows) {
    const build = documents[builder] as (options: unknown) => object;

    it(`${builder}() refuses ${field} in ${Object.keys(wrong).join(', ')}`, () => {
      build(right);
      assert.throws(
        () => build({ ...right, ...wrong }),
        (error: unknown) => {
          assert.ok(error instanceof HcsArgumentError);
          assert.equal(error.field, field);
          assert.ok(error.message.includes(field) && error.problem.startsWith('must ') && error.remedy !== '');
          return true;
        },
      );
    });
  }

  it('suggest the known option for a misspelled one', () => {
    const wrong = { ...machine, memoryMib: 1 } as documents.VirtualMachineOptions;
    assert.throws(() => documents.virtualMachine(wrong), { remedy: 'Use memoryMiB.' });
  });

  it('refuse options that are not an object', () => {
    for (const builder of new Set(rows.map(([name]) => name))) {
      const build = documents[builder] as (options: unknown) => object;
      for (const wrong of [undefined, null, [], 'web']) assert.throws(() => build(wrong), { field: 'options' });
    }
  });

  it('do not modify their options', () => {
    const options = Object.freeze({ ...container, layers: Object.freeze(layers.map((layer) => Object.freeze(layer))) });
    assert.notEqual(documents.processIsolated(options), documents.processIsolated(options));
  });

  it('pass on rarely used options', () => {
    const mounts = [{ hostPath: 'C:\\a', containerPath: 'C:\\a', supportCloudFiles: true }];
    const two = documents.processIsolated({ ...container, mounts });
    assert.equal(two.Container.MappedDirectories?.[0]?.SupportCloudFiles, true);
    const one = documents.processIsolated({ ...container, schema: 1, terminateOnLastHandleClosed: true });
    assert.equal(one.TerminateOnLastHandleClosed, true);
    const schemaVersion = { Major: 2, Minor: 5 };
    const { vm } = documents.hyperVIsolated({ ...isolated, schemaVersion, terminateOnLastHandleClosed: false });
    assert.deepEqual([vm.SchemaVersion, vm.ShouldTerminateOnLastHandleClosed], [schemaVersion, false]);
    const { VirtualMachine } = documents.virtualMachine({ ...machine, enableDeferredCommit: true });
    assert.equal(VirtualMachine.ComputeTopology?.Memory?.EnableDeferredCommit, true);
    const { HvRuntime } = documents.linuxContainer({
      schema: 1,
      id: 'web',
      layers,
      scratchFolder: 'C:\\scratch',
      bootDisk: 'C:\\boot.vhdx',
      bootParameters: 'debug',
    });
    assert.equal(HvRuntime?.LinuxBootParameters, 'debug');
  });
});
