/**
 * Faults of creating and starting systems.
 *
 * @module
 */
import type { FaultScenario } from './fault.js';
import { resultDocument } from './fault.js';

const mismatch = 'The operating system of the container does not match that of the host.';

export const starting = [
  {
    name: 'start-never-returns',
    does: 'The call that starts a system stays inside the host for ever.',
    report: 'moby/moby#37395',
    rules: [{ function: 'vmcompute.HcsStartComputeSystem', block: true }],
  },
  {
    name: 'start-never-completes',
    does: 'A start is accepted, happens, and is never notified.',
    report: 'microsoft/hcsshim#801',
    rules: [{ function: 'vmcompute.HcsStartComputeSystem', completion: 'lost' }],
  },
  {
    name: 'create-never-completes',
    does: 'A create is accepted, happens, and is never notified.',
    report: 'microsoft/hcsshim#152',
    rules: [{ function: 'vmcompute.HcsCreateComputeSystem', completion: 'lost' }],
  },
  {
    name: 'start-unexpected-exit',
    does: 'The system dies while it starts, with a bare code: damaged scratch, a filter driver, memory.',
    report: 'microsoft/hcsshim#598',
    rules: [{ function: 'vmcompute.HcsStartComputeSystem', completionStatus: 0xc0370106, completionData: '' }],
  },
  {
    name: 'image-mismatch',
    does: 'The image is of another build than the host.',
    report: 'microsoft/dotnet-framework-docker#1265',
    rules: [
      {
        function: 'vmcompute.HcsCreateComputeSystem',
        completionStatus: 0xc0370101,
        completionData: resultDocument(0xc0370101, mismatch),
      },
    ],
  },
  {
    name: 'revision-mismatch',
    does: 'The image is of the build of the host and a newer revision: the start ends unexpectedly, without a reason.',
    report: 'actions/runner-images#11582',
    rules: [
      {
        function: 'vmcompute.HcsStartComputeSystem',
        completionStatus: 0xc0370106,
        completionData: JSON.stringify({
          Error: 0xc0370106 | 0,
          ErrorMessage: '',
          Attribution: [{ OperationFailure: { Detail: 'Start' } }],
        }),
      },
    ],
  },
  {
    name: 'guest-never-connects',
    does: 'The guest of a virtual machine does not answer in time.',
    report: 'microsoft/WSL#41346',
    rules: [{ function: 'vmcompute.HcsStartComputeSystem', completionStatus: 0x80370109 }],
  },
  {
    name: 'feature-missing',
    does: 'A feature that systems need is not enabled.',
    report: 'sakai135/wsl-vpnkit#207',
    rules: [{ function: 'vmcompute.HcsCreateComputeSystem', status: 0x80370114 }],
  },
  {
    name: 'id-left-behind',
    does: 'A create fails because an earlier client has left a system with this id.',
    report: 'containerd/containerd#5188',
    rules: [{ function: 'vmcompute.HcsCreateComputeSystem', status: 0xc037010f }],
  },
  {
    name: 'out-of-memory',
    does: 'The host has not enough memory for a system or a process.',
    report: 'microsoft/navcontainerhelper#870',
    rules: [
      { function: 'vmcompute.HcsStartComputeSystem', completionStatus: 0x800705af },
      { function: 'vmcompute.HcsCreateProcess', status: 0x8007000e },
    ],
  },
  {
    name: 'registration-fails',
    does: 'The callback of a system or process cannot be registered.',
    report: 'microsoft/hcsshim@7c9ff7f',
    rules: [
      { function: 'vmcompute.HcsRegisterComputeSystemCallback', status: 0xc0370104 },
      { function: 'vmcompute.HcsRegisterProcessCallback', status: 0xc0370104 },
    ],
  },
] as const satisfies readonly FaultScenario[];
