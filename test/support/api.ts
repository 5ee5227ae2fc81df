// The library that drives the systems of a run, as HOSTCOMPUTE_API has chosen it: suites name the functions of vmcompute.dll.
import type { HostFunction } from 'hostcompute';
import type { FaultRule, Simulator, SimulatorState } from 'hostcompute/simulator';

import { functions } from '#dist/backend/functions.js';
import { forComputecore } from '#dist/simulator/faults/computecore.js';

/** Whether systems are driven through computecore.dll. */
export const onComputecore = process.env.HOSTCOMPUTE_API === 'computecore';

function there(given: FaultRule): FaultRule {
  const rule = { ...given }; // read once
  const key = rule.function.startsWith('Hcs') ? (`vmcompute.${rule.function}` as HostFunction) : rule.function;
  return forComputecore({ ...rule, function: key }) ?? rule;
}

// A callback ends with its handle, and operations go with the calls that they are of.
const besides = /^computecore\.Hcs(Create|Close|Get)Operation/;

const here = new Map(
  (Object.keys(functions) as HostFunction[])
    .filter((key) => key.startsWith('vmcompute.Hcs'))
    .map((key): [string, string] => [forComputecore({ function: key })?.function ?? key, key]),
);

/** Lets a suite name the functions of vmcompute.dll where the calls are those of computecore.dll. */
export function inTermsOfVmcompute(simulator: Simulator): Simulator {
  if (!onComputecore) return simulator;
  const inject = simulator.inject.bind(simulator);
  const state = simulator.state.bind(simulator);
  return Object.assign(simulator, {
    inject: (rule: FaultRule) => inject(there(rule)),
    state: async (): Promise<SimulatorState> => {
      const found = await state();
      const calls = Object.entries(found.Calls).filter(([key]) => !besides.test(key));
      return {
        ...found,
        Calls: Object.fromEntries(
          calls.map(([key, count]) => [here.get(key) ?? key.replace(/^computecore\./, 'vmcompute.'), count]),
        ),
      };
    },
  });
}

/** The public functions that are made by computecore.dll, whichever library drives the systems. */
export const ofComputecore = [
  'ComputeSystem#crash',
  'ComputeSystem#waitForExit',
  'createEmptyGuestStateFile',
  'createEmptyRuntimeStateFile',
  'grantVmGroupAccess',
  'processorCompatibility',
  'revokeVmAccess',
  'revokeVmGroupAccess',
  'submitWerReport',
];
