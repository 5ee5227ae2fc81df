/**
 * What is looked at beyond the tables, by the names of types.
 *
 * @module
 */
import type { Check } from './check.js';
import { containerChecks } from './checks/container.js';
import { deviceChecks } from './checks/devices.js';
import { machineChecks } from './checks/machine.js';
import { requestChecks } from './checks/requests.js';
import { systemChecks } from './checks/system.js';

export const checks: ReadonlyMap<string, Check> = new Map(
  Object.entries({
    ...systemChecks,
    ...containerChecks,
    ...machineChecks,
    ...deviceChecks,
    ...requestChecks,
  }),
);
