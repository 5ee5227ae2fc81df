/**
 * Rules for changes and questions.
 *
 * @module
 */
import type { Check, CheckContext, Members } from '../../../documents/check.js';
import { isText } from '../../../documents/checks/text-forms.js';
import { parseJson } from '../../../documents/json.js';
import { notShown } from '../../../errors/errors.js';
import { nameOf } from '../schema.js';
import { checkSettled } from './settled.js';

/** What is known to be done with each resource, and what its settings must have. */
const resources: Readonly<Record<string, Readonly<Record<string, readonly [requests: string, needs?: string]>>>> = {
  ModifyNetworkSettingRequest: {
    Policy: ['Add Remove Update', 'Policies'],
    Subnet: ['Add Remove', 'Subnets'],
    IPSubnet: ['Add Remove', 'SubnetId'],
    DNS: ['Update'],
    Extension: ['Update', 'Id'],
  },
  ModifyEndpointSettingRequest: {
    Policy: ['Add Remove Update', 'Policies'],
    Port: ['Add Remove'],
  },
  ModifyNamespaceSettingRequest: {
    Endpoint: ['Add Remove', 'EndpointId'],
    Container: ['Add Remove', 'ContainerId'],
  },
  ModifyGuestNetworkServiceSettingRequest: { State: ['Update', 'State'] },
};

const resourceLists: Readonly<Record<string, string>> = {
  ModifyNetworkSettingRequest: 'NetworkResourceType',
  ModifyEndpointSettingRequest: 'EndpointResourceType',
  ModifyNamespaceSettingRequest: 'NamespaceResourceType',
  ModifyGuestNetworkServiceSettingRequest: 'GuestNetworkServiceResourceType',
};

function checkChange(name: string, members: Members, context: CheckContext): void {
  const { ResourceType, RequestType, Settings } = members;
  const resource = nameOf(resourceLists[name]!, ResourceType);
  const request = nameOf('ModifyRequestType', RequestType);
  const [requests, needs] = (resource === undefined ? undefined : resources[name]![resource]) ?? [];
  if (ResourceType === undefined) context.report('network-request', 'must have ResourceType', notShown);
  if (request !== undefined && requests !== undefined && !requests.split(' ').includes(request)) {
    context.report('network-request', `must be ${requests.replaceAll(' ', ' or ')} for ${resource}`, RequestType, [
      'RequestType',
    ]);
  }
  if (needs !== undefined && !hasMember(Settings, needs)) {
    context.report('network-request', `must have ${needs}`, notShown, ['Settings']);
  }
  checkSettled(name, members, context, request === 'Remove');
}

function hasMember(settings: unknown, name: string): boolean {
  const value = (settings as Members | null | undefined)?.[name];
  return value !== undefined && value !== null;
}

const checkQuery: Check = ({ Filter }, context) => {
  if (!isText(Filter)) return;
  const values = filterValues(Filter);
  if (values === undefined) context.report('query-filter', 'must be the JSON text of an object', Filter, ['Filter']);
  else if (values.some((value) => typeof value === 'object')) {
    context.report('query-filter', 'must have single values: nothing that is nested is looked at', Filter, ['Filter']);
  }
};

function filterValues(text: string): unknown[] | undefined {
  try {
    const value = parseJson(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.values(value) : undefined;
  } catch {
    return undefined;
  }
}

export const requestChecks: Readonly<Record<string, Check>> = {
  HostComputeQuery: checkQuery,
  ...Object.fromEntries(
    Object.keys(resources).map((name) => [
      name,
      (members: Members, context: CheckContext) => checkChange(name, members, context),
    ]),
  ),
};
