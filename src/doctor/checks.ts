// All checks, in the order in which they are shown: os, lib, svc, drv, feature, hypervisor, rights, disk, filters, net, memory,
// policy, image.
import type { Check } from './check.js';
import { osBuild } from './checks/os.js';

export const checks: readonly Check[] = [osBuild];
