import assert from 'node:assert/strict';

import { ComputeSystem } from 'hostcompute';
import type { VmNetworkOptions } from '#dist/documents/builders.js';
import { documents, validateDocument } from 'hostcompute/documents';

import { foreignDocuments, useSimulator } from '../../support/host.js';

const namespace = {
  ID: 'b3a0a7c9-51d2-5f7f-8a44-0d7c1e6f2b02',
  Type: 'Host',
  Resources: [{ Type: 'Endpoint', Data: { Id: '6A1F6F0E-2C55-5E0C-9F3C-8F9D3B2A1C01' } }],
  SchemaVersion: { Major: 2, Minor: 0 },
} as const;
const first = {
  ID: '6a1f6f0e-2c55-5e0c-9f3c-8f9d3b2a1c01',
  Name: 'web_eth0',
  MacAddress: '00-15-5D-52-C0-07',
  IpConfigurations: [{ IpAddress: '192.168.100.10', PrefixLength: 24 }],
  Routes: [{ NextHop: '192.168.100.1', DestinationPrefix: '0.0.0.0/0' }],
  Dns: { Domain: 'Corp.Local', Search: ['a.local'], ServerList: ['1.1.1.1', '8.8.8.8'] },
} as const;
const second = { ID: '3d0b7c80-8f0e-4b7e-9c57-7a1c9a1e0f03', Name: 'other', MacAddress: '00-15-5D-52-C0-08' } as const;
const path = ({ ID }: { readonly ID: string }): string => `VirtualMachine/Devices/NetworkAdapters/${ID}`;
const device = ({ ID, MacAddress }: typeof first | typeof second): object => ({ EndpointId: ID, MacAddress });

const isolated = {
  id: 'web',
  layers: [{ id: '6a1f6f0e-2c55-5e0c-9f3c-8f9d3b2a1c01', path: 'D:\\layers\\base' }],
  image: 'D:\\layers\\base\\UtilityVM',
};
const two = {
  ...isolated,
  scratchDisk: 'D:\\scratch\\web\\sandbox.vhdx',
  vm: { scratchDisk: 'D:\\scratch\\vm\\sandbox.vhdx' },
};

describe('documents.vmNetwork()', () => {
  const bench = useSimulator(foreignDocuments);

  it('tells a Windows guest of the namespace, of each endpoint, and of its adapter, as hcsshim does', () => {
    const guest = (AdapterId: string, RequestType: string, more: object = {}): object => ({
      ResourceType: 'Network',
      RequestType: RequestType === 'PreAdd' ? 'Add' : RequestType,
      Settings: { AdapterId, RequestType, ...more },
    });
    const adapter = (endpoint: typeof first | typeof second, RequestType: 'Add' | 'Remove'): object => ({
      ResourcePath: path(endpoint),
      RequestType,
      Settings: device(endpoint),
      GuestRequest: guest(endpoint.ID, RequestType),
    });
    const { attach, detach } = documents.vmNetwork({ namespace, endpoints: [second, first] });
    assert.deepEqual(attach, [
      { GuestRequest: { ResourceType: 'NetworkNamespace', RequestType: 'Add', Settings: namespace } },
      { GuestRequest: guest(first.ID, 'PreAdd', { Settings: first }) },
      adapter(first, 'Add'),
      { GuestRequest: guest(second.ID, 'PreAdd', { Settings: second }) },
      adapter(second, 'Add'),
    ]);
    assert.deepEqual(detach, [
      adapter(second, 'Remove'),
      adapter(first, 'Remove'),
      { GuestRequest: { ResourceType: 'NetworkNamespace', RequestType: 'Remove', Settings: namespace } },
    ]);
  });

  it('gives a Linux guest the addresses, routes and servers of each adapter', () => {
    const { attach, detach } = documents.vmNetwork({ namespace, endpoints: [first], guestOs: 'Linux' });
    const adapter = (RequestType: 'Add' | 'Remove'): object => ({
      ResourcePath: path(first),
      RequestType,
      Settings: device(first),
      GuestRequest: {
        ResourceType: 'Network',
        RequestType,
        Settings: {
          NamespaceID: namespace.ID,
          ID: first.ID,
          MacAddress: first.MacAddress,
          DNSSuffix: 'corp.local,a.local',
          DNSServerList: '1.1.1.1,8.8.8.8',
          IPConfigs: [{ IPAddress: '192.168.100.10', PrefixLength: 24 }],
          Routes: [{ NextHop: '192.168.100.1', DestinationPrefix: '0.0.0.0/0' }],
        },
      },
    });
    assert.deepEqual([attach, detach], [[adapter('Add')], [adapter('Remove')]]);
  });

  for (const guestOs of ['Windows', 'Linux'] as const) {
    it(`makes changes that the validator accepts for ${guestOs}`, () => {
      const { attach, detach } = documents.vmNetwork({ namespace, endpoints: [first, second], guestOs });
      for (const request of [...attach, ...detach]) {
        assert.deepEqual(validateDocument(request, { kind: 'ModifySettingRequest', known: { guestOs } }), []);
      }
    });
  }

  it('is a part of what hyperVIsolated() connects, and the container is in the namespace', async () => {
    const { host } = bench.simulator;
    const vmNetwork = { namespace, endpoints: [first] };
    const { vmId, vm, attach, container } = documents.hyperVIsolated({ ...two, id: bench.id(), vmNetwork });
    assert.deepEqual(attach.slice(-3), documents.vmNetwork(vmNetwork).attach);
    const inside = container.HostedSystem as { readonly Container: { readonly Networking?: object } };
    assert.deepEqual(inside.Container.Networking, { Namespace: namespace.ID });
    const machine = await ComputeSystem.create(vmId, vm, { host });
    await machine.start();
    for (const request of attach) await machine.modify(request);
    for (const request of documents.vmNetwork(vmNetwork).detach) await machine.modify(request);
    await machine.terminate();
    await machine.close();
  });

  it('leaves the other options of the network of the container alone', () => {
    const network = { dnsSearchList: ['a.local'] };
    const vmNetwork = { namespace, endpoints: [] };
    const { container } = documents.hyperVIsolated({ ...two, network, vmNetwork });
    const inside = container.HostedSystem as { readonly Container: { readonly Networking?: object } };
    assert.deepEqual(inside.Container.Networking, { DnsSearchList: 'a.local', Namespace: namespace.ID });
  });

  const make = (options: object) => () => documents.vmNetwork(options as VmNetworkOptions);
  const refused: readonly (readonly [what: string, make: () => unknown, field: string])[] = [
    ['the id of a namespace', make({ namespace: namespace.ID, endpoints: [] }), 'options.namespace'],
    ['a namespace without an id', make({ namespace: {}, endpoints: [] }), 'options.namespace.ID'],
    [
      'an endpoint without a MAC',
      make({ namespace, endpoints: [{ ID: first.ID }] }),
      'options.endpoints[0].MacAddress',
    ],
    ['an endpoint twice', make({ namespace, endpoints: [first, first] }), 'options.endpoints[1].ID'],
    ['an option that is misspelt', make({ namespace, endpoints: [], guestOS: 'Linux' }), 'options.guestOS'],
    [
      'another namespace for the container',
      () =>
        documents.hyperVIsolated({ ...two, network: { namespace: first.ID }, vmNetwork: { namespace, endpoints: [] } }),
      'options.network.namespace',
    ],
    [
      'schema 1',
      () =>
        documents.hyperVIsolated({
          ...isolated,
          schema: 1,
          scratchFolder: 'D:\\s',
          vmNetwork: { namespace, endpoints: [] },
        }),
      'options.vmNetwork',
    ],
  ];
  for (const [what, build, field] of refused) {
    it(`refuses ${what}`, () => assert.throws(build, { code: 'ERR_HC_ARGUMENT', field }));
  }
});
