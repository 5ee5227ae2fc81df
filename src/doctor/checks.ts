// All checks, in the order in which they are shown: os, lib, svc, drv, feature, hypervisor, rights, disk, filters, net, memory,
// policy, image.
import type { Check } from './check.js';
import { diskDevDrive, diskFilesystem, diskPaths, diskSpace } from './checks/disk.js';
import { drvWcifs } from './checks/drv.js';
import { featureContainers, featureHyperV } from './checks/feature.js';
import { antivirus, filtersForeign } from './checks/filters.js';
import { hypervisorFirmware, hypervisorRunning } from './checks/hypervisor.js';
import { imageCheck } from './checks/image.js';
import { lcowFiles } from './checks/lcow.js';
import { libNewer, libVmcompute } from './checks/lib.js';
import { memoryCheck } from './checks/memory.js';
import { neighbours } from './checks/neighbours.js';
import { netNat } from './checks/net.js';
import { osBuild, osEdition, osReboot, osRevision, osSystemDrive } from './checks/os.js';
import { policyContainers } from './checks/policy.js';
import { rightsElevated, rightsGroup, rightsPrivileges, rightsVmLogon } from './checks/rights.js';
import { svcHns, svcHvhost, svcVmcompute, svcVmcomputeMitigation, svcVmms } from './checks/svc.js';
import { vmNested } from './checks/vm.js';

export const checks: readonly Check[] = [
  osBuild,
  osEdition,
  osRevision,
  osSystemDrive,
  osReboot,
  libVmcompute,
  libNewer,
  svcVmcompute,
  svcVmcomputeMitigation,
  svcHns,
  svcVmms,
  svcHvhost,
  drvWcifs,
  featureContainers,
  featureHyperV,
  hypervisorFirmware,
  hypervisorRunning,
  vmNested,
  rightsElevated,
  rightsGroup,
  rightsPrivileges,
  rightsVmLogon,
  diskFilesystem,
  diskDevDrive,
  diskSpace,
  diskPaths,
  filtersForeign,
  antivirus,
  netNat,
  neighbours,
  memoryCheck,
  policyContainers,
  imageCheck,
  lcowFiles,
];
