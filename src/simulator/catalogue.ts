/**
 * The catalogue of faults as the file that stand-in DLLs read it from: the requests that provoke each fault, by its name.
 *
 * @module
 */
import { functions } from '../backend/functions.js';
import type { FaultRule, FaultScenario } from './faults/fault.js';
import { faults } from './faults.js';

/** What a stand-in DLL sends to its host for a fault, or why a file of faults cannot have it. */
export type CatalogueEntry = readonly object[] | string;

const otherNames: Readonly<Record<string, string>> = {
  'vmcompute.HcsShutdownComputeSystem': 'computecore.HcsShutDownComputeSystem',
  'vmcompute.HcsRegisterComputeSystemCallback': 'computecore.HcsSetComputeSystemCallback',
  'vmcompute.HcsRegisterProcessCallback': 'computecore.HcsSetProcessCallback',
};

/** The same fault of the function of computecore.dll, where there is such a function and the rule is not about what it lacks. */
function forComputecore(rule: FaultRule): FaultRule[] {
  const key = otherNames[rule.function] ?? rule.function.replace(/^vmcompute\./, 'computecore.');
  const exists = key !== rule.function && Object.hasOwn(functions, key);
  // The answers of its queries are results of operations.
  if (!exists || rule.properties !== undefined) return [];
  return [{ ...rule, function: key as FaultRule['function'] }];
}

// Of members as commands spell them.
function capitalised(rule: FaultRule): object {
  return Object.fromEntries(
    Object.entries(rule).map(([name, value]) => [name[0]!.toUpperCase() + name.slice(1), value]),
  );
}

function entryOf({ rules, act }: FaultScenario): CatalogueEntry {
  if (rules.some(({ missing }) => missing))
    return 'is about a function that is missing, and a DLL has all of its functions.';
  if (act !== undefined && !('disconnect' in act))
    return 'happens to what there is, and at the beginning there is nothing.';
  const ofBoth = rules.flatMap((rule) => [rule, ...forComputecore(rule)]);
  return [...(act === undefined ? [] : [{ Disconnect: {} }]), ...ofBoth.map((rule) => ({ Inject: capitalised(rule) }))];
}

// A file that is copied and read for each name has no texts of megabytes.
const most = 100_000;

/** Every fault by its name. One about functions of vmcompute.dll is about those of computecore.dll as well. */
export function catalogue(): Readonly<Record<string, CatalogueEntry>> {
  return Object.fromEntries(
    faults.map((fault) => {
      const entry = entryOf(fault);
      const isLarge = JSON.stringify(entry).length > most;
      return [
        fault.name,
        isLarge ? 'has texts that are too large for a file: write a rule with a text of your own.' : entry,
      ];
    }),
  );
}
