/**
 * Faults of what is asked of a system that runs, and of the host.
 *
 * @module
 */
import type { FaultScenario } from './fault.js';

export const requests = [
  {
    name: 'access-denied',
    does: 'The caller is neither an administrator nor in Hyper-V Administrators.',
    report: 'podman-desktop/podman-desktop#18963',
    rules: (
      [
        'vmcompute.HcsCreateComputeSystem',
        'vmcompute.HcsOpenComputeSystem',
        'vmcompute.HcsEnumerateComputeSystems',
        'vmcompute.HcsGetServiceProperties',
      ] as const
    ).map((name) => ({ function: name, status: 0x8037011b })),
  },
  {
    name: 'export-missing',
    does: 'The host is older than signals, and does not export the function. A client may mistake that for an answer about the process.',
    report: 'microsoft/hcsshim@d78544d6c',
    rules: [{ function: 'vmcompute.HcsSignalProcess', missing: true }],
  },
  {
    name: 'request-not-supported',
    does: 'This build of the host lacks a request.',
    report: 'microsoft/hcsshim#800',
    rules: [
      { function: 'vmcompute.HcsPauseComputeSystem', status: 0x80070032 },
      { function: 'vmcompute.HcsModifyComputeSystem', status: 0x80070032 },
    ],
  },
  {
    name: 'program-not-found',
    does: 'A process cannot be created because its program is not there, as a quoted command line looks to Windows.',
    report: 'containerd/containerd#6300',
    rules: [{ function: 'vmcompute.HcsCreateProcess', status: 0x80070002 }],
  },
  {
    name: 'stats-block',
    does: 'A query for properties does not return.',
    report: 'moby/moby#30605',
    rules: [{ function: 'vmcompute.HcsGetComputeSystemProperties', block: true }],
  },
  {
    name: 'stats-of-the-dying',
    does: 'A query for properties of a system that is stopping finds its handle invalid.',
    report: 'microsoft/hcsshim@790bcae4c',
    rules: [{ function: 'vmcompute.HcsGetComputeSystemProperties', status: 0x80070006 }],
  },
  {
    name: 'calls-linger',
    does: 'Calls return some time after their work is done.',
    report: 'containerd/cri#1275',
    rules: [
      { function: 'vmcompute.HcsGetComputeSystemProperties', callMs: 30 },
      { function: 'vmcompute.HcsModifyComputeSystem', callMs: 30 },
      { function: 'vmcompute.HcsCreateProcess', callMs: 30 },
    ],
  },
] as const satisfies readonly FaultScenario[];
