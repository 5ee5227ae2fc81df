/**
 * Faults of layers and their disks, by the functions of `computestorage.dll`.
 *
 * @module
 */
import type { FaultScenario } from './fault.js';

export const storage = [
  {
    name: 'base-layer-in-use',
    does: 'A base layer cannot be set up, because a container that runs has its registry loaded.',
    report: 'containerd/containerd#4912',
    rules: [{ function: 'computestorage.HcsSetupBaseOSLayer', status: 0x80070020 }],
  },
  {
    name: 'layer-privilege-missing',
    does: 'The privileges to back up and restore files, or to read their audit lists, are not held.',
    report: 'containerd/containerd#8206',
    rules: [
      { function: 'computestorage.HcsImportLayer', status: 0x80070522 },
      { function: 'computestorage.HcsExportLayer', status: 0x80070522 },
      { function: 'computestorage.HcsDestroyLayer', status: 0x80070522 },
    ],
  },
  {
    name: 'layer-filter-invalid',
    does: 'The filter is not attached: a layer was not imported rightly, or is of another build than the host.',
    report: 'microsoft/hcsshim#2566',
    rules: [{ function: 'computestorage.HcsAttachLayerStorageFilter', status: 0xc0370112 }],
  },
] as const satisfies readonly FaultScenario[];
