import assert from 'node:assert/strict';

import { findResourcePath } from '../../src/calls/resource-paths.js';
import { schema1Resources } from '../../src/documents/schema1.js';
import { guestResources } from '../../src/documents/schema2/guest.js';
import type { Shape } from '../../src/documents/shapes.js';
import { object } from '../../src/documents/shapes.js';
import type { SchemaMajor } from '../../src/documents/types.js';
import type { Client } from '../support/broker.js';
import { Bench, container, machine } from '../support/broker.js';
import type { StringMember } from '../support/schema.js';
import { requests, stringMembers } from '../support/schema.js';

/** A place where documents come in: the type of the document, and the call that has it. */
interface Entrance {
  readonly title: string;
  readonly schema: SchemaMajor;
  readonly type: string;
  readonly shape: Shape | undefined;
  /** Makes the call, and returns the document that the host would get, or why not. */
  readonly call: (client: Client, document: unknown) => Promise<string>;
}

const version = { Major: 2, Minor: 1 };

async function decided(client: Client, name: string, inputs: Record<string, unknown>, input: string): Promise<string> {
  const decision = await client.decide(name, inputs);
  return 'allow' in decision ? String(decision.allow[input]) : `refused: ${decision.message}`;
}

const create = async (client: Client, document: object): Promise<string> => {
  const inputs = { id: 'probe', configuration: JSON.stringify(document), identity: null };
  return decided(client, 'HcsCreateComputeSystem', inputs, 'configuration');
};

/** A call on a system that has been made, or on a process in it. */
const on =
  (name: string, input: string, made: object = machine(), wrap = (document: unknown): unknown => document) =>
  async (client: Client, document: unknown): Promise<string> => {
    const { handle } = await client.create('made', made);
    await client.allowed(
      'HcsCreateProcess',
      { computeSystem: handle, processParameters: '{}' },
      { outputs: { process: 99 } },
    );
    const configuration = JSON.stringify(wrap(document));
    return decided(client, name, { computeSystem: handle, process: 99, [input]: configuration }, input);
  };

const schema1 = { SystemType: 'Container', Name: 'made' };
const modify = (path: string): Entrance['call'] =>
  on('HcsModifyComputeSystem', 'configuration', machine(), (Settings) => ({
    ResourcePath: path,
    RequestType: 'Add',
    Settings,
  }));

const entrances: readonly Entrance[] = [
  {
    title: 'HcsCreateComputeSystem',
    schema: 2,
    type: 'ComputeSystem',
    shape: object('ComputeSystem'),
    call: async (client, document) => {
      await client.create('host', machine());
      const given = document as object;
      const hosted = 'HostedSystem' in given ? { HostingSystemId: 'host' } : {};
      const kind = ['Container', 'VirtualMachine', 'HostedSystem'].some((name) => name in given)
        ? {}
        : { Container: {} };
      return create(client, { SchemaVersion: version, ...hosted, ...kind, ...given });
    },
  },
  {
    title: 'HcsCreateComputeSystem, schema 1',
    schema: 1,
    type: 'ContainerConfig',
    shape: object('ContainerConfig'),
    call: (client, document) => create(client, { SystemType: 'Container', Name: 'probe', ...(document as object) }),
  },
  ...(
    [
      ['HcsCreateProcess', 'processParameters', 'ProcessParameters'],
      ['HcsModifyProcess', 'settings', 'ProcessModifyRequest'],
      ['HcsSignalProcess', 'options', 'SignalProcessOptions'],
      ['HcsPauseComputeSystem', 'options', 'PauseOptions'],
      ['HcsSaveComputeSystem', 'options', 'SaveOptions'],
      ['HcsShutdownComputeSystem', 'options', 'ShutdownOptions'],
      ['HcsStartComputeSystem', 'options', 'StartOptions'],
      ['HcsGetComputeSystemProperties', 'propertyQuery', 'System_PropertyQuery'],
      ['HcsGetServiceProperties', 'propertyQuery', 'Service_PropertyQuery'],
    ] as const
  ).map(([title, input, type]) => ({ title, schema: 2 as const, type, shape: object(type), call: on(title, input) })),
  {
    title: 'HcsCreateProcess, schema 1',
    schema: 1,
    type: 'ProcessConfig',
    shape: object('ProcessConfig'),
    call: on('HcsCreateProcess', 'processParameters', schema1),
  },
  ...Object.keys(schema1Resources).map((type) => ({
    title: `HcsModifyComputeSystem, schema 1, ${type}`,
    schema: 1 as const,
    type: schema1Resources[type]!,
    shape: object(schema1Resources[type]!),
    call: on('HcsModifyComputeSystem', 'configuration', schema1, (Settings) => ({ ResourceType: type, Settings })),
  })),
  ...requests.resourcePaths.map(({ path, settings }) => {
    const filled = path
      .replace(/\{(\w*[iI]d|vmbusGuid)\}/, '00000000-1111-2222-3333-444444444444')
      .replace(/\{\w+\}/g, '0');
    const shape = findResourcePath(filled)?.settings;
    return {
      title: `HcsModifyComputeSystem, ${path}`,
      schema: 2 as const,
      type: settings,
      shape,
      call: modify(filled),
    };
  }),
  ...requests.guestResources.map(({ resourceType, settings }) => {
    const type = guestResources[resourceType];
    const wrap = (Settings: unknown): unknown => ({ GuestRequest: { ResourceType: resourceType, Settings } });
    return {
      title: `HcsModifyComputeSystem, guest, ${resourceType}, ${settings}`,
      schema: 2 as const,
      type: settings,
      shape: typeof type === 'string' ? object(type) : undefined,
      call: on('HcsModifyComputeSystem', 'configuration', machine(), wrap),
    };
  }),
];

/** What names something of the host, or could: none of it may come out again where the table says that a host name belongs. */
const probes: Readonly<Record<string, readonly unknown[]>> = {
  string: [
    'C:\\Windows\\probe.vhdx',
    'D:\\work-probe\\x.vhdx',
    '\\\\.\\pipe\\probe',
    '\\\\probe\\share',
    '\\\\?\\GLOBALROOT\\Device\\probe',
    'D:(A;;GA;;;WD)probe',
    'S-1-1-0-999-probe',
    'probe',
  ],
  guid: ['deadbeef-dead-beef-dead-beefdeadbeef'],
  macaddress: ['DE-AD-BE-EF-DE-AD'],
  any: [{ probe: 'C:\\probe' }, 'probe', ['probe']],
};
const showsProbe = (text: string): boolean =>
  /probe|deadbeef|DE-AD-BE-EF/.test(text.replace(/team-[\da-f]{16}-probe/g, ''));

// Names of the host's kind that are the client's to choose, each for its reason: accounts of the guest; names inside a folder that
// is checked; the id of a layer, which its folder decides; what an adapter is called on its own network.
const chosen = [
  'ProcessParameters.User',
  'ProcessConfig.User',
  'VirtualSmbShare.AllowedFiles',
  'Plan9Share.AllowedFiles',
  'HvRuntime.LinuxInitrdFile',
  'HvRuntime.LinuxKernelFile',
  'Layer.Id',
  'Layer.ID',
  'NetworkAdapter.MacAddress',
  'NetworkAdapter.InstanceId',
];

const probesOf = ({ type }: StringMember): readonly unknown[] => probes[type] ?? probes.string!;

async function outcomes(entrance: Entrance, member: StringMember): Promise<readonly string[]> {
  return Promise.all(probesOf(member).map((probe) => entrance.call(new Bench().connect(), member.document(probe))));
}

for (const entrance of entrances) {
  const members = [...stringMembers(entrance.schema, entrance.type, entrance.shape)];
  if (members.length === 0) continue;
  describe(`members of ${entrance.title}`, () => {
    for (const member of members) {
      const { line, name } = member;
      if (line === undefined) {
        it(`refuses ${member.path}`, async () => {
          for (const outcome of await outcomes(entrance, member)) assert.match(outcome, /^refused: /);
        });
      } else if (['G', '-'].includes(line.kind) || chosen.includes(name)) {
        it(`lets the client choose ${member.path}`, async () => {
          const seen = await outcomes(entrance, member);
          const { shape } = line;
          const given = probesOf(member);
          const free =
            shape.is === 'text' &&
            given.some((probe) => typeof probe === 'string' && (shape.form?.test(probe) ?? true));
          if (free)
            assert.ok(
              seen.some((outcome) => !outcome.startsWith('refused: ') && showsProbe(outcome)),
              seen.join('\n'),
            );
        });
      } else {
        it(`lets no name of the host through ${member.path}`, async () => {
          for (const outcome of await outcomes(entrance, member)) {
            assert.ok(outcome.startsWith('refused: ') || !showsProbe(outcome), outcome);
          }
        });
      }
    }
  });
}

describe('the members of documents', () => {
  it('are looked at in each function that takes a document', () => {
    const notForClients = ['HcsModifyServiceSettings', 'HcsSubmitWerReport', 'HcsCrashComputeSystem'];
    const storage = /Layer|BaseOS|Overlay/;
    const looked = new Set(entrances.map(({ title }) => title.split(',')[0]));
    for (const [name, { input }] of Object.entries(requests.functions)) {
      if (input === undefined || notForClients.includes(name) || storage.test(name)) continue;
      assert.ok(looked.has(name) || name === 'HcsEnumerateComputeSystems', name);
    }
  });

  it('are hundreds', () => {
    const all = entrances.flatMap(({ schema, type, shape }) => [...stringMembers(schema, type, shape)]);
    assert.ok(all.length > 300, `${all.length}`);
    assert.ok(all.filter(({ line }) => line !== undefined && !['G', '-'].includes(line.kind)).length > 40);
  });
});

describe('the names of the host in documents', () => {
  // Written by hand, so that no line of a table says of itself that it is harmless.
  const names = `
    ComputeSystem.Owner ComputeSystem.HostingSystemId RestoreState.SaveStateFilePath RestoreState.TemplateSystemId
    GuestState.GuestStateFilePath GuestState.RuntimeStateFilePath LinuxKernelDirect.KernelFilePath LinuxKernelDirect.InitRdPath
    UefiBootEntry.VmbFsRootPath FirmwareFile.Parameters ComPort.NamedPipe VirtioSerialPort.NamedPipe RdpConnectionOptions.NamedPipe
    RdpConnectionOptions.AccessSids Attachment.Path Attachment.ExtensibleVirtualDiskType VirtualPMemDevice.HostPath
    VirtualPMemMapping.HostPath VirtualSmbShare.Path Plan9Share.Path NetworkAdapter.EndpointId
    HvSocketSystemConfig.DefaultBindSecurityDescriptor HvSocketSystemConfig.DefaultConnectSecurityDescriptor
    HvSocketServiceConfig.BindSecurityDescriptor HvSocketServiceConfig.ConnectSecurityDescriptor FlexibleIoDevice.EmulatorId
    FlexibleIoDevice.Configuration VirtualPciFunction.DeviceInstancePath SharedMemoryRegion.SectionName
    WindowsCrashReporting.DumpFileName DebugOptions.BugcheckSavedStateFileName DebugOptions.BugcheckNoCrashdumpSavedStateFileName
    DebugOptions.TripleFaultSavedStateFileName DebugOptions.FirmwareDumpFileName DebugOptions.ShutdownOrResetSavedStateFileName
    IsolationSettings.DebugHost IsolationSettings.LaunchData CpuGroup.Id VirtualMachine.ResourcePartitionId CompatibilityInfo.Data
    Storage.Path Storage.PrivilegedContainerRootPath Layer.Path MappedDirectory.HostPath MappedPipe.HostPath Networking.Namespace
    Networking.NetworkAdapters Networking.NetworkSharedContainerName ContainerCredentialGuardState.Cookie
    ContainerCredentialGuardState.RpcEndpoint ContainerCredentialGuardState.CredentialSpec Device.InterfaceClassGuid
    Device.LocationPath FilesystemNamespace.path HostFiles.base_image_path RegistryRedirectionNode.hostpath RegistryLayer.hosthive
    NamedPipeSymlink.path ObjectSymlink.path SaveOptions.SaveStateFilePath ContainerConfig.Name ContainerConfig.Owner
    ContainerConfig.VolumePath ContainerConfig.LayerFolderPath ContainerConfig.Credentials ContainerConfig.EndpointList
    ContainerConfig.NetworkSharedContainerName ContainerConfig.SandboxPath ContainerConfig.Devices MappedDir.HostPath
    MappedVirtualDisk.HostPath HvRuntime.ImagePath HvRuntime.Com1PipeName HvRuntime.Com2PipeName AssignedDevice.InterfaceClassGuid
    ProcessConfig.StdInPipe ProcessConfig.StdOutPipe ProcessConfig.StdErrPipe`
    .trim()
    .split(/\s+/);
  // In a guest, the same type names what is in the guest.
  const ofHost = entrances.filter(({ title }) => !title.includes(', guest, '));
  const members = ofHost.flatMap(({ schema, type, shape }) => [...stringMembers(schema, type, shape)]);

  for (const name of names) {
    it(`are no free choice: ${name}`, () => {
      const found = members.filter((member) => member.name === name && !member.path.startsWith('HostedSystem.'));
      assert.ok(found.length > 0);
      for (const { line } of found) {
        assert.ok(line === undefined || (!['G', '-'].includes(line.kind) && !['text', 'word'].includes(line.shape.is)));
      }
    });
  }

  it('are let through where the policy has them', async () => {
    const client = new Bench().connect();
    const document = await client.document(
      container({ MappedPipes: [{ HostPath: '\\\\.\\pipe\\TEAM-console', ContainerPipeName: 'x' }] }),
    );
    assert.match(JSON.stringify(document), /TEAM-console/);
  });
});
