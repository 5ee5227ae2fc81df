/**
 * Versions of the network service (HNS), and what each one has.
 *
 * @module
 */
import { HcsArgumentError } from '../../errors/errors.js';
import type { VersionNumber } from '../../documents/versions.js';
import { versionNumber } from '../../documents/versions.js';
import type { Feature, FeatureName } from './tables.js';
import { features } from './tables.js';

export type { FeatureName } from './tables.js';

/** A version of the network service, as `/globals/version` has it. */
export interface HnsVersion {
  readonly Major: number;
  readonly Minor: number;
}

/** All features, in the order in which they came. */
export const featureNames = Object.keys(features) as readonly FeatureName[];

export function isFeature(name: string): name is FeatureName {
  return Object.hasOwn(features, name);
}

/** `15.4`, or `{ Major: 15, Minor: 4 }`, as a number that can be compared. */
export function readHnsVersion(given: HnsVersion | string, field = 'options.hnsVersion'): VersionNumber {
  const text = typeof given === 'string' ? given : `${given.Major}.${given.Minor}`;
  if (/^\d+\.\d{1,3}$/.test(text)) return versionNumber(text);
  throw new HcsArgumentError(field, 'must be a version such as "15.4" or { Major: 15, Minor: 4 }', given);
}

/** Whether a version has a feature: some came to several major versions, each from a minor one. */
export function hasFeature(feature: FeatureName, version: VersionNumber): boolean {
  return rangesOf(feature).some(([from, major]) => {
    const last = major === undefined ? Infinity : (Number(major) + 1) * 1000;
    return version >= versionNumber(from) && version < last;
  });
}

/** The first version from which on every later one has the feature, as text. */
export function neededFor(feature: FeatureName): string {
  return rangesOf(feature).at(-1)![0];
}

/** A value of a member that needs a feature. */
export interface Use {
  readonly type: string;
  readonly member: string;
  /** A name; or a number, which is a flag of a sum where the member has flags. */
  readonly value: string;
  readonly feature: FeatureName;
}

/** All such values. */
export const uses: readonly Use[] = featureNames.flatMap((feature) =>
  (features[feature].uses ?? []).map((use) => {
    const [type = '', member = '', value = ''] = use.split('.');
    return { type, member, value, feature };
  }),
);

function rangesOf(feature: FeatureName): Feature['versions'] {
  return features[feature].versions;
}
