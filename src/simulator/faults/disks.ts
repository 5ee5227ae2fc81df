/**
 * Faults of virtual disks.
 *
 * @module
 */
import type { FaultScenario } from './fault.js';

export const disks = [
  {
    name: 'disk-in-use',
    does: 'A disk cannot be attached, because another program has its file open.',
    report: 'microsoft/hcsshim#2553',
    rules: [{ function: 'virtdisk.AttachVirtualDisk', status: 0x80070020 }],
  },
  {
    name: 'disk-limitation',
    does: 'The file of a disk is compressed or encrypted: it can be created, and not attached.',
    report: 'anthropics/claude-code#66772',
    rules: [{ function: 'virtdisk.AttachVirtualDisk', status: 0xc03a001a }],
  },
] as const satisfies readonly FaultScenario[];
