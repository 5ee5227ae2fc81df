// What any check may ask, whatever the answers are: a recording has it all, so that one answer may be changed and others asked for.
import { edition, installation, manufacturer, product, revision } from './describe-host.js';
import { longPaths } from './checks/disk.js';
import { drivers as layerDrivers } from './checks/drv.js';
import { featureNames, selection } from './checks/features.js';
import { exclusions } from './checks/filters.js';
import { newerLibraries, vmcompute } from './checks/lib.js';
import { otherServices } from './checks/neighbours.js';
import { pendingKeys } from './checks/os.js';
import { policyQuestions } from './checks/policy.js';
import { virtualMachines } from './checks/rights.js';
import { mitigation } from './checks/svc.js';
import {
  addresses,
  devDrive,
  drivers,
  environment,
  feature,
  filters,
  hypervisor,
  memory,
  networks,
  processor,
  routes,
  service,
  system,
  systems,
  token,
  volume,
} from './questions.js';

const services = ['vmcompute', 'hns', 'vmms', 'hvhost', 'vfpext', ...layerDrivers, ...otherServices];

/** Besides those whose texts follow from answers, such as files below a folder. */
export function allQuestions(root: string): readonly string[] {
  return [
    ...[system, revision, edition, installation, manufacturer, product, token, processor, hypervisor, memory],
    ...[...pendingKeys, mitigation, vmcompute, ...newerLibraries, virtualMachines],
    ...[longPaths, exclusions, ...policyQuestions],
    ...services.map(service),
    ...featureNames.flatMap((name) => [selection(name), feature(name)]),
    ...[volume(root), devDrive(root), filters, drivers, addresses, routes, systems, networks],
    environment('ProgramFiles'),
  ];
}
