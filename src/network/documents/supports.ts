/**
 * What a host has of networks, asked off Windows.
 *
 * @module
 */
import { nearest } from '../../documents/nearest.js';
import type { ValueType } from '../../documents/schema.js';
import { HcsArgumentError } from '../../errors/errors.js';
import { readOptions } from '../../known-options.js';
import { quoted } from '../../shortened.js';
import type { NetworkHostFacts } from './facts.js';
import { resolveNetworkFacts } from './facts.js';
import { featureNames, hasFeature, isFeature } from './features.js';
import { hcn } from './schema.js';

/**
 * Whether a host has a feature of its network service (`TierAcl`), which follows from `hnsVersion`; or a member of HCN
 * (`Subnet.Flags`, or the whole way from a type, `HostComputeNetwork.Ipams.Subnets.Flags`) or a value of a list
 * (`NetworkMode.Mirrored`), which follow from `schemaVersion` or `osBuild`. Undefined when no source says.
 *
 * @example
 * supportsNetwork('TierAcl', { hnsVersion: '13.2' }); // false
 * supportsNetwork('Subnet.Flags', { osBuild: 20348 }); // true
 */
export function supportsNetwork(feature: string, host: NetworkHostFacts): boolean | undefined {
  if (typeof feature !== 'string') throw new HcsArgumentError('feature', 'must be a string', feature);
  const facts = resolveNetworkFacts(readOptions(host, ['hnsVersion', 'osBuild', 'schemaVersion'], 'host'));
  const { version, hnsVersion } = facts;
  if (version === Infinity && facts.build === Infinity && hnsVersion === undefined) {
    const requirement = 'must have hnsVersion, osBuild or schemaVersion, such as { hnsVersion: "15.4" }';
    throw new HcsArgumentError('host', requirement, host);
  }
  if (isFeature(feature)) return hnsVersion === undefined ? undefined : hasFeature(feature, hnsVersion);
  const since = sinceOf(feature);
  if (since.some((each) => each > version)) return false;
  // A build beyond those that are documented has all that they have.
  const isKnown = since.every((each) => each > 0) && (version !== Infinity || facts.build !== Infinity);
  return isKnown ? true : undefined;
}

/** The first versions of each step of the way. */
function sinceOf(feature: string): number[] {
  const [name = '', ...steps] = feature.split('.');
  let type: ValueType | undefined = hcn.type(name);
  if (type === undefined || steps.length === 0) throw unknown(feature, name, [...featureNames, ...hcn.names]);
  const found: number[] = [];
  for (const step of steps) {
    if (type?.kind === 'list') {
      const since = type.values.get(step);
      if (since === undefined) throw unknown(feature, step, type.values.keys());
      found.push(since);
      type = undefined;
      continue;
    }
    const fields = type?.kind === 'object' ? type.fields : undefined;
    const field = fields?.get(step);
    if (field === undefined) throw unknown(feature, step, fields?.keys() ?? []);
    found.push(field.since);
    type = innermost(field.type);
  }
  return found;
}

function innermost(type: ValueType): ValueType {
  return type.kind === 'array' ? innermost(type.item) : type;
}

function unknown(feature: string, step: string, names: Iterable<string>): HcsArgumentError {
  const meant = nearest(step, names);
  const remedy = `Pass ${meant ?? 'a feature such as TierAcl, or a type and its member, such as Subnet.Flags'}.`;
  return new HcsArgumentError('feature', `must be known: ${quoted(step)} is not`, feature, remedy);
}
