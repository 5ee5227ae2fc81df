/**
 * The faults of the catalogue where computecore.dll drives the systems: its rules name the functions of vmcompute.dll.
 *
 * @module
 */
import { computecoreNames } from '../../backend/computecore-functions.js';
import type { FunctionKey } from '../../backend/backend.js';
import type { FaultRule } from './fault.js';

/**
 * The same rule for the function of computecore.dll; undefined where nothing of it corresponds: a callback there ends with its
 * handle, and a close has no status.
 */
export function forComputecore(rule: FaultRule): FaultRule | undefined {
  const { properties, ...rest } = rule;
  if (rule.function.startsWith('vmcompute.HcsUnregister')) return undefined;
  const name = computecoreNames.exportOf(rule.function as FunctionKey);
  if (name.startsWith('computecore.HcsClose') && rest.status !== undefined) return undefined;
  const moved = { ...rest, function: name } as FaultRule;
  if (properties === undefined) return moved;
  // The answer of a query is the document of its operation; of a function without one, its result.
  return name === 'computecore.HcsGetServiceProperties'
    ? { ...moved, result: properties }
    : { ...moved, completionData: properties };
}
