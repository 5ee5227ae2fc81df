/**
 * What a host has, asked off Windows.
 *
 * @module
 */
import { readOptions } from '../known-options.js';
import { HcsArgumentError } from '../errors/errors.js';
import { quoted } from '../shortened.js';
import type { HostFacts } from './facts.js';
import { resolveFacts } from './facts.js';
import { nearest } from './nearest.js';
import type { ValueType } from './schema.js';
import { second } from './hcs-schemas.js';
import { versionNumber } from './versions.js';
import { features, resources } from './tables.js';

/** The first version of the schema and the first build; 0 where no source says. `first` has it by an update. */
interface Gate {
  readonly since: number;
  readonly build: number;
  readonly first?: number;
}

/**
 * Whether a host has a member of schema 2 (`Chipset.LinuxKernelDirect`, or the whole way from a type, such as
 * `VirtualMachine.Chipset.LinuxKernelDirect`), a value of a list (`UefiBootDevice.File`), a resource path
 * (`Container/Processor`), or another feature that this package knows. Undefined when no source says.
 *
 * @example
 * supports('Container.FilterType', { osBuild: 20348 }); // false
 */
export function supports(feature: string, host: HostFacts): boolean | undefined {
  if (typeof feature !== 'string') throw new HcsArgumentError('feature', 'must be a string', feature);
  const { version, build } = resolveFacts(readOptions(host, ['osBuild', 'schemaVersion'], 'host'));
  if (version === Infinity && build === Infinity) {
    throw new HcsArgumentError('host', 'must have osBuild or schemaVersion, such as { osBuild: 20348 }', host);
  }
  const gates = gatesOf(feature);
  const updated = ({ first = 0 }: Gate): boolean => first > 0 && build >= first;
  if (gates.some((gate) => (gate.since > version && !updated(gate)) || gate.build > build)) return false;
  const known = gates.every(
    (gate) => (gate.since > 0 && gate.since <= version) || ((gate.build > 0 || updated(gate)) && build !== Infinity),
  );
  return known ? true : undefined;
}

function gatesOf(feature: string): Gate[] {
  const own = Object.hasOwn(features, feature) ? features[feature] : undefined;
  if (own !== undefined) return [{ since: versionNumber(own.since ?? '-'), build: own.minBuild ?? 0 }];
  const resource = resources.find(([path]) => path === feature);
  if (resource !== undefined) return [{ since: versionNumber('2.0'), build: resource[3] }];
  const [name = '', ...steps] = feature.split('.');
  let type: ValueType | undefined = second.type(name);
  if (type === undefined || steps.length === 0) throw unknown(feature, name, second.names);
  const gates: Gate[] = [];
  for (const step of steps) {
    if (type?.kind === 'list') {
      const since = type.values.get(step);
      if (since === undefined) throw unknown(feature, step, type.values.keys());
      gates.push({ since, build: 0 });
      type = undefined;
      continue;
    }
    const field = type?.kind === 'object' ? type.fields.get(step) : undefined;
    if (field === undefined) throw unknown(feature, step, type?.kind === 'object' ? type.fields.keys() : []);
    gates.push({ since: field.since, build: field.build, first: field.first });
    type = innermost(field.type);
  }
  return gates;
}

function innermost(type: ValueType): ValueType {
  return type.kind === 'array' || type.kind === 'map' ? innermost(type.item) : type;
}

function unknown(feature: string, step: string, names: Iterable<string>): HcsArgumentError {
  const meant = nearest(step, names);
  const remedy =
    meant === undefined ? 'Pass a type and its member, such as Chipset.LinuxKernelDirect.' : `Pass ${meant}.`;
  return new HcsArgumentError('feature', `must be known: ${quoted(step)} is not`, feature, remedy);
}
