/**
 * Faults of ending systems and processes, and of closing their handles.
 *
 * @module
 */
import type { FaultScenario } from './fault.js';

export const ending = [
  {
    name: 'stop-fails',
    does: 'Shutdown and terminate both fail.',
    report: 'microsoft/hcsshim#1056',
    rules: [
      { function: 'vmcompute.HcsShutdownComputeSystem', status: 0x80070102, count: 0 },
      { function: 'vmcompute.HcsTerminateComputeSystem', status: 0x80070102, count: 2 },
    ],
  },
  {
    name: 'terminate-loses-rpc',
    does: 'The RPC connection breaks during a terminate, and the system stays as it was.',
    report: 'docker/for-win#4554',
    rules: [{ function: 'vmcompute.HcsTerminateComputeSystem', status: 0x800706bf }],
  },
  {
    name: 'lost-exit',
    does: 'A system ends and its exit is never notified.',
    report: 'microsoft/hcsshim@ac05b8e82',
    rules: [
      { function: 'vmcompute.HcsTerminateComputeSystem', loseExit: true },
      { function: 'vmcompute.HcsShutdownComputeSystem', loseExit: true },
    ],
  },
  {
    name: 'lost-process-exit',
    does: 'A process ends and its exit is never notified.',
    report: 'microsoft/hcsshim@c0fe2176e',
    rules: [
      { function: 'vmcompute.HcsCreateProcess', loseExit: true },
      { function: 'vmcompute.HcsTerminateProcess', loseExit: true },
    ],
  },
  {
    name: 'kill-access-denied',
    does: 'Terminating a process is denied, as for a process that has ended already.',
    report: 'moby/moby#40610',
    rules: [{ function: 'vmcompute.HcsTerminateProcess', status: 0x80070005 }],
  },
  {
    name: 'process-gone',
    does: 'Signals and terminations find the process gone.',
    report: 'microsoft/hcsshim@3e090b05a',
    rules: [
      { function: 'vmcompute.HcsTerminateProcess', status: 0x80070490 },
      { function: 'vmcompute.HcsSignalProcess', status: 0x80070490 },
    ],
  },
  {
    name: 'signal-blocks',
    does: 'A signal does not return until the guest has handled it.',
    report: 'microsoft/hcsshim@5cfbc2ac2',
    rules: [{ function: 'vmcompute.HcsSignalProcess', block: true }],
  },
  {
    name: 'exit-without-code',
    does: 'The exit of a process is notified without data, and the host does not know it any more.',
    report: 'microsoft/opengcs#153',
    rules: [
      { function: 'vmcompute.HcsTerminateProcess', completionData: '' },
      { function: 'vmcompute.HcsGetProcessProperties', status: 0x80070490 },
    ],
  },
  {
    name: 'close-fails',
    does: 'The close of a handle fails, and would succeed if it were tried again.',
    report: 'containerd/containerd#11258',
    rules: [
      { function: 'vmcompute.HcsCloseComputeSystem', status: 0x8007139f },
      { function: 'vmcompute.HcsCloseProcess', status: 0x8007139f },
    ],
  },
] as const satisfies readonly FaultScenario[];
