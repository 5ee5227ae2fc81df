import assert from 'node:assert/strict';

import { anna, Bench, container, endpoint, machine, policyOf } from '../support/broker.js';
import type { Client } from '../support/broker.js';

async function modify(client: Client, system: object, request: object): Promise<Record<string, unknown> | string> {
  const { handle } = await client.create('vm', system);
  const decision = await client.decide('HcsModifyComputeSystem', {
    computeSystem: handle,
    configuration: JSON.stringify(request),
  });
  if ('refuse' in decision) return decision.message;
  return JSON.parse(decision.allow.configuration as string) as Record<string, unknown>;
}

describe('changes of systems', () => {
  for (const path of [
    'VirtualMachine/Devices/ComPorts/0',
    'VirtualMachine/Devices/MappedPipes/docker_engine',
    'VirtualMachine/Devices/FlexibleIov/1',
    'VirtualMachine/Devices/VirtualPci/1',
    'VirtualMachine/Devices/SharedMemory/Regions',
    'VirtualMachine/Devices/Licensing',
    'VirtualMachine/Devices/HvSocket/HvSocketConfig/ServiceTable/00000000-0000-0000-0000-000000000001',
    'VirtualMachine/ComputeTopology/Gpu',
    'VirtualMachine/ComputeTopology/Processor/CpuGroup',
    'Container/MappedPipes',
    'Container/Devices/Generic',
    'Container/RegistryFlushState',
    'VirtualMachine/Devices/Scsi/0/Attachments/64',
    'VirtualMachine/Devices/Scsi/0/Attachments/-1',
    'VirtualMachine/Devices/Scsi/a:b/Attachments/0',
    'VirtualMachine/Devices/NetworkAdapters/x',
    'virtualmachine/Devices/VirtualSmb/Shares',
    'VirtualMachine/Devices/VirtualSmb/Shares/',
    '/VirtualMachine/Devices/VirtualSmb/Shares',
    '',
    '../x',
  ]) {
    it(`are refused at ${JSON.stringify(path)}`, async () => {
      const outcome = await modify(new Bench().connect(), machine(), {
        ResourcePath: path,
        RequestType: 'Add',
        Settings: {},
      });
      assert.match(JSON.stringify(outcome), /configuration\.(?:ResourcePath|Settings)\\" must/);
    });
  }

  it('have their settings rebuilt, and their paths held until the system ends', async () => {
    const bench = new Bench();
    const client = bench.connect();
    const { handle } = await client.create('vm', machine());
    const request = {
      ResourcePath: 'VirtualMachine/Devices/Scsi/0/Attachments/1',
      RequestType: 'Add',
      Settings: { Type: 'VirtualDisk', Path: 'D:\\work\\x.vhdx' },
    };
    const inputs = { computeSystem: handle, configuration: JSON.stringify(request) };
    const sent = await client.allowed('HcsModifyComputeSystem', inputs);
    assert.deepEqual(JSON.parse(sent.inputs.configuration as string), { ...request });
    assert.deepEqual([...bench.folders.held], ['D:\\work\\x.vhdx']);
    await client.allowed('HcsCloseComputeSystem', { computeSystem: handle });
    assert.deepEqual([...bench.folders.held], []);
  });

  it('take an endpoint of the policy', async () => {
    const path = `VirtualMachine/Devices/NetworkAdapters/${endpoint}`;
    const request = { ResourcePath: path, RequestType: 'Add', Settings: { EndpointId: endpoint.toUpperCase() } };
    assert.deepEqual(await modify(new Bench().connect(), machine(), request), request);
  });

  it('have unknown members refused, also in settings and requests to the guest', async () => {
    const shares = { ResourcePath: 'VirtualMachine/Devices/VirtualSmb/Shares', RequestType: 'Add' };
    for (const request of [
      { ...shares, Settings: { Name: 'x', Path: 'D:\\base\\x', Options: { ReadOnly: true }, HostPath: 'C:\\' } },
      { ...shares, Extra: 1, Settings: null },
      { GuestRequest: { ResourceType: 'MappedDirectory', RequestType: 'Add', Settings: { X: 1 } } },
      { GuestRequest: { ResourceType: 'Everything', Settings: {} } },
      { GuestRequest: { ResourceType: 'MappedDirectory', Settings: {}, X: 1 } },
      { GuestRequest: [] },
      { ...shares, RequestType: 'Own', Settings: {} },
    ]) {
      assert.equal(typeof (await modify(new Bench().connect(), machine(), request)), 'string', JSON.stringify(request));
    }
  });

  it('reach the guest of the client with what its kind has', async () => {
    const GuestRequest = {
      ResourceType: 'MappedVirtualDisk',
      RequestType: 'Add',
      Settings: { MountPath: '/mnt', Lun: 1 },
    };
    assert.deepEqual(await modify(new Bench().connect(), machine(), { GuestRequest }), { GuestRequest });
  });

  it('of schema 1 are by their type', async () => {
    const one = { SystemType: 'Container', Name: 'vm' };
    const Settings = { HostPath: 'D:\\base\\x', ContainerPath: 'C:\\x', ReadOnly: true };
    const request = { ResourceType: 'MappedDirectory', RequestType: 'Add', Settings };
    assert.deepEqual(await modify(new Bench().connect(), one, request), request);
    for (const type of ['MappedPipe', 'Network', 'Memory', 'constructor']) {
      const message = await modify(new Bench().connect(), one, { ResourceType: type, Settings: {} });
      assert.match(JSON.stringify(message), /must be one that clients may change/);
    }
  });
});

describe('what documents name of the host', () => {
  const attachment = (members: object): object =>
    machine({ Devices: { Scsi: { '0': { Attachments: { '0': { Type: 'VirtualDisk', ...members } } } } } });

  it('is below the folders of the policy, by their use', async () => {
    const client = new Bench(policyOf({ folders: [{ path: 'D:\\disks', use: ['disks'], access: 'write' }] })).connect();
    await client.document(attachment({ Path: 'D:\\disks\\x.vhdx' }));
    for (const path of [
      'D:\\disks-evil\\x.vhdx',
      'D:\\disks\\..\\x.vhdx',
      'E:\\disks\\x.vhdx',
      '\\\\?\\D:\\disks\\x.vhdx',
    ]) {
      assert.match(await client.refusal(attachment({ Path: path })), /Attachments\.0\.Path" must be/);
    }
    assert.match(
      await client.refusal(container({ MappedDirectories: [{ HostPath: 'D:\\disks\\x' }] })),
      /opens for shares/,
    );
  });

  it('is read only where the policy says so', async () => {
    const client = new Bench().connect();
    assert.match(await client.refusal(attachment({ Path: 'D:\\base\\x.vhdx' })), /must be read only/);
    await client.document(attachment({ Path: 'D:\\base\\x.vhdx', ReadOnly: true }));
    const share = (Options: object): object =>
      machine({ Devices: { VirtualSmb: { Shares: [{ Name: 'x', Path: 'D:\\base\\x', Options }] } } });
    assert.match(await client.refusal(share({ ReadOnly: false })), /must be read only/);
    await client.document(share({ ReadOnly: true }));
    const plan9 = (Flags: number): object =>
      machine({ Devices: { Plan9: { Shares: [{ Name: 'x', Path: 'D:\\base\\x', Flags }] } } });
    assert.match(await client.refusal(plan9(4)), /must be read only/);
    await client.document(plan9(5));
    assert.match(await client.refusal(plan9(17)), /of the bits/);
  });

  it('is below the user’s own folder where each has one', async () => {
    const bench = new Bench(
      policyOf({ folders: [{ path: 'D:\\disks', use: ['disks'], access: 'write', perUser: true }] }),
    );
    const client = bench.connect(anna);
    const owner = (await client.create('x')).hostId.slice(0, -2);
    await client.document(attachment({ Path: `D:\\disks\\${owner}\\x.vhdx` }));
    for (const folder of ['', '\\team-0000000000000000', `\\${owner}-x`]) {
      assert.match(await client.refusal(attachment({ Path: `D:\\disks${folder}\\x.vhdx` })), /must be below a folder/);
    }
  });

  it('is refused when it turns out to be a link, or changes while it is checked', async () => {
    const bench = new Bench(policyOf({ limits: { callsInFlight: 1 } }));
    const client = bench.connect();
    bench.folders.refused.add('D:\\work\\link.vhdx');
    assert.match(await client.refusal(attachment({ Path: 'D:\\work\\link.vhdx' })), /must not be a link/);
    bench.folders.changed.add('D:\\work\\x.vhdx');
    assert.match(await client.refusal(attachment({ Path: 'D:\\work\\x.vhdx' })), /must not change/);
    assert.equal(bench.folders.held.size, 0);
    await client.create('web');
  });

  it('is held until the system ends', async () => {
    const bench = new Bench();
    const client = bench.connect();
    const { handle } = await client.create('vm', attachment({ Path: 'D:\\work\\x.vhdx' }));
    assert.deepEqual([...bench.folders.held], ['D:\\work\\x.vhdx']);
    await client.allowed('HcsStartComputeSystem', { computeSystem: handle, options: null });
    assert.equal(bench.folders.held.size, 1);
    bench.broker.disconnected(client.connection);
    assert.equal(bench.folders.held.size, 0);
  });

  it('is held no longer than the call when the host refuses', async () => {
    const bench = new Bench();
    const call = { id: 'x', configuration: JSON.stringify(attachment({ Path: 'D:\\work\\x.vhdx' })), identity: null };
    await bench.connect().allowed('HcsCreateComputeSystem', call, { status: 0x80070005, outputs: {} });
    assert.equal(bench.folders.held.size, 0);
  });

  it('has the access of the client’s user and of the system only', async () => {
    const config = {
      DefaultBindSecurityDescriptor: 'D:(A;;FA;;;WD)',
      ServiceTable: { [endpoint]: { Disabled: false } },
    };
    const document = await new Bench()
      .connect(anna)
      .document(machine({ Devices: { HvSocket: { HvSocketConfig: config } } }));
    const sd = `D:P(A;;FA;;;SY)(A;;FA;;;${anna})`;
    const expected = {
      DefaultBindSecurityDescriptor: sd,
      DefaultConnectSecurityDescriptor: sd,
      ServiceTable: { [endpoint]: { Disabled: false, BindSecurityDescriptor: sd, ConnectSecurityDescriptor: sd } },
    };
    assert.deepEqual(document.VirtualMachine, { Devices: { HvSocket: { HvSocketConfig: expected } } });
  });

  it('is not a service of the host', async () => {
    const table = { '999E53D4-3D5C-4C3E-8779-BED06EC056E1': {} };
    const document = machine({ Devices: { HvSocket: { HvSocketConfig: { ServiceTable: table } } } });
    assert.match(await new Bench().connect().refusal(document), /ServiceTable" must have keys of its form/);
  });
});
