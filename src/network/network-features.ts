/**
 * What the network service of a host can.
 *
 * @module
 */
import { isMembers } from '../documents/check.js';
import { printJson } from '../documents/json.js';
import { HcsDocumentError } from '../errors/errors.js';
import { sessionOf, defaultHost } from '../host/host.js';
import type { HostOptions } from '../host/open-handle.js';
import type { OperationOptions } from '../host/operation-options.js';
import { readOperationOptions, throwIfAborted } from '../host/operation-options.js';
import type { Session } from '../host/session.js';
import { remaining } from '../host/waits/deadlines.js';
import type { FeatureName, HnsVersion } from './documents/features.js';
import { featureNames, hasFeature, readHnsVersion } from './documents/features.js';
import { callHns } from './hns-call.js';
import { memberOf } from './network-document.js';

/** The version of a host's network service, and its features. */
export interface NetworkFeatures {
  readonly version: HnsVersion;
  /** For each feature, whether this version has it. */
  readonly features: Readonly<Record<FeatureName, boolean>>;
  /** Whether it has a feature. */
  has(feature: FeatureName): boolean;
}

/**
 * Asks a host for the version of its network service, HNS. Each call asks: a service that starts late is found by the next one.
 *
 * @throws what the host answers, where there is no such service or it is stopped
 * @example
 * const { version, features } = await networkFeatures();
 * if (!features.IPv6DualStack) console.log(`HNS ${version.Major}.${version.Minor} has one address for each endpoint.`);
 */
export async function networkFeatures(options: HostOptions = {}): Promise<NetworkFeatures> {
  const started = performance.now();
  options = readOperationOptions(options, ['host']);
  throwIfAborted('HNSCall', {}, options);
  const session = sessionOf(options.host ?? (await defaultHost()), 'HNSCall');
  return askFeatures(session, remaining(options, started));
}

/** @internal The same of a session. */
export async function askFeatures(session: Session, options: OperationOptions): Promise<NetworkFeatures> {
  const answer = await callHns<unknown>(session, 'GET', '/globals/version', undefined, options);
  const major = isMembers(answer) ? memberOf(answer, 'Major') : undefined;
  const minor = isMembers(answer) ? (memberOf(answer, 'Minor') ?? 0) : undefined;
  if (typeof major !== 'number' || typeof minor !== 'number') {
    const text = printJson(answer) ?? null;
    throw new HcsDocumentError({ operation: 'HNSCall', what: 'version of HNS', text });
  }
  const version = { Major: major, Minor: minor };
  const number = readHnsVersion(version);
  const features = Object.fromEntries(featureNames.map((name) => [name, hasFeature(name, number)]));
  return {
    version,
    features: features as Record<FeatureName, boolean>,
    has: (feature) => features[feature] === true,
  };
}
