/**
 * What is looked at beyond the tables, by the names of types.
 *
 * @module
 */
import type { Check } from '../../documents/check.js';
import { endpointChecks } from './checks/endpoint.js';
import { hnsChecks } from './checks/hns.js';
import { networkChecks } from './checks/network.js';
import { policyChecks } from './checks/policies.js';
import { requestChecks } from './checks/requests.js';
import { settledChecks } from './checks/settled.js';
import { featureChecks, useChecks } from './checks/versions.js';

/** Of the documents of HCN. */
export const hcnChecks: ReadonlyMap<string, Check> = joined(
  networkChecks,
  endpointChecks,
  policyChecks,
  requestChecks,
  settledChecks,
  useChecks,
  featureChecks,
);

/** Of those of the older route. */
export const olderChecks: ReadonlyMap<string, Check> = joined(hnsChecks);

/** All checks of a type one after the other. */
function joined(...all: readonly Readonly<Record<string, Check>>[]): ReadonlyMap<string, Check> {
  const found = new Map<string, readonly Check[]>();
  for (const [name, check] of all.flatMap((each) => Object.entries(each))) {
    found.set(name, [...(found.get(name) ?? []), check]);
  }
  return new Map([...found].map(([name, checks]) => [name, inOrder(checks)]));
}

function inOrder(checks: readonly Check[]): Check {
  const [only] = checks;
  if (only !== undefined && checks.length === 1) return only;
  return (members, context) => {
    for (const check of checks) check(members, context);
  };
}
