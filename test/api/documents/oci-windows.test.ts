import assert from 'node:assert/strict';

import type { Schema1, Schema2 } from 'hostcompute';
import { documents } from 'hostcompute/documents';

import { hyperVConfig, options, volume, windowsConfig } from '../../support/oci.js';

function convert(config: object, more: Partial<documents.OciOptions> = {}) {
  const { document, notExpressed } = documents.fromOciSpec(config, { ...options(2), ...more, schema: 2 });
  return { document, told: Object.fromEntries(notExpressed.map(({ path, reason }) => [path, reason])) };
}

function convert1(config: object): Schema1.ContainerConfig {
  return documents.fromOciSpec(config, { ...options(1), schema: 1 }).document;
}

function containerOf(config: object, more: Partial<documents.OciOptions> = {}): Schema2.Container {
  const { document } = convert(config, more);
  return document.Container ?? (document.HostedSystem as Schema2.HostedSystem).Container ?? {};
}

function refused(config: object, field: string, schema: 1 | 2 = 2, more: Partial<documents.OciOptions> = {}): void {
  assert.throws(() => documents.fromOciSpec(config, { ...options(schema), ...more }), {
    name: 'HcsArgumentError',
    field,
  });
}

const annotated = (annotations: object): object => windowsConfig({}, { annotations });
const guid = '5b45201d-f2f2-4f3b-85bb-30ff1f953599';

describe('documents.fromOciSpec() for Windows', () => {
  it('prefers an annotation to the member that it replaces', () => {
    const resources = { cpu: { maximum: 100 }, memory: { limit: 2 ** 30 }, storage: { iops: 1, bps: 2 } };
    const config = windowsConfig(
      { resources },
      {
        annotations: {
          'io.microsoft.container.processor.limit': '5000',
          'io.microsoft.container.memory.sizeinmb': '300',
          'io.microsoft.container.storage.qos.iopsmaximum': '10',
        },
      },
    );
    const { Processor, Memory, Storage } = containerOf(config);
    assert.deepEqual(Processor, { Maximum: 5000 });
    assert.deepEqual(Memory, { SizeInMB: 300 });
    assert.deepEqual(Storage?.QoS, { IopsMaximum: 10, BandwidthMaximum: 2 });
  });

  it('accepts processor shares', () => {
    assert.deepEqual(containerOf(windowsConfig({ resources: { cpu: { shares: 500 } } })).Processor, { Weight: 500 });
  });

  it('ignores an annotation that is not a number, and reports it', () => {
    const name = 'io.microsoft.container.memory.sizeinmb';
    const { document, told } = convert(annotated({ [name]: '1 GB' }));
    assert.equal(document.Container?.Memory, undefined);
    assert.deepEqual(told, { [`annotations["${name}"]`]: 'must be a whole number; received "1 GB"' });
  });

  it('limits processors to those of the host, and reports it', () => {
    const { document, told } = convert(windowsConfig({ resources: { cpu: { count: 8 } } }));
    assert.deepEqual(document.Container?.Processor, { Count: 2 });
    assert.deepEqual(told, { 'windows.resources.cpu.count': 'is lowered from 8 to the 2 processors there are' });
  });

  it('writes process dumps as an annotation requests', () => {
    const container = containerOf(
      annotated({
        'io.microsoft.container.processdumplocation': 'C:\\dumps\\{CONTAINER_ID}',
        'io.microsoft.wcow.processdumptype': 'mini',
        'io.microsoft.wcow.processdumpcount': '3',
      }),
    );
    const values = container.RegistryChanges?.AddValues?.slice(1).map(
      ({ Name, StringValue, DWordValue }) => [Name, StringValue ?? DWordValue] as const,
    );
    assert.deepEqual(values, [
      ['DumpFolder', 'C:\\dumps\\c1'],
      ['DumpType', 1],
      ['DumpCount', 3],
    ]);
  });

  it('adds registry values that annotations may set, and reports the others', () => {
    const name = 'io.microsoft.container.wcow.test-registry-annotation';
    const value = (Key: object, rest: object) => ({ Key, Name: 'N', ...rest });
    const services = { Hive: 'System', Name: 'CurrentControlSet\\Services\\x' };
    const values = [
      value(services, { Type: 'DWord' }),
      value(services, { Type: 'QWord', QWordValue: 5 }),
      value(services, { Type: 'Binary', BinaryValue: 'AQI=' }),
      value({ Hive: 'System', Name: 'ControlSet001\\Control' }, { Type: 'DWord', DWordValue: 1 }),
      value(services, { Type: 'String', StringValue: 'a', DWordValue: 1 }),
    ];
    const { document, told } = convert(annotated({ [name]: JSON.stringify(values) }));
    assert.deepEqual(document.Container?.RegistryChanges?.AddValues?.slice(1), [
      { Key: services, Name: 'N', Type: 'DWord', DWordValue: 0 },
      { Key: services, Name: 'N', Type: 'QWord', QWordValue: 5 },
      { Key: services, Name: 'N', Type: 'Binary', BinaryValue: 'AQI=' },
    ]);
    const { notExpressed } = documents.fromOciSpec(annotated({ [name]: JSON.stringify(values) }), options(2));
    assert.equal(notExpressed.length, 2);
    assert.deepEqual(Object.keys(told), [`annotations["${name}"]`]);
    assert.deepEqual(Object.values(convert(annotated({ [name]: 'no' })).told), ['must be a JSON array']);
  });

  it('passes credential specifications in schema 1, and credential instances in schema 2', () => {
    const config = windowsConfig({ credentialSpec: '{"a":1}' });
    const asObject = windowsConfig({ credentialSpec: { a: 1 } });
    for (const each of [config, asObject]) {
      assert.equal(convert1(each).Credentials, '{"a":1}');
    }
    const credentialGuard = { Cookie: 'AQ==', RpcEndpoint: 'x' };
    assert.deepEqual(containerOf(config, { credentialGuard }).ContainerCredentialGuard, credentialGuard);
    assert.match(convert(config).told['windows.credentialSpec'] ?? '', /credentialGuard/);
  });

  it('accepts devices by class and by location path', () => {
    const devices = [
      { id: guid, idType: 'class' },
      { id: 'PCIROOT(0)#PCI(0300)', idType: 'vpci-location-path' },
    ];
    assert.deepEqual(containerOf(windowsConfig({ devices })).AssignedDevices, [
      { InterfaceClassGuid: guid },
      { Type: 'DeviceInstance', LocationPath: 'PCIROOT(0)#PCI(0300)' },
    ]);
    refused(windowsConfig({ devices }), 'config.windows.devices[1]', 1);
    refused(windowsConfig({ devices: [{ id: 'x', idType: 'gpu' }] }), 'config.windows.devices[0].idType');
  });

  it('accepts device extensions from the caller', () => {
    const config = annotated({ 'io.microsoft.container.wcow.deviceextensions': 'C:\\ext.json' });
    const deviceExtensions = [{ device_category: { name: 'printer' } }];
    assert.deepEqual(containerOf(config, { deviceExtensions }).AdditionalDeviceNamespace, {
      device_extension: deviceExtensions,
    });
    assert.equal(Object.keys(convert(config).told).length, 1);
  });

  it('reports what a document cannot express', () => {
    const { told } = convert(
      windowsConfig(
        { ignoreFlushesDuringBoot: true, servicing: true, resources: { cpu: { affinity: [{ mask: 1 }] } } },
        {
          hooks: { createRuntime: [{ path: 'C:\\hook' }] },
          process: { args: ['cmd'] },
          mounts: [{ source: 'C:\\a', destination: 'C:\\b', options: ['rw', 'rbind', 'noexec'] }],
          annotations: { 'io.microsoft.virtualmachine.cpugroup.id': guid, other: 'x' },
          somethingNew: { a: 1 },
          nothing: { a: [], b: '' },
        },
      ),
    );
    assert.deepEqual(Object.keys(told).sort(), [
      'annotations.other',
      'annotations["io.microsoft.virtualmachine.cpugroup.id"]',
      'hooks',
      'mounts[0].options[2]',
      'process',
      'somethingNew',
      'windows.ignoreFlushesDuringBoot',
      'windows.resources.cpu.affinity',
      'windows.servicing',
    ]);
    assert.match(told['annotations["io.microsoft.virtualmachine.cpugroup.id"]'] ?? '', /utilityVmFromOciSpec/);
  });

  it('sets IgnoreFlushesDuringBoot in schema 1', () => {
    assert.equal(convert1(windowsConfig({ ignoreFlushesDuringBoot: true })).IgnoreFlushesDuringBoot, true);
  });

  const mount = (source: string, destination: string, rest: object = {}) => ({
    mounts: [
      { source: 'C:\\a', destination: 'C:\\a' },
      { source, destination, ...rest },
    ],
  });
  for (const [what, windows, rest, field] of [
    ['no Windows section', undefined, { windows: undefined }, 'config.windows'],
    ['no root', {}, { root: undefined }, 'config.root.path'],
    ['a read-only root', {}, { root: { path: volume, readonly: true } }, 'config.root.readonly'],
    [
      'a memory that is not a number',
      { resources: { memory: { limit: '1G' } } },
      {},
      'config.windows.resources.memory.limit',
    ],
    ['less than a MiB', { resources: { memory: { limit: 1000 } } }, {}, 'config.windows.resources.memory.limit'],
    ['two limits of processors', { resources: { cpu: { count: 1, shares: 2 } } }, {}, 'config.windows.resources.cpu'],
    ['too much of the processors', { resources: { cpu: { maximum: 20000 } } }, {}, 'config.windows.resources.cpu'],
    [
      'a namespace that is not a GUID',
      { network: { networkNamespace: 'x' } },
      {},
      'config.windows.network.networkNamespace',
    ],
    ['an invalid hostname', {}, { hostname: 'a b' }, 'config.hostname'],
    ['a section of the wrong type', { resources: 'none' }, {}, 'config.windows.resources'],
    ['a mount without a source', {}, mount('', 'C:\\b'), 'config.mounts[1].source'],
    ['a mount without a destination', {}, mount('C:\\b', ''), 'config.mounts[1].destination'],
    ['a disk', {}, mount('C:\\b.vhdx', 'C:\\b', { type: 'virtual-disk' }), 'config.mounts[1].type'],
    ['a pipe as a folder', {}, mount('\\\\.\\pipe\\a', 'C:\\a'), 'config.mounts[1].destination'],
    ['a folder as a pipe', {}, mount('C:\\a', '\\\\.\\pipe\\a'), 'config.mounts[1].source'],
    ['a pipe of a VM', {}, mount('uvm://\\\\.\\pipe\\a', '\\\\.\\pipe\\a'), 'config.mounts[1].source'],
    ['a folder of a VM', {}, mount('sandbox:///a', 'C:\\a'), 'config.mounts[1].source'],
    ['options that are not an array', {}, mount('C:\\a', 'C:\\a', { options: 'ro' }), 'config.mounts[1].options'],
    [
      'forbidden credentials',
      { credentialSpec: '{}' },
      { annotations: { 'io.microsoft.container.wcow.gmsa.disable': 'true' } },
      'config.windows.credentialSpec',
    ],
    [
      'credentials among safe operations only',
      { credentialSpec: '{}' },
      { annotations: { 'io.microsoft.disable-unsafe-operations': 'true' } },
      'config.windows.credentialSpec',
    ],
    [
      'an unknown dump type',
      {},
      {
        annotations: {
          'io.microsoft.container.processdumplocation': 'C:\\d',
          'io.microsoft.wcow.processdumptype': 'huge',
        },
      },
      'config.annotations["io.microsoft.wcow.processdumptype"]',
    ],
    [
      'a HostProcess container on the host',
      {},
      { annotations: { 'microsoft.com/hostprocess-container': 'true' } },
      'config.annotations["microsoft.com/hostprocess-container"]',
    ],
    [
      'a pod without its type',
      {},
      { annotations: { 'io.kubernetes.cri.sandbox-id': 'p' } },
      'config.annotations["io.kubernetes.cri.container-type"]',
    ],
    [
      'an unknown type in a pod',
      {},
      { annotations: { 'io.kubernetes.cri.container-type': 'x', 'io.kubernetes.cri.sandbox-id': 'p' } },
      'config.annotations["io.kubernetes.cri.container-type"]',
    ],
  ] as const) {
    it(`refuses ${what}, and names its path`, () => refused(windowsConfig(windows, rest), field));
  }

  it('refuses invalid options', () => {
    const config = windowsConfig();
    for (const [more, field] of [
      [{ schema: 3 }, 'options.schema'],
      [{ parentLayers: [{ Id: 'x', Path: 'C:\\a' }] }, 'options.parentLayers[0].Id'],
      [{ layers: [] }, 'options.layers'],
      [{ parentLayers: [] }, 'options.parentLayers'],
      [{ resolvePath: 'C:' }, 'options.resolvePath'],
    ] as const) {
      const wrong = { ...options(2), ...more } as documents.OciOptions;
      assert.throws(() => documents.fromOciSpec(config, wrong), { name: 'HcsArgumentError', field });
    }
    assert.throws(() => documents.fromOciSpec('{}' as unknown as object, options(2)), { field: 'config' });
  });
});

describe('documents.fromOciSpec() for Hyper-V isolation', () => {
  it('returns the single schema 1 document', () => {
    const layerFolders = ['C:\\layers\\top', 'C:\\layers\\base', 'C:\\layers\\scratch'];
    const document = convert1(hyperVConfig({ layerFolders, resources: { cpu: { count: 1, shares: 7 } } }));
    assert.deepEqual(document, {
      SystemType: 'Container',
      Name: 'c1',
      Owner: 'golden',
      Layers: options(1).parentLayers.map(({ Id, Path }) => ({ ID: Id, Path })),
      ProcessorCount: 1,
      ProcessorWeight: 7,
      LayerFolderPath: 'C:\\layers\\scratch',
      HvPartition: true,
      HvRuntime: { ImagePath: 'C:\\layers\\base\\UtilityVM' },
    });
    refused(hyperVConfig({ hyperv: {} }), 'config.windows.hyperv.utilityVMPath', 1);
    refused(hyperVConfig({ devices: [{ id: guid, idType: 'class' }] }), 'config.windows.devices', 1);
    refused(hyperVConfig(), 'config.windows.layerFolders', 1);
  });

  it('returns the schema 2 document of the container inside its VM', () => {
    const { document } = convert(hyperVConfig({}, { hostname: 'web' }));
    assert.deepEqual(document, {
      Owner: 'golden',
      SchemaVersion: { Major: 2, Minor: 1 },
      ShouldTerminateOnLastHandleClosed: true,
      HostingSystemId: 'c1@vm',
      HostedSystem: {
        SchemaVersion: { Major: 2, Minor: 1 },
        Container: {
          GuestOs: { HostName: 'web' },
          Storage: { Path: 'c:\\mounts\\scsi\\m0', Layers: options(2).parentLayers },
          Processor: {},
          RegistryChanges: {
            AddValues: [
              {
                Key: { Hive: 'System', Name: 'ControlSet001\\Control' },
                Name: 'WaitToKillServiceTimeout',
                Type: 'String',
                StringValue: '2147483647',
              },
            ],
          },
        },
      },
    });
  });

  it('uses the VM of its pod, or the VM that the caller passes', () => {
    const annotations = { 'io.kubernetes.cri.container-type': 'container', 'io.kubernetes.cri.sandbox-id': 'pod7' };
    const config = hyperVConfig({}, { annotations });
    assert.equal(convert(config).document.HostingSystemId, 'pod7@vm');
    assert.equal(convert(config, { hostingSystemId: 'other' }).document.HostingSystemId, 'other');
  });

  it('maps mounts and pipes to their paths inside the VM', () => {
    const annotations = { 'io.kubernetes.cri.container-type': 'container', 'io.kubernetes.cri.sandbox-id': 'pod7' };
    const mounts = [
      { source: 'D:\\data', destination: 'C:\\data', options: ['RO'] },
      { source: 'sandbox:///a/b', destination: 'C:\\b' },
      { source: 'D:\\disk.vhdx', destination: 'C:\\disk', type: 'virtual-disk' },
      { source: '\\\\.\\pipe\\host', destination: '\\\\.\\pipe\\one' },
      { source: 'uvm://\\\\.\\pipe\\vm', destination: '\\\\.\\pipe\\two' },
    ];
    const seen: documents.OciMount[] = [];
    const resolvePath = (mount: documents.OciMount): string => {
      seen.push(mount);
      return `X:\\${seen.length}`;
    };
    const container = containerOf(hyperVConfig({}, { mounts, annotations }), { resolvePath });
    assert.deepEqual(container.MappedDirectories, [
      { HostPath: 'X:\\1', ContainerPath: 'C:\\data', ReadOnly: true },
      { HostPath: 'C:\\SandboxMounts\\a\\b', ContainerPath: 'C:\\b' },
      { HostPath: 'X:\\2', ContainerPath: 'C:\\disk' },
    ]);
    assert.deepEqual(seen[1], {
      source: 'D:\\disk.vhdx',
      destination: 'C:\\disk',
      type: 'virtual-disk',
      readOnly: false,
    });
    assert.deepEqual(container.MappedPipes, [
      {
        HostPath: '\\\\?\\VMSMB\\VSMB-{dcc079ae-60ba-4d07-847c-3493609c0870}\\IPC$\\host',
        ContainerPipeName: 'one',
      },
      { HostPath: '\\\\.\\pipe\\pod7\\vm', ContainerPipeName: 'two' },
    ]);
    refused(hyperVConfig({}, { mounts }), 'config.mounts[0].source');
  });

  it('creates a HostProcess container', () => {
    const annotations = {
      'microsoft.com/hostprocess-container': 'true',
      'microsoft.com/hostprocess-rootfs-location': 'C:\\root',
    };
    const container = containerOf(hyperVConfig({}, { annotations }));
    assert.equal(container.IsolationType, 'HostProcess');
    assert.equal(container.Storage?.PrivilegedContainerRootPath, 'C:\\root');
    const both = { ...annotations, 'microsoft.com/disable-hostprocess-container': 'true' };
    refused(hyperVConfig({}, { annotations: both }), 'config.annotations["microsoft.com/hostprocess-container"]');
  });
});
