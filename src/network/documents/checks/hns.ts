/**
 * Rules for the documents of the older route.
 *
 * @module
 */
import type { Check } from '../../../documents/check.js';
import { isText, itemsOf, membersOf } from '../../../documents/checks/text-forms.js';
import { modeOf } from '../schema.js';
import { checkAddress, checkMac, partsOf } from './forms.js';
import { checkClashes, checkInternalPort, clashIn } from './mappings.js';
import { checkAdapter, checkMacRange, checkVlan, checkVsid, checkVsidNumber } from './network.js';
import { checkAcl } from './policies.js';
import { checkBlocks, checkGateway, checkTogether, placesOf } from './subnets.js';

const checkNetwork: Check = ({ Type, Subnets, NetworkAdapterName, SourceMac, DNSServerList }, context) => {
  const mode = modeOf(Type);
  const places = placesOf(Subnets, 'AddressPrefix', ['Subnets']);
  checkTogether(places, mode, context, 'AddressPrefix');
  if (mode === 'Overlay') {
    for (const { members, below } of places) checkVsid(members.Policies, mode, 'flat', below, context);
  }
  checkAdapter(NetworkAdapterName, ['NetworkAdapterName'], context);
  checkMac(SourceMac, ['SourceMac'], context);
  for (const server of partsOf(DNSServerList)) checkAddress(server, ['DNSServerList'], context);
};

const checkSubnet: Check = (members, context) => {
  const prefix = checkBlocks(members, 'AddressPrefix', context);
  checkGateway(members.GatewayAddress, prefix, ['GatewayAddress'], context);
};

const checkEndpoint: Check = (members, context) => {
  checkMac(members.MacAddress, ['MacAddress'], context);
  for (const name of ['IPAddress', 'IPv6Address', 'GatewayAddress', 'GatewayAddressV6'] as const) {
    checkAddress(members[name], [name], context);
  }
  const mappings = itemsOf(members.Policies).flatMap((item, index) => {
    const { Type, Protocol, ExternalPort } = membersOf(item);
    const isMapping = isText(Type) && Type.toUpperCase() === 'NAT';
    return isMapping
      ? [{ protocol: Protocol, externalPort: ExternalPort, below: ['Policies', index, 'ExternalPort'] }]
      : [];
  });
  checkClashes(mappings, clashIn(context));
};

export const hnsChecks: Readonly<Record<string, Check>> = {
  Network: checkNetwork,
  Subnet: checkSubnet,
  MacPool: checkMacRange,
  Endpoint: checkEndpoint,
  NatPolicy: ({ InternalPort }, context) => checkInternalPort(InternalPort, context),
  AclPolicy: checkAcl,
  VlanPolicy: ({ VLAN }, context) => checkVlan(VLAN, ['VLAN'], context),
  VsidPolicy: ({ VSID }, context) => checkVsidNumber(VSID, ['VSID'], context),
};
