import assert from 'node:assert/strict';

import type { Schema2 } from 'hostcompute';
import { documents } from 'hostcompute/documents';

import { options } from '../../support/oci.js';

const guid = '5f0e6c1d-2222-4444-8888-abcdefabcdef';

function convert(config: object, more: Partial<documents.OciOptions> = {}) {
  const { document, notExpressed } = documents.fromOciSpec(config, { ...options(2), ...more, schema: 2 });
  const hosted = document.HostedSystem as Schema2.LinuxHostedSystem;
  return {
    document,
    specification: hosted.OciSpecification as Record<string, unknown>,
    told: notExpressed.map(({ path }) => path).sort(),
  };
}

const config = {
  ociVersion: '1.1.0',
  hostname: 'web',
  process: { args: ['/bin/sh'], env: ['A=1'], cwd: '/' },
  root: { path: 'rootfs', readonly: true },
  mounts: [{ destination: '/proc', type: 'proc', source: 'proc' }],
  annotations: { 'io.microsoft.lcow.shm.size-kb': '64' },
  linux: { namespaces: [{ type: 'mount' }] },
};

describe('documents.fromOciSpec() for Linux', () => {
  it('passes the configuration to the VM with the root path inside the VM', () => {
    const { document, told } = convert(config);
    assert.deepEqual(document, {
      Owner: 'golden',
      SchemaVersion: { Major: 2, Minor: 1 },
      ShouldTerminateOnLastHandleClosed: true,
      HostingSystemId: 'c1@vm',
      HostedSystem: {
        SchemaVersion: { Major: 2, Minor: 1 },
        OciBundlePath: '/run/gcs/c/c1',
        OciSpecification: { ...config, root: { path: '/run/gcs/c/c1/rootfs', readonly: true } },
        ScratchDirPath: '/run/mounts/scsi/m0/scratch/c1',
      },
    });
    assert.deepEqual(told, []);
  });

  it('omits what the guest does not support, and reports it', () => {
    const resources = {
      memory: { limit: 1 },
      cpu: { period: 0, quota: 0, shares: 2 },
      devices: [{ allow: false }],
      pids: { limit: 1 },
      blockIO: { weight: 1 },
      hugepageLimits: [{ pageSize: '2MB' }],
      network: { classID: 1 },
    };
    const { specification, told } = convert({
      ...config,
      hooks: { prestart: [{ path: '/hook' }] },
      linux: { ...config.linux, cgroupsPath: '/a', seccomp: { defaultAction: 'x' }, resources },
      windows: {
        layerFolders: ['C:\\a'],
        resources: { memory: { limit: 1 } },
        network: { networkNamespace: guid, endpointList: ['x'] },
        devices: [{ id: 'a', idType: 'vpci' }],
      },
    });
    assert.deepEqual(specification.linux, {
      ...config.linux,
      seccomp: { defaultAction: 'x' },
      resources: { memory: { limit: 1 }, cpu: { period: 100000, quota: -1, shares: 2 } },
    });
    assert.deepEqual(specification.windows, {
      network: { networkNamespace: guid },
      devices: [{ id: 'a', idType: 'vpci' }],
    });
    assert.equal('hooks' in specification, false);
    assert.deepEqual(told, [
      'hooks',
      'linux.cgroupsPath',
      'linux.resources.blockIO',
      'linux.resources.devices',
      'linux.resources.hugepageLimits',
      'linux.resources.network',
      'linux.resources.pids',
      'windows.network.endpointList',
      'windows.resources',
    ]);
  });

  it('omits seccomp for a privileged container', () => {
    const { specification, told } = convert({
      ...config,
      linux: { seccomp: { defaultAction: 'x' } },
      annotations: { 'io.microsoft.virtualmachine.lcow.privileged': 'true' },
    });
    assert.deepEqual(specification.linux, {});
    assert.deepEqual(told, ['linux.seccomp']);
  });

  const mounts = [
    { destination: '/a', type: 'bind', source: 'C:\\a', options: ['ro'] },
    { destination: '/b', type: 'bind', source: 'sandbox:///b' },
    { destination: '/c', type: 'bind', source: 'hugepages://2M/c' },
    { destination: '/d', type: 'tmpfs', source: 'tmpfs' },
  ];

  it('maps folders to their paths inside the VM', () => {
    const { specification } = convert({ ...config, mounts });
    assert.deepEqual(specification.mounts, [{ ...mounts[0], source: '/run/gcs/c/c1/mounts/m0' }, ...mounts.slice(1)]);
    const { specification: resolved } = convert({ ...config, mounts }, { resolvePath: () => '/x' });
    assert.deepEqual((resolved.mounts as object[])[0], { ...mounts[0], source: '/x' });
  });

  it('maps disks to their paths inside the VM', () => {
    const disks = [
      { destination: '/e', type: 'virtual-disk', source: 'C:\\e.vhdx' },
      { destination: 'blockdev:///dev/x', type: 'physical-disk', source: '\\\\.\\PhysicalDrive1' },
    ];
    const { specification } = convert({ ...config, mounts: disks }, { resolvePath: ({ type }) => `/${type}` });
    assert.deepEqual(specification.mounts, [
      { ...disks[0], type: 'none', source: '/virtual-disk' },
      { ...disks[1], type: 'bind', source: '/physical-disk' },
    ]);
    assert.throws(() => convert({ ...config, mounts: disks }), { field: 'config.mounts[0].source' });
  });

  it('refuses what the guest does not support, and names its path', () => {
    const pages = { destination: '/c', type: 'bind', source: 'hugepages://1G/c' };
    assert.throws(() => convert({ ...config, mounts: [pages] }), { field: 'config.mounts[0].source' });
    const nothing = { destination: '/c', type: 'bind' };
    assert.throws(() => convert({ ...config, mounts: [nothing] }), { field: 'config.mounts[0].source' });
    assert.throws(() => documents.fromOciSpec(config, options(1)), { field: 'options.schema' });
  });
});

describe('documents.utilityVmFromOciSpec() for Linux', () => {
  const bootFolder = 'C:\\Boot';

  it('returns the default VM without annotations', () => {
    const { document, notExpressed } = documents.utilityVmFromOciSpec(config, { owner: 'x', bootFolder });
    assert.deepEqual(document, documents.linuxUtilityVm({ owner: 'x', bootFolder }));
    assert.deepEqual(notExpressed, []);
  });

  it('applies annotations', () => {
    const vm = 'io.microsoft.virtualmachine.';
    const topology = `${vm}computetopology.`;
    const annotations = {
      [`${vm}bootfilesrootpath`]: 'D:\\Boot',
      [`${vm}lcow.preferredrootfstype`]: 'vhd',
      [`${vm}lcow.kernelbootoptions`]: 'debug',
      [`${vm}lcow.vpcienabled`]: 'true',
      [`${vm}lcow.timesync.disable`]: 'true',
      [`${vm}lcow.extra-exec-command-args`]: '-more',
      [`${vm}lcow.writable-overlay-directories`]: 'true',
      [`${vm}devices.virtualpmem.maximumcount`]: '32',
      [`${vm}devices.virtualpmem.maximumsizebytes`]: '8192',
      [`${topology}memory.sizeinmb`]: '2047',
      [`${topology}memory.enablecolddiscardhint`]: 'true',
      [`${topology}memory.enabledeferredcommit`]: '1',
      [`${topology}memory.lowmmiogapinmb`]: '256',
      [`${topology}processor.count`]: '8',
      [`${topology}processor.limit`]: '50000',
      [`${topology}processor.weight`]: '200',
      [`${vm}storageqos.iopsmaximum`]: '10',
      [`${vm}cpugroup.id`]: guid,
      [`${vm}console.pipe`]: '\\\\.\\pipe\\console',
      [`${vm}hv-socket.service-table.${guid}`]: '{"AllowWildcardBinds":true}',
      [`${vm}computetopology.numa.preferred-physical-nodes`]: '0',
      'io.microsoft.container.processdumplocation': '/dumps',
    };
    const { document, notExpressed } = documents.utilityVmFromOciSpec(
      { ...config, annotations },
      { bootFolder, processorCount: 4, osBuild: 20348 },
    );
    const expected = documents.linuxUtilityVm({
      bootFolder: 'D:\\Boot',
      rootDiskFile: 'rootfs.vhd',
      kernelOptions: 'debug',
      pci: true,
      guestCommand: '/bin/gcs -v4 -log-format json -loglevel info -more -disable-time-sync -core-dump-location /dumps',
      writableOverlay: true,
      persistentMemory: { maximumCount: 32, maximumSizeBytes: 8192 },
      memoryMiB: 2048,
      enableColdDiscardHint: true,
      enableDeferredCommit: true,
      lowMmioGapMiB: 256,
      cpu: { count: 4, limit: 50000, weight: 200 },
      storageQoS: { iopsMaximum: 10 },
      cpuGroupId: guid,
      consolePipe: '\\\\.\\pipe\\console',
      hvSocketServices: { [guid]: { AllowWildcardBinds: true } },
    });
    assert.deepEqual(document, expected);
    assert.deepEqual(
      notExpressed.map(({ path }) => path),
      [
        `annotations["${topology}memory.sizeinmb"]`,
        `annotations["${topology}processor.count"]`,
        `annotations["${topology}numa.preferred-physical-nodes"]`,
      ],
    );
  });

  it('uses physical memory only on request', () => {
    const annotations = { 'io.microsoft.virtualmachine.fullyphysicallybacked': 'true' };
    const { document } = documents.utilityVmFromOciSpec({ ...config, annotations }, { bootFolder });
    const expected = documents.linuxUtilityVm({
      bootFolder,
      allowOvercommit: false,
      persistentMemory: { maximumCount: 0 },
    });
    assert.deepEqual(document, expected);
  });

  it('refuses unsupported settings, and names their path', () => {
    const secret = { ...config, annotations: { 'io.microsoft.virtualmachine.lcow.securitypolicy': 'x' } };
    const field = 'config.annotations["io.microsoft.virtualmachine.lcow.securitypolicy"]';
    assert.throws(() => documents.utilityVmFromOciSpec(secret, { bootFolder }), { field });
    assert.throws(() => documents.utilityVmFromOciSpec(config), { field: 'options.bootFolder' });
    const group = 'io.microsoft.virtualmachine.cpugroup.id';
    assert.throws(() => documents.utilityVmFromOciSpec({ ...config, annotations: { [group]: 'x' } }, { bootFolder }), {
      field: `config.annotations["${group}"]`,
    });
  });
});
