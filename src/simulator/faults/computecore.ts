/**
 * The faults of the catalogue where computecore.dll drives the systems: its rules name the functions of vmcompute.dll.
 *
 * @module
 */
import type { FunctionKey } from '../../backend/backend.js';
import { functions } from '../../backend/functions.js';
import type { FaultRule } from './fault.js';

const otherNames: Readonly<Record<string, FunctionKey>> = {
  'vmcompute.HcsShutdownComputeSystem': 'computecore.HcsShutDownComputeSystem',
  'vmcompute.HcsRegisterComputeSystemCallback': 'computecore.HcsSetComputeSystemCallback',
  'vmcompute.HcsRegisterProcessCallback': 'computecore.HcsSetProcessCallback',
};

function functionOf(name: string): FunctionKey | undefined {
  const key = otherNames[name] ?? name.replace(/^vmcompute\.Hcs/, 'computecore.Hcs');
  return Object.hasOwn(functions, key) ? (key as FunctionKey) : undefined;
}

/**
 * The same rule for the function of computecore.dll; undefined where nothing of it corresponds: a callback there ends with its
 * handle, and a close has no status.
 */
export function forComputecore(rule: FaultRule): FaultRule | undefined {
  const { properties, ...rest } = rule;
  const name = functionOf(rule.function);
  if (name === undefined) return undefined;
  if (name.startsWith('computecore.HcsClose') && rest.status !== undefined) return undefined;
  const moved = { ...rest, function: name } as FaultRule;
  if (properties === undefined) return moved;
  // The answer of a query is the document of its operation; of a function without one, its result.
  return name === 'computecore.HcsGetServiceProperties'
    ? { ...moved, result: properties }
    : { ...moved, completionData: properties };
}
