/**
 * Changes to a utility VM that give it the adapters of a network namespace. The network service gives containers of the host theirs
 * by itself; a VM and its guest have to be told of each one.
 *
 * @module
 */
import type { ModifyRequest } from '../../../types/documents.js';
import type * as Hcn from '../../../types/hcn/index.js';
import type * as Schema2 from '../../../types/schema2/index.js';
import { HcsArgumentError } from '../../errors/errors.js';
import { given } from './given.js';
import { guid, macAddress } from './names-and-paths.js';
import type { Check } from './option-checks.js';
import { checkedOptions, list, members, oneOf, plain } from './option-checks.js';

/** Options of {@link vmNetwork}. */
export interface VmNetworkOptions {
  /** The properties of the namespace; a Windows guest is given them. */
  readonly namespace: Hcn.HostComputeNamespace;
  /** The properties of its endpoints. */
  readonly endpoints: readonly Hcn.HostComputeEndpoint[];
  /** `Windows` when left out. */
  readonly guestOs?: 'Windows' | 'Linux';
}

/** Changes to a VM, and those that undo them, in the order in which they are sent. */
export interface VmNetwork {
  readonly attach: readonly ModifyRequest[];
  readonly detach: readonly ModifyRequest[];
}

function withId(check?: (properties: Readonly<Record<string, unknown>>, field: string) => void): Check {
  return (value, field) => {
    plain(value, field);
    const properties = value as Readonly<Record<string, unknown>>;
    guid(properties.ID, `${field}.ID`);
    check?.(properties, field);
  };
}

/** What hyperVIsolated() takes of it. */
export const vmNetworkChecks = {
  namespace: withId(),
  endpoints: list(withId(({ MacAddress }, field) => macAddress(MacAddress, `${field}.MacAddress`))),
};

const check = members<VmNetworkOptions>(
  { ...vmNetworkChecks, guestOs: oneOf('Windows', 'Linux') },
  ...(['namespace', 'endpoints'] as const),
);

/**
 * The changes that give a running utility VM the adapters of a network namespace, and those that take them away. The container in
 * the VM has the id of the namespace (`network.namespace`). Each adapter has the id of its endpoint.
 *
 * @example
 * const namespace = { ID: 'b3a0a7c9-51d2-5f7f-8a44-0d7c1e6f2b02' };
 * const endpoint = { ID: '6a1f6f0e-2c55-5e0c-9f3c-8f9d3b2a1c01', MacAddress: '00-15-5D-52-C0-07' };
 * const { attach, detach } = documents.vmNetwork({ namespace, endpoints: [endpoint] });
 * console.log(attach.length, detach.length); // 3 2
 *
 * @throws HcsArgumentError for an option that is unknown, missing or of the wrong form
 */
export function vmNetwork(options: VmNetworkOptions): VmNetwork {
  const { namespace, endpoints, guestOs = 'Windows' } = checkedOptions(options, check);
  const ids = new Set<string>();
  for (const [index, { ID = '' }] of endpoints.entries()) {
    const field = `options.endpoints[${index}].ID`;
    if (ids.has(ID.toLowerCase())) throw new HcsArgumentError(field, 'must be an endpoint that is there once', ID);
    ids.add(ID.toLowerCase());
  }
  const isLinux = guestOs === 'Linux';
  // The adapter that is called eth0 comes first.
  const ordered = [...endpoints].sort((a, b) => Number(isFirst(b)) - Number(isFirst(a)));
  const adapters = ordered.map((endpoint) => (isLinux ? linuxAdapter(endpoint, namespace) : windowsAdapter(endpoint)));
  const own = (RequestType: 'Add' | 'Remove'): ModifyRequest[] =>
    isLinux ? [] : [{ GuestRequest: { ResourceType: 'NetworkNamespace', RequestType, Settings: namespace } }];
  return {
    attach: [...own('Add'), ...adapters.flatMap(({ attach }) => attach)],
    detach: [...adapters.reverse().flatMap(({ detach }) => detach), ...own('Remove')],
  };
}

function isFirst({ Name = '' }: Hcn.HostComputeEndpoint): boolean {
  return Name.endsWith('eth0');
}

// Before the device is there, the guest is given the whole endpoint; with the device, its id.
function windowsAdapter(endpoint: Hcn.HostComputeEndpoint): VmNetwork {
  const guest = (
    RequestType: Schema2.NetworkModifyRequestType,
    Settings?: unknown,
  ): Schema2.NetworkModifySettingRequest => ({
    AdapterId: endpoint.ID!,
    RequestType,
    ...given('Settings', Settings),
  });
  const preAdd: ModifyRequest = {
    GuestRequest: { ResourceType: 'Network', RequestType: 'Add', Settings: guest('PreAdd', endpoint) },
  };
  return {
    attach: [preAdd, deviceRequest(endpoint, 'Add', guest('Add'))],
    detach: [deviceRequest(endpoint, 'Remove', guest('Remove'))],
  };
}

function linuxAdapter(endpoint: Hcn.HostComputeEndpoint, { ID }: Hcn.HostComputeNamespace): VmNetwork {
  const { MacAddress, IpConfigurations = [], Routes = [], Dns = {}, Policies = [] } = endpoint;
  const searches = [Dns.Domain, ...(Dns.Search ?? [])].filter((each) => each !== undefined && each !== '');
  const overhead = Policies.find(({ Type }) => Type === 'EncapOverhead')?.Settings as
    Hcn.EncapOverheadEndpointPolicySetting | undefined;
  const settings: Schema2.LCOWNetworkAdapter = {
    ...given('NamespaceID', ID),
    ...given('ID', endpoint.ID),
    ...given('MacAddress', MacAddress),
    // The guest takes it for the search list.
    ...given('DNSSuffix', searches.length > 0 ? searches.join(',').toLowerCase() : undefined),
    ...given('DNSServerList', Dns.ServerList && Dns.ServerList.length > 0 ? Dns.ServerList.join(',') : undefined),
    ...given('EncapOverhead', overhead?.Overhead),
    IPConfigs: IpConfigurations.map(({ IpAddress, PrefixLength }) => ({
      ...given('IPAddress', IpAddress),
      ...given('PrefixLength', PrefixLength),
    })),
    Routes: Routes.map(({ NextHop, DestinationPrefix, Metric }) => ({
      ...given('NextHop', NextHop),
      ...given('DestinationPrefix', DestinationPrefix),
      ...given('Metric', Metric),
    })),
  };
  return {
    attach: [deviceRequest(endpoint, 'Add', settings)],
    detach: [deviceRequest(endpoint, 'Remove', settings)],
  };
}

function deviceRequest(
  { ID, MacAddress }: Hcn.HostComputeEndpoint,
  RequestType: 'Add' | 'Remove',
  Settings: Schema2.NetworkModifySettingRequest | Schema2.LCOWNetworkAdapter,
): ModifyRequest {
  return {
    ResourcePath: `VirtualMachine/Devices/NetworkAdapters/${ID!}`,
    RequestType,
    Settings: { EndpointId: ID!, MacAddress: MacAddress! },
    GuestRequest: { ResourceType: 'Network', RequestType, Settings },
  };
}
