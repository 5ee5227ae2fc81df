// The library that drives the systems of a run, as HOSTCOMPUTE_API has chosen it: suites name the functions of vmcompute.dll.
import type { HostFunction } from 'hostcompute';
import type { FaultRule, Simulator, SimulatorState } from 'hostcompute/simulator';

import { forComputecore } from '#dist/simulator/faults/computecore.js';

/** Whether systems are driven through computecore.dll. */
export const onComputecore = process.env.HOSTCOMPUTE_API === 'computecore';

const others: Readonly<Record<string, string>> = {
  'vmcompute.HcsShutdownComputeSystem': 'computecore.HcsShutDownComputeSystem',
  'vmcompute.HcsRegisterComputeSystemCallback': 'computecore.HcsSetComputeSystemCallback',
  'vmcompute.HcsRegisterProcessCallback': 'computecore.HcsSetProcessCallback',
};

function there(given: FaultRule): FaultRule {
  const rule = { ...given }; // read once
  const key = rule.function.startsWith('Hcs') ? (`vmcompute.${rule.function}` as HostFunction) : rule.function;
  return forComputecore({ ...rule, function: key }) ?? rule;
}

// A callback ends with its handle, and operations go with the calls that they are of.
const besides = /^computecore\.Hcs(Create|Close|Get)Operation/;

function here(key: string): string {
  const found = Object.entries(others).find(([, other]) => other === key);
  return found?.[0] ?? key.replace(/^computecore\./, 'vmcompute.');
}

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
      return { ...found, Calls: Object.fromEntries(calls.map(([key, count]) => [here(key), count])) };
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
