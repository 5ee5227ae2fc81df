// Documents of networks that Microsoft's own client sends.
import type { Hcn } from 'hostcompute/network';

const version = { Major: 2, Minor: 0 } as const;

export const networkId = 'b3a0a7c9-51d2-5f7f-8a44-0d7c1e6f2b02';
export const endpointId = '6a1f6f0e-2c55-5e0c-9f3c-8f9d3b2a1c01';

type Mutable<T> = T extends readonly (infer Item)[]
  ? Mutable<Item>[]
  : T extends object
    ? { -readonly [Name in keyof T]: Mutable<T[Name]> }
    : T;

/** A copy with a member set, by a path such as `Ipams.0.Type`; left out for undefined. */
export function changed(document: object, path: string, value: unknown): object {
  const copy = structuredClone(document) as Mutable<Record<string, unknown>>;
  const steps = path.split('.');
  let at: Record<string, unknown> = copy;
  for (const step of steps.slice(0, -1)) at = (at[step] ??= {}) as Record<string, unknown>;
  const last = steps.at(-1)!;
  if (value === undefined) Reflect.deleteProperty(at, last);
  else at[last] = value;
  return copy;
}

/** A subnet with a default route. */
export function subnet(prefix: string, gateway: string, more: Partial<Hcn.Subnet> = {}): Hcn.Subnet {
  const DestinationPrefix = prefix.includes(':') ? '::/0' : '0.0.0.0/0';
  return { IpAddressPrefix: prefix, Routes: [{ NextHop: gateway, DestinationPrefix }], ...more };
}

export function network(Type: Hcn.NetworkMode, ...Subnets: readonly Hcn.Subnet[]): Hcn.HostComputeNetwork {
  return { Name: `test-${Type}`, Type, Ipams: [{ Type: 'Static', Subnets }], SchemaVersion: version };
}

export const nat: Hcn.HostComputeNetwork = {
  ...network('NAT', subnet('192.168.100.0/24', '192.168.100.1')),
  MacPool: { Ranges: [{ StartMacAddress: '00-15-5D-52-C0-00', EndMacAddress: '00-15-5D-52-CF-FF' }] },
  Dns: {},
  Health: { Extra: {} },
};

const vsid = { Type: 'VSID', Settings: { IsolationId: 5000 } } as const;

export const overlay: Hcn.HostComputeNetwork = {
  ...network('Overlay', subnet('192.168.100.0/24', '192.168.100.1', { Policies: [vsid] })),
  Flags: 8,
};

export const bridge = network('L2Bridge', subnet('192.168.100.0/24', '192.168.100.1'));

export function mapping(
  InternalPort: number,
  ExternalPort: number,
  more: Hcn.PortMappingPolicySetting = {},
): Hcn.EndpointPolicy {
  return { Type: 'PortMapping', Settings: { Protocol: 6, InternalPort, ExternalPort, ...more } };
}

export function endpoint(
  policies: readonly Hcn.EndpointPolicy[] = [],
  more: Hcn.HostComputeEndpoint = {},
): Hcn.HostComputeEndpoint {
  return {
    Name: 'web',
    HostComputeNetwork: networkId,
    ...(policies.length > 0 && { Policies: policies }),
    ...more,
    SchemaVersion: version,
  };
}

export const published = endpoint([
  mapping(80, 8888),
  { Type: 'OutBoundNAT', Settings: { Exceptions: ['192.168.100.0/24'] } },
]);

export const loadBalancer: Hcn.HostComputeLoadBalancer = {
  HostComputeEndpoints: [endpointId],
  SourceVIP: '10.0.0.1',
  FrontendVIPs: ['1.1.1.2', '1.1.1.3'],
  PortMappings: [{ Protocol: 6, InternalPort: 8080, ExternalPort: 8090 }],
  SchemaVersion: version,
};

export const route: Hcn.HostComputeRoute = {
  HostComputeNetwork: networkId,
  HostComputeEndpoints: [endpointId],
  Routes: [{ DestinationPrefix: '169.254.169.254/24', NextHop: '127.10.0.33', NeedEncap: false }],
  SchemaVersion: version,
};

/** An endpoint's policies by a change. */
export function policyChange(RequestType: Hcn.ModifyRequestType, ...Policies: readonly Hcn.EndpointPolicy[]): object {
  return { ResourceType: 'Policy', RequestType, Settings: { Policies } };
}
