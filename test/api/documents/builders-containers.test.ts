import assert from 'node:assert/strict';

import { documents } from 'hostcompute/documents';

const layers = [
  { id: '6a1f6f0e-2c55-5e0c-9f3c-8f9d3b2a1c01', path: 'D:\\layers\\app' },
  { id: 'b3a0a7c9-51d2-5f7f-8a44-0d7c1e6f2b02', path: 'D:\\layers\\base' },
] as const;
const volume = '\\\\?\\Volume{0f3a6b52-7c1e-4f6f-9a27-1d5e8c0b4a11}';
const endpoint = '3d0b7c80-8f0e-4b7e-9c57-7a1c9a1e0f03';
const namespace = '7a1d3f54-1c0e-4f0e-8b9a-2f8b6a7c9d04';
const deviceClass = '5b45201d-f2f2-4f3b-85bb-30ff1f953599';
const share = '\\\\?\\VMSMB\\VSMB-{dcc079ae-60ba-4d07-847c-3493609c0870}';

const common = {
  id: 'c0ffee01',
  hostname: 'web01',
  memoryMiB: 512,
  layers,
  scratchVolume: `${volume}\\`,
  mounts: [{ hostPath: 'D:\\data', containerPath: 'C:\\data', readOnly: true }],
  pipes: [{ hostPath: '\\\\.\\pipe\\svc' }],
  network: {
    namespace,
    endpoints: [endpoint],
    allowUnqualifiedDnsQuery: true,
    dnsSearchList: ['corp.example', 'example'],
  },
  storageQoS: { iopsMaximum: 1000, bandwidthMaximum: 52428800 },
};

const gracefulStop = {
  Key: { Hive: 'System', Name: 'ControlSet001\\Control' },
  Name: 'WaitToKillServiceTimeout',
  Type: 'String',
  StringValue: '2147483647',
};

describe('documents.processIsolated()', () => {
  it('returns the schema 1 document that Docker and hcsshim send', () => {
    const document = documents.processIsolated({
      ...common,
      schema: 1,
      cpu: { count: 2 },
      scratchFolder: 'D:\\layers\\c0ffee01',
      ignoreFlushesDuringBoot: true,
      credentials: '{}',
      devices: [{ interfaceClass: deviceClass }],
    });
    assert.deepEqual(document, {
      SystemType: 'Container',
      Name: 'c0ffee01',
      Owner: 'hostcompute',
      VolumePath: volume,
      LayerFolderPath: 'D:\\layers\\c0ffee01',
      Layers: layers.map(({ id, path }) => ({ ID: id, Path: path })),
      IgnoreFlushesDuringBoot: true,
      HostName: 'web01',
      HvPartition: false,
      ProcessorCount: 2,
      MemoryMaximumInMB: 512,
      StorageIOPSMaximum: 1000,
      StorageBandwidthMaximum: 52428800,
      MappedDirectories: [
        {
          HostPath: 'D:\\data',
          ContainerPath: 'C:\\data',
          ReadOnly: true,
          BandwidthMaximum: 0,
          IOPSMaximum: 0,
          CreateInUtilityVM: false,
        },
      ],
      MappedPipes: [{ HostPath: '\\\\.\\pipe\\svc', ContainerPipeName: 'svc' }],
      EndpointList: [endpoint],
      AllowUnqualifiedDNSQuery: true,
      DNSSearchList: 'corp.example,example',
      Credentials: '{}',
      AssignedDevices: [{ InterfaceClassGuid: deviceClass }],
    });
  });

  it('returns the schema 2 document that hcsshim sends', () => {
    const document = documents.processIsolated({
      ...common,
      cpu: { limit: 2500 },
      devices: [{ locationPath: 'PCIROOT(0)#PCI(0300)' }],
    });
    assert.deepEqual(document, {
      Owner: 'hostcompute',
      SchemaVersion: { Major: 2, Minor: 1 },
      ShouldTerminateOnLastHandleClosed: true,
      Container: {
        GuestOs: { HostName: 'web01' },
        Storage: {
          Path: `${volume}\\`,
          Layers: layers.map(({ id, path }) => ({ Id: id, Path: path })),
          QoS: { IopsMaximum: 1000, BandwidthMaximum: 52428800 },
        },
        Processor: { Maximum: 2500 },
        Memory: { SizeInMB: 512 },
        MappedDirectories: [{ HostPath: 'D:\\data', ContainerPath: 'C:\\data', ReadOnly: true }],
        MappedPipes: [{ HostPath: '\\\\.\\pipe\\svc', ContainerPipeName: 'svc' }],
        Networking: {
          Namespace: namespace,
          AllowUnqualifiedDnsQuery: true,
          DnsSearchList: 'corp.example,example',
        },
        AssignedDevices: [{ Type: 'DeviceInstance', LocationPath: 'PCIROOT(0)#PCI(0300)' }],
        RegistryChanges: { AddValues: [gracefulStop] },
      },
    });
  });

  for (const [osBuild, schema] of [
    [14393, 1],
    [17134, 1],
    [17763, 2],
    [26100, 2],
  ] as const) {
    it(`uses schema ${schema} for build ${osBuild}`, () => {
      const { id, scratchVolume } = common;
      const document = documents.processIsolated({ id, layers, scratchVolume, osBuild });
      assert.equal('SchemaVersion' in document ? 2 : 1, schema);
    });
  }

  it('writes the volume path with or without a trailing backslash as each schema requires', () => {
    const one = documents.processIsolated({ ...common, schema: 1 });
    const two = documents.processIsolated({ ...common, scratchVolume: volume });
    assert.equal(one.VolumePath, volume);
    assert.equal(two.Container.Storage?.Path, `${volume}\\`);
  });

  it('adds a device class without a type, and the GPU of the host', () => {
    const devices = [{ interfaceClass: deviceClass }, { gpuMirror: true }] as const;
    const { Container } = documents.processIsolated({ ...common, devices });
    assert.deepEqual(Container.AssignedDevices, [{ InterfaceClassGuid: deviceClass }, { Type: 'GpuMirror' }]);
  });

  it('writes registry changes of the caller after its own', () => {
    const key = { hive: 'Software', key: 'Contoso' } as const;
    const { Container } = documents.processIsolated({
      ...common,
      dumps: { folder: 'C:\\dumps', type: 'mini' },
      registry: {
        set: [
          { ...key, name: 'Zero', value: 0 },
          { ...key, name: 'Large', value: 2n ** 64n - 1n },
          { ...key, name: 'Bytes', value: new Uint8Array([1, 2]) },
          { ...key, name: 'Path', type: 'ExpandedString', value: '%TEMP%', volatile: true },
          { ...key, name: 'Own', type: 'CustomType', customType: 9, value: new Uint8Array([3]) },
        ],
        deleteKeys: [key],
      },
    });
    const Key = { Hive: 'Software', Name: 'Contoso' };
    const Dumps = { Hive: 'Software', Name: 'Microsoft\\Windows\\Windows Error Reporting\\LocalDumps' };
    assert.deepEqual(Container.RegistryChanges, {
      AddValues: [
        gracefulStop,
        { Key: Dumps, Name: 'DumpFolder', Type: 'String', StringValue: 'C:\\dumps' },
        { Key: Dumps, Name: 'DumpType', Type: 'DWord', DWordValue: 1 },
        { Key: Dumps, Name: 'DumpCount', Type: 'DWord', DWordValue: 10 },
        { Key, Name: 'Zero', Type: 'DWord', DWordValue: 0 },
        { Key, Name: 'Large', Type: 'QWord', QWordValue: 2n ** 64n - 1n },
        { Key, Name: 'Bytes', Type: 'Binary', BinaryValue: 'AQI=' },
        { Key: { ...Key, Volatile: true }, Name: 'Path', Type: 'ExpandedString', StringValue: '%TEMP%' },
        { Key, Name: 'Own', Type: 'CustomType', BinaryValue: 'Aw==', CustomType: 9 },
      ],
      DeleteKeys: [Key],
    });
  });

  it('passes on credentials and device extensions', () => {
    const credentials = { Cookie: 'AQ==', RpcEndpoint: 'lrpc', Transport: 'LRPC', CredentialSpec: '{}' } as const;
    const deviceExtensions = [{ device_category: { name: 'printer' } }];
    const { Container } = documents.processIsolated({ ...common, credentials, deviceExtensions });
    assert.deepEqual(Container.ContainerCredentialGuard, credentials);
    assert.deepEqual(Container.AdditionalDeviceNamespace, { device_extension: deviceExtensions });
  });

  it('writes only the members that options request', () => {
    const { id, scratchVolume } = common;
    const document = documents.processIsolated({ id, layers, scratchVolume, gracefulStop: false });
    assert.deepEqual(Object.keys(document.Container), ['Storage']);
  });
});

const hosted = {
  id: 'c0ffee02',
  hostingSystemId: 'pod1@vm',
  layers: [{ id: layers[1].id, share: 's1' }],
  scratchPath: 'c:\\mounts\\scsi\\m0',
} as const;

describe('documents.hostedContainer()', () => {
  it('returns the document that hcsshim sends', () => {
    const document = documents.hostedContainer({
      ...hosted,
      hostname: 'web01',
      mounts: [{ share: 's2', containerPath: 'C:\\data' }],
      pipes: [{ hostPath: '\\\\.\\pipe\\svc' }],
      network: { namespace },
    });
    assert.deepEqual(document, {
      Owner: 'hostcompute',
      SchemaVersion: { Major: 2, Minor: 1 },
      ShouldTerminateOnLastHandleClosed: true,
      HostingSystemId: 'pod1@vm',
      HostedSystem: {
        SchemaVersion: { Major: 2, Minor: 1 },
        Container: {
          GuestOs: { HostName: 'web01' },
          Storage: { Path: 'c:\\mounts\\scsi\\m0', Layers: [{ Id: layers[1].id, Path: `${share}\\s1` }] },
          MappedDirectories: [{ HostPath: `${share}\\s2`, ContainerPath: 'C:\\data' }],
          MappedPipes: [{ HostPath: `${share}\\IPC$\\svc`, ContainerPipeName: 'svc' }],
          Networking: { Namespace: namespace },
        },
      },
    });
  });

  it('leaves paths and pipes of the VM unchanged', () => {
    const { HostedSystem } = documents.hostedContainer({
      ...hosted,
      layers: [{ id: layers[1].id, path: 'C:\\layer' }],
      mounts: [{ hostPath: 'C:\\SandboxMounts\\data', containerPath: 'C:\\data' }],
      pipes: [{ hostPath: '\\\\.\\pipe\\pod1\\svc', containerPipeName: 'own', inVm: true }],
    });
    assert.deepEqual(HostedSystem, {
      SchemaVersion: { Major: 2, Minor: 1 },
      Container: {
        Storage: { Path: 'c:\\mounts\\scsi\\m0', Layers: [{ Id: layers[1].id, Path: 'C:\\layer' }] },
        MappedDirectories: [{ HostPath: 'C:\\SandboxMounts\\data', ContainerPath: 'C:\\data' }],
        MappedPipes: [{ HostPath: '\\\\.\\pipe\\pod1\\svc', ContainerPipeName: 'own' }],
      },
    });
  });

  for (const [hostProcess, root] of [
    [true, undefined],
    ['C:\\root', 'C:\\root'],
  ] as const) {
    it(`creates a HostProcess container with its root at ${root ?? 'the default path'}`, () => {
      const { HostedSystem } = documents.hostedContainer({ ...hosted, hostProcess, gracefulStop: true });
      const storage = { Path: hosted.scratchPath, Layers: [{ Id: layers[1].id, Path: `${share}\\s1` }] };
      assert.deepEqual(HostedSystem, {
        SchemaVersion: { Major: 2, Minor: 1 },
        Container: {
          Storage: root === undefined ? storage : { ...storage, PrivilegedContainerRootPath: root },
          RegistryChanges: { AddValues: [gracefulStop] },
          IsolationType: 'HostProcess',
        },
      });
    });
  }
});

const isolated = {
  id: 'c0ffee02',
  layers: [layers[1]],
  image: 'D:\\layers\\base\\UtilityVM',
};

describe('documents.hyperVIsolated()', () => {
  it('returns the single schema 1 document that Docker sends', () => {
    const document = documents.hyperVIsolated({
      ...isolated,
      schema: 1,
      scratchFolder: 'D:\\layers\\c0ffee02',
      ignoreFlushesDuringBoot: true,
      network: { endpoints: [endpoint] },
    });
    assert.deepEqual(document, {
      SystemType: 'Container',
      Name: 'c0ffee02',
      Owner: 'hostcompute',
      IgnoreFlushesDuringBoot: true,
      HvPartition: true,
      HvRuntime: { ImagePath: 'D:\\layers\\base\\UtilityVM' },
      LayerFolderPath: 'D:\\layers\\c0ffee02',
      Layers: [{ ID: layers[1].id, Path: 'D:\\layers\\base' }],
      EndpointList: [endpoint],
    });
  });

  it('accepts several processor limits in schema 1, but only one in schema 2', () => {
    const cpu = { count: 2, weight: 500, limit: 9000 };
    const one = documents.hyperVIsolated({ ...isolated, schema: 1, scratchFolder: 'D:\\scratch', cpu });
    assert.deepEqual([one.ProcessorCount, one.ProcessorWeight, one.ProcessorMaximum], [2, 500, 9000]);
    assert.throws(() => documents.hyperVIsolated({ ...two, cpu }), { field: 'options.cpu' });
  });

  const two = {
    ...isolated,
    scratchDisk: 'D:\\scratch\\web\\sandbox.vhdx',
    vm: { scratchDisk: 'D:\\scratch\\vm\\sandbox.vhdx', memoryMiB: 2048 },
  };

  it('returns the schema 2 documents of VM and container, and the requests that connect them', () => {
    const { vmId, vm, attach, container } = documents.hyperVIsolated({
      ...two,
      owner: 'test',
      memoryMiB: 512,
      mounts: [
        { hostPath: 'D:\\data', containerPath: 'C:\\data' },
        { hostPath: 'D:\\fixed', containerPath: 'C:\\fixed', readOnly: true },
      ],
      pipes: [{ hostPath: '\\\\.\\pipe\\svc' }],
    });
    assert.equal(vmId, 'c0ffee02@vm');
    assert.deepEqual(
      vm,
      documents.windowsUtilityVm({
        owner: 'test',
        image: isolated.image,
        scratchDisk: 'D:\\scratch\\vm\\sandbox.vhdx',
        memoryMiB: 2048,
      }),
    );
    assert.deepEqual(
      container,
      documents.hostedContainer({
        id: isolated.id,
        owner: 'test',
        hostingSystemId: 'c0ffee02@vm',
        memoryMiB: 512,
        layers: [{ id: layers[1].id, share: 's1' }],
        scratchPath: 'c:\\mounts\\scsi\\m0',
        mounts: [
          { share: 's2', containerPath: 'C:\\data' },
          { share: 's3', containerPath: 'C:\\fixed', readOnly: true },
        ],
        pipes: [{ hostPath: '\\\\.\\pipe\\svc' }],
      }),
    );
    const readOnly = { ReadOnly: true, ShareRead: true, CacheIo: true, PseudoOplocks: true };
    const addShare = (Name: string, Path: string, Options: object) => ({
      ResourcePath: 'VirtualMachine/Devices/VirtualSmb/Shares',
      RequestType: 'Add',
      Settings: { Name, Path, Options },
    });
    assert.deepEqual(attach, [
      addShare('s1', 'D:\\layers\\base', { ...readOnly, TakeBackupPrivilege: true }),
      addShare('s2', 'D:\\data', {}),
      addShare('s3', 'D:\\fixed', readOnly),
      { ResourcePath: 'VirtualMachine/Devices/MappedPipes/\\\\.\\pipe\\svc', RequestType: 'Add' },
      {
        ResourcePath: 'VirtualMachine/Devices/Scsi/df6d0690-79e5-55b6-a5ec-c1e2f77f580a/Attachments/1',
        RequestType: 'Add',
        Settings: { Type: 'VirtualDisk', Path: 'D:\\scratch\\web\\sandbox.vhdx' },
        GuestRequest: {
          ResourceType: 'MappedVirtualDisk',
          RequestType: 'Add',
          Settings: { ContainerPath: 'c:\\mounts\\scsi\\m0', Lun: 1 },
        },
      },
      {
        RequestType: 'Add',
        GuestRequest: {
          ResourceType: 'CombinedLayers',
          RequestType: 'Add',
          Settings: {
            ContainerRootPath: 'c:\\mounts\\scsi\\m0',
            Layers: [{ Id: layers[1].id, Path: `${share}\\s1` }],
          },
        },
      },
    ]);
  });
});
