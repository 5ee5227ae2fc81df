import assert from 'node:assert/strict';

import type { EndpointOptions, Hcn } from 'hostcompute/network';
import { endpoints, networks, validateNetworkDocument } from 'hostcompute/network';
import fc from 'fast-check';

import { networkId } from './documents.js';

const schema = { Major: 2, Minor: 0 };
const subnet = '192.168.100.0/24';
const web = { ...networks.nat({ name: 'web', subnet }), ID: networkId };

/** What the builder makes, about which the validator has nothing to say. */
function sound<T extends object>(document: T, network?: Hcn.HostComputeNetwork): T {
  const issues = validateNetworkDocument(document, { hnsVersion: '15.4', ...(network && { known: { network } }) });
  assert.deepEqual(issues, []);
  return document;
}

describe('networks', () => {
  it('.nat() makes what Microsoft’s own client sends, with an owner', () => {
    const document = sound(
      networks.nat({
        name: 'GoTestNat',
        subnet,
        macPool: { first: '00:15:5d:52:c0:00', last: '00155D52CFFF' },
        dns: { servers: ['1.1.1.1'], search: ['local'] },
      }),
    );
    assert.deepEqual(document, {
      Name: 'GoTestNat',
      Type: 'NAT',
      Owner: 'hostcompute',
      Ipams: [
        {
          Type: 'Static',
          Subnets: [
            { IpAddressPrefix: subnet, Routes: [{ NextHop: '192.168.100.1', DestinationPrefix: '0.0.0.0/0' }] },
          ],
        },
      ],
      MacPool: { Ranges: [{ StartMacAddress: '00-15-5D-52-C0-00', EndMacAddress: '00-15-5D-52-CF-FF' }] },
      Dns: { Search: ['local'], ServerList: ['1.1.1.1'] },
      SchemaVersion: schema,
    });
  });

  it('.nat() leaves the subnet to the service', () => {
    const document = sound(networks.nat({ name: 'nat', persistent: false, owner: 'me' }));
    assert.deepEqual(document, { Name: 'nat', Type: 'NAT', Owner: 'me', Flags: 8, SchemaVersion: schema });
  });

  it('have a subnet of each family', () => {
    const [{ Subnets } = {}] = sound(networks.nat({ name: 'two', subnet: [subnet, '2001:db8:abcd:12::/64'] })).Ipams!;
    assert.deepEqual(
      Subnets!.map(({ Routes }) => Routes),
      [
        [{ NextHop: '192.168.100.1', DestinationPrefix: '0.0.0.0/0' }],
        [{ NextHop: '2001:db8:abcd:12::1', DestinationPrefix: '::/0' }],
      ],
    );
  });

  it('.transparent() leaves addresses to the physical network, or has a subnet', () => {
    const dynamic = sound(networks.transparent({ name: 't', adapter: 'Ethernet' }));
    assert.deepEqual(dynamic.Ipams, [{ Type: 'Dhcp' }]);
    assert.deepEqual(dynamic.Policies, [{ Type: 'NetAdapterName', Settings: { NetworkAdapterName: 'Ethernet' } }]);
    const fixed = sound(networks.transparent({ name: 't', subnet, gateway: '192.168.100.254', vlan: 7 }));
    assert.deepEqual(fixed.Ipams, [
      {
        Type: 'Static',
        Subnets: [
          {
            IpAddressPrefix: subnet,
            Routes: [{ NextHop: '192.168.100.254', DestinationPrefix: '0.0.0.0/0' }],
            Policies: [{ Type: 'VLAN', Settings: { IsolationId: 7 } }],
          },
        ],
      },
    ]);
  });

  it('.l2bridge() has several subnets', () => {
    const document = sound(
      networks.l2bridge({ name: 'b', subnet: ['10.0.0.0/24', '10.0.1.0/24'], adapter: 'Ethernet' }),
    );
    assert.equal(document.Type, 'L2Bridge');
    assert.equal(document.Ipams![0]!.Subnets!.length, 2);
  });

  it('.overlay() has a VSID for each subnet, and the subnets of other hosts', () => {
    const document = sound(
      networks.overlay({
        name: 'o',
        subnet: '10.244.3.0/24',
        vsid: 4096,
        persistent: false,
        vxlanPort: 4789,
        hostRoute: true,
        remoteSubnets: [{ subnet: '10.244.4.0/24', vsid: 4096, host: '10.0.0.7', routerMac: '00:11:22:33:44:55' }],
      }),
    );
    assert.deepEqual(document.Ipams![0]!.Subnets![0]!.Policies, [{ Type: 'VSID', Settings: { IsolationId: 4096 } }]);
    assert.deepEqual(document.Policies, [
      { Type: 'VxlanPort', Settings: { Port: 4789 } },
      { Type: 'HostRoute', Settings: {} },
      {
        Type: 'RemoteSubnetRoute',
        Settings: {
          DestinationPrefix: '10.244.4.0/24',
          IsolationId: 4096,
          ProviderAddress: '10.0.0.7',
          DistributedRouterMacAddress: '00-11-22-33-44-55',
        },
      },
    ]);
  });

  it('.internal() has no route without a gateway', () => {
    const [{ Subnets } = {}] = sound(networks.internal({ name: 'i', subnet })).Ipams!;
    assert.deepEqual(Subnets, [{ IpAddressPrefix: subnet }]);
    const routed = sound(networks.internal({ name: 'i', subnet, gateway: '192.168.100.1' }));
    assert.equal(routed.Ipams![0]!.Subnets![0]!.Routes![0]!.NextHop, '192.168.100.1');
  });

  it('take further members in the spelling of HCN', () => {
    assert.equal(sound(networks.nat({ name: 'nat', more: { Flags: 1 } })).Flags, 1);
  });

  const refused: readonly (readonly [what: string, make: () => unknown, field: string])[] = [
    ['a subnet without bits', () => networks.nat({ name: 'x', subnet: '10.0.0.0' }), 'options.subnet'],
    ['a gateway elsewhere', () => networks.nat({ name: 'x', subnet, gateway: '10.0.0.1' }), 'options.gateway'],
    [
      'the first address as gateway',
      () => networks.nat({ name: 'x', subnet, gateway: '192.168.100.0' }),
      'options.gateway',
    ],
    ['a gateway without a subnet', () => networks.nat({ name: 'x', gateway: '10.0.0.1' }), 'options.gateway'],
    [
      'two subnets of NAT',
      () => networks.nat({ name: 'x', subnet: ['10.0.0.0/24', '10.0.1.0/24'] }),
      'options.subnet[1]',
    ],
    [
      'subnets that overlap',
      () => networks.l2bridge({ name: 'x', subnet: ['10.0.0.0/8', '10.7.0.0/16'] }),
      'options.subnet[1]',
    ],
    [
      'a virtual adapter',
      () => networks.l2bridge({ name: 'x', subnet, adapter: 'vEthernet (nat)' }),
      'options.adapter',
    ],
    ['a VLAN without a subnet', () => networks.transparent({ name: 'x', vlan: 7 }), 'options.vlan'],
    ['a VLAN beyond them', () => networks.transparent({ name: 'x', subnet, vlan: 4095 }), 'options.vlan'],
    ['an overlay without a VSID', () => networks.overlay({ name: 'x', subnet } as never), 'options.vsid'],
    [
      'a pool that ends before it begins',
      () => networks.nat({ name: 'x', macPool: { first: '00-00-00-00-00-02', last: '00-00-00-00-00-01' } }),
      'options.macPool.last',
    ],
    [
      'a server that is no address',
      () => networks.nat({ name: 'x', dns: { servers: ['dns'] } }),
      'options.dns.servers[0]',
    ],
    ['an option that is misspelt', () => networks.nat({ name: 'x', subnets: [] } as never), 'options.subnets'],
    ['no name', () => networks.nat({} as never), 'options.name'],
  ];
  for (const [what, make, field] of refused) {
    it(`refuse ${what}`, () => assert.throws(make, { code: 'ERR_HC_ARGUMENT', field }));
  }
});

describe('endpoints.of()', () => {
  const policies = (options: EndpointOptions, network: Parameters<typeof endpoints.of>[0] = web): unknown =>
    sound(endpoints.of(network, options), typeof network === 'string' ? undefined : (network as Hcn.HostComputeNetwork))
      .Policies;

  it('publishes ports', () => {
    assert.deepEqual(policies({ ports: ['80:8888', '53:53/udp', '127.0.0.1:8080:80', '[::1]:8443:443', '9000'] }), [
      { Type: 'PortMapping', Settings: { Protocol: 6, InternalPort: 8888, ExternalPort: 80 } },
      { Type: 'PortMapping', Settings: { Protocol: 17, InternalPort: 53, ExternalPort: 53 } },
      { Type: 'PortMapping', Settings: { Protocol: 6, InternalPort: 80, ExternalPort: 8080, VIP: '127.0.0.1' } },
      { Type: 'PortMapping', Settings: { Protocol: 6, InternalPort: 443, ExternalPort: 8443, VIP: '::1', Flags: 2 } },
      { Type: 'PortMapping', Settings: { Protocol: 6, InternalPort: 9000 } },
    ]);
  });

  it('has the flag that an L2Bridge network wants', () => {
    const bridge = { ...networks.l2bridge({ name: 'b', subnet }), ID: networkId };
    assert.deepEqual(policies({ ports: ['8080:80'] }, bridge), [
      { Type: 'PortMapping', Settings: { Protocol: 6, InternalPort: 80, ExternalPort: 8080, Flags: 1 } },
    ]);
  });

  it('has addresses with the bits of their subnets', () => {
    const two = { ...networks.nat({ name: 'two', subnet: [subnet, 'fd00::/64'] }), ID: networkId };
    const made = sound(endpoints.of(two, { ip: ['192.168.100.10', 'fd00::10'], mac: '00:15:5d:52:c0:07' }), two);
    assert.deepEqual(made.IpConfigurations, [
      { IpAddress: '192.168.100.10', PrefixLength: 24 },
      { IpAddress: 'fd00::10', PrefixLength: 64 },
    ]);
    assert.equal(made.MacAddress, '00-15-5D-52-C0-07');
  });

  it('takes the id of a network, or what has it', () => {
    assert.deepEqual(sound(endpoints.of(networkId, { ip: '10.0.0.4/20' })), {
      Owner: 'hostcompute',
      HostComputeNetwork: networkId,
      IpConfigurations: [{ IpAddress: '10.0.0.4', PrefixLength: 20 }],
      SchemaVersion: schema,
    });
    assert.deepEqual(endpoints.of({ id: networkId }, { ip: '10.0.0.4' }).IpConfigurations, [{ IpAddress: '10.0.0.4' }]);
    assert.equal(endpoints.of({ id: networkId }).HostComputeNetwork, networkId);
  });

  it('writes rules, names and outbound translation', () => {
    const made = sound(
      endpoints.of(web, {
        name: 'web',
        dns: ['1.1.1.1'],
        outboundNat: { exceptions: [subnet] },
        acl: [
          {
            action: 'block',
            direction: 'out',
            protocol: ['tcp', 'udp', 252],
            remoteAddresses: ['10.0.0.0/8', '192.168.1.4'],
            remotePorts: [25, '8000-8010'],
            priority: 200,
            enforcedBy: 'switch',
          },
          { action: 'allow', direction: 'in', protocol: 'icmp' },
        ],
      }),
      web,
    );
    assert.deepEqual(made.Dns, { ServerList: ['1.1.1.1'] });
    assert.deepEqual(made.Policies, [
      {
        Type: 'ACL',
        Settings: {
          Protocols: '6,17,252',
          Action: 'Block',
          Direction: 'Out',
          RemoteAddresses: '10.0.0.0/8,192.168.1.4',
          RemotePorts: '25,8000-8010',
          RuleType: 'Switch',
          Priority: 200,
        },
      },
      { Type: 'ACL', Settings: { Protocols: '1', Action: 'Allow', Direction: 'In' } },
      { Type: 'OutBoundNAT', Settings: { Exceptions: [subnet] } },
    ]);
  });

  const on = (options: EndpointOptions) => () => endpoints.of(web, options);
  const transparent = { ...networks.transparent({ name: 't' }), ID: networkId };
  const refused: readonly (readonly [what: string, make: () => unknown, field: string])[] = [
    ['a port that is published twice', on({ ports: ['80:80', '80:81'] }), 'options.ports[1]'],
    [
      'a port that is published at every address and at one',
      on({ ports: ['80:80', '10.0.0.4:80:81'] }),
      'options.ports[1]',
    ],
    ['a range that has a port of another', on({ ports: ['8005:1', '8000-8010:8000-8010'] }), 'options.ports[1]'],
    ['ports on a network that cannot', () => endpoints.of(transparent, { ports: ['80:80'] }), 'options.ports'],
    ['an address elsewhere', on({ ip: '10.0.0.4' }), 'options.ip'],
    ['the address of the gateway', on({ ip: '192.168.100.1' }), 'options.ip'],
    ['the last address', on({ ip: ['192.168.100.255'] }), 'options.ip[0]'],
    ['an id that is none', () => endpoints.of('nat'), 'network'],
    ['a network without an id', () => endpoints.of(networks.nat({ name: 'x' })), 'network.ID'],
    ['a rule without an action', on({ acl: [{ direction: 'in' } as never] }), 'options.acl[0].action'],
    [
      'a port of a rule',
      on({ acl: [{ action: 'allow', direction: 'in', localPorts: '80-70' }] }),
      'options.acl[0].localPorts',
    ],
    ['a MAC that is none', on({ mac: '00-15' }), 'options.mac'],
    ['an option that is misspelt', on({ port: [] } as never), 'options.port'],
  ];
  for (const [what, make, field] of refused) {
    it(`refuses ${what}`, () => assert.throws(make, { code: 'ERR_HC_ARGUMENT', field }));
  }

  it('publishes the same ports once, as a model has them', () => {
    interface Port {
      readonly address: string;
      readonly outside: number;
      readonly protocol: 'tcp' | 'udp';
    }
    const port = fc.record({
      address: fc.constantFrom('', '127.0.0.1:', '10.0.0.4:', '0.0.0.0:', '[::1]:', '[::]:'),
      outside: fc.integer({ min: 80, max: 82 }),
      protocol: fc.constantFrom('tcp' as const, 'udp' as const),
    });
    const isEvery = ({ address }: Port): boolean => ['', '0.0.0.0:', '[::]:'].includes(address);
    const clash = (one: Port, other: Port): boolean =>
      one.outside === other.outside &&
      one.protocol === other.protocol &&
      one.address.startsWith('[') === other.address.startsWith('[') &&
      (one.address === other.address || isEvery(one) || isEvery(other));
    fc.assert(
      fc.property(fc.array(port, { maxLength: 5 }), (all) => {
        const ports = all.map(({ address, outside, protocol }) => `${address}${outside}:80/${protocol}`);
        const second = all.findIndex((each, at) => all.slice(0, at).some((before) => clash(before, each)));
        const make = (): Hcn.HostComputeEndpoint => endpoints.of(web, { ports });
        if (second < 0) sound(make(), web);
        else assert.throws(make, { field: `options.ports[${second}]` });
      }),
      { numRuns: 500 },
    );
  });

  it('makes what the validator has nothing to say of, from random networks and addresses', () => {
    const made = fc.record({
      octet: fc.integer({ min: 0, max: 255 }),
      bits: fc.integer({ min: 16, max: 29 }),
      kind: fc.constantFrom('nat' as const, 'transparent' as const, 'l2bridge' as const, 'internal' as const),
      host: fc.integer({ min: 2, max: 6 }),
    });
    fc.assert(
      fc.property(made, ({ octet, bits, kind, host }) => {
        const network = { ...networks[kind]({ name: 'n', subnet: `10.${octet}.0.0/${bits}` }), ID: networkId };
        sound(network);
        const endpoint = sound(endpoints.of(network, { ip: `10.${octet}.0.${host}` }), network);
        assert.equal(endpoint.IpConfigurations![0]!.PrefixLength, bits);
      }),
    );
  });
});
