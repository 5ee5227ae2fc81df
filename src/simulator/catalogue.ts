/**
 * The catalogue of faults for files of faults, whose readers may call both vmcompute.dll and computecore.dll.
 *
 * @module
 */
import { forComputecore } from './faults/computecore.js';
import type { FaultRule, FaultScenario } from './faults/fault.js';
import { faults } from './faults.js';
import { capitalise } from './option-names.js';

/** What provokes a fault from the beginning of a process. */
export interface StartingFault {
  readonly disconnects: boolean;
  readonly rules: readonly FaultRule[];
}

/** Texts of megabytes do not belong in a file that every program reads. */
const most = 100_000;

/** What provokes a fault, or why a file cannot have it: the rest of a sentence. */
function startingFault({ rules, act }: FaultScenario): StartingFault | string {
  if (rules.some(({ missing }) => missing))
    return 'is about a function that is missing, and a DLL has all of its functions.';
  if (act !== undefined && !('disconnect' in act))
    return 'happens to what there is, and at the beginning there is nothing.';
  const ofBoth: FaultRule[] = rules.flatMap((rule: FaultRule) => [rule, forComputecore(rule) ?? []].flat());
  if (JSON.stringify(ofBoth).length > most)
    return 'has texts that are too large for a file: write a rule with a text of your own.';
  return { disconnects: act !== undefined, rules: ofBoth };
}

/**
 * What provokes the fault of this name, or why a file cannot have it; undefined where there is none. What is about functions of
 * vmcompute.dll is about those of computecore.dll as well.
 */
export function startingFaultOf(name: string): StartingFault | string | undefined {
  const found = faults.find((fault) => fault.name === name);
  return found && startingFault(found);
}

const request = (rule: FaultRule): object => ({ Inject: capitalise(rule) });

/** The same as stand-in DLLs read it: the requests to HcSimulatorControl for each fault, by its name. */
export function catalogue(): Readonly<Record<string, readonly object[] | string>> {
  const entries = faults.map((scenario): [string, readonly object[] | string] => {
    const { name } = scenario;
    const fault = startingFault(scenario);
    if (typeof fault === 'string') return [name, fault];
    return [name, [...(fault.disconnects ? [{ Disconnect: {} }] : []), ...fault.rules.map(request)]];
  });
  return Object.fromEntries(entries);
}
