/**
 * What the network service of the host must have for a document: found by the values that need a feature.
 *
 * @module
 */
import type { Check, CheckContext, Members } from '../../../documents/check.js';
import { itemsOf, membersOf, numberOf } from '../../../documents/checks/text-forms.js';
import type { Path } from '../../../documents/issue.js';
import type { ListType } from '../../../documents/lists.js';
import { versionText } from '../../../documents/versions.js';
import { factsOf } from '../facts.js';
import type { FeatureName, Use } from '../features.js';
import { hasFeature, neededFor, uses } from '../features.js';
import { hcn, nameOf } from '../schema.js';
import { placesOf } from './subnets.js';

function need(feature: FeatureName, value: unknown, below: Path, context: CheckContext): void {
  const { hnsVersion: version } = factsOf(context);
  if (version === undefined || hasFeature(feature, version)) return;
  const requirement =
    `must not be used before HNS ${neededFor(feature)}, and the host has ${versionText(version)}` as const;
  context.report('hns-version', requirement, value, below);
}

function checkUses(uses: readonly Use[], members: Members, context: CheckContext): void {
  if (factsOf(context).hnsVersion === undefined) return;
  for (const { type, member, value, feature } of uses) {
    const list = hcn.object(type).fields.get(member)?.type;
    if (list?.kind === 'list' && hasValue(list, members[member], value)) {
      need(feature, members[member], [member], context);
    }
  }
}

// A sum of flags has a flag; a number, or a name, is one.
function hasValue({ name, numbered }: ListType, value: unknown, wanted: string): boolean {
  if (!/^\d+$/.test(wanted)) return nameOf(name, value) === wanted;
  const number = numberOf(value);
  if (number === undefined) return false;
  return numbered?.form === 'flags' ? (number & Number(wanted)) !== 0 : number === Number(wanted);
}

const checkDualStack: Check = ({ Ipams }, context) => {
  const places = itemsOf(Ipams).flatMap((item, index) =>
    placesOf(membersOf(item).Subnets, 'IpAddressPrefix', ['Ipams', index, 'Subnets']),
  );
  const newer = places.find(({ prefix }) => prefix?.family === 6);
  if (newer === undefined || !places.some(({ prefix }) => prefix?.family === 4)) return;
  need('IPv6DualStack', newer.members.IpAddressPrefix, [...newer.below, 'IpAddressPrefix'], context);
};

/** Of all types that have such a value. */
export const useChecks: Readonly<Record<string, Check>> = Object.fromEntries(
  uses.map(({ type }): [string, Check] => {
    const own = uses.filter((use) => use.type === type);
    return [type, (members, context) => checkUses(own, members, context)];
  }),
);

export const featureChecks: Readonly<Record<string, Check>> = {
  HostComputeNetwork: checkDualStack,
  IpConfig: ({ PrefixLength }, context) => {
    if (PrefixLength === 32) need('Slash32EndpointPrefixes', PrefixLength, ['PrefixLength'], context);
  },
};
