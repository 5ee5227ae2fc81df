/**
 * The catalogue of faults: what has gone wrong on real hosts, as data for the simulated one.
 *
 * @module
 */
import type { FaultRule } from './simulator.js';

/** A way in which a host fails. */
export interface FaultScenario {
  readonly name: string;
  /** What the host does, in a sentence. */
  readonly does: string;
  /** The public report that it is taken from: a thread, as `owner/repository#number`, or a commit. */
  readonly report: string;
  /** The rules that make the simulated host do it. */
  readonly rules: readonly Omit<FaultRule, 'system'>[];
}

function resultDocument(status: number, message: string, more: object = {}): string {
  const event = { Message: message, Provider: '17103e3f-3c6e-4677-bb17-3b267eb5be57', EventId: 11000 };
  return JSON.stringify({ Error: status | 0, ErrorMessage: message, ErrorEvents: [event], ...more });
}

const mismatch = 'The operating system of the container does not match that of the host.';
const chinese = '虚拟硬盘文件必须是解压缩和未加密的文件，并且不能是稀疏文件。';
const long = 'x'.repeat(4 * 1024 * 1024);

/** Every fault that `simulator.provoke()` knows, by name. */
export const faults = [
  {
    name: 'start-never-returns',
    does: 'The call that starts a system stays inside the host for ever.',
    report: 'moby/moby#37395',
    rules: [{ function: 'HcsStartComputeSystem', block: true }],
  },
  {
    name: 'start-never-completes',
    does: 'A start is accepted, happens, and is never notified.',
    report: 'microsoft/hcsshim#801',
    rules: [{ function: 'HcsStartComputeSystem', completion: 'lost' }],
  },
  {
    name: 'create-never-completes',
    does: 'A create is accepted, happens, and is never notified.',
    report: 'microsoft/hcsshim#152',
    rules: [{ function: 'HcsCreateComputeSystem', completion: 'lost' }],
  },
  {
    name: 'start-unexpected-exit',
    does: 'The system dies while it starts, with a bare code: damaged scratch, a filter driver, memory.',
    report: 'microsoft/hcsshim#598',
    rules: [{ function: 'HcsStartComputeSystem', completionStatus: 0xc0370106, completionData: '' }],
  },
  {
    name: 'image-mismatch',
    does: 'The image is of another build than the host.',
    report: 'microsoft/dotnet-framework-docker#1265',
    rules: [
      {
        function: 'HcsCreateComputeSystem',
        completionStatus: 0xc0370101,
        completionData: resultDocument(0xc0370101, mismatch),
      },
    ],
  },
  {
    name: 'revision-mismatch',
    does: 'The image is of the build of the host and a newer revision: the start ends unexpectedly, and nothing says why.',
    report: 'actions/runner-images#11582',
    rules: [
      {
        function: 'HcsStartComputeSystem',
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
    rules: [{ function: 'HcsStartComputeSystem', completionStatus: 0x80370109 }],
  },
  {
    name: 'feature-missing',
    does: 'A feature that systems need is not enabled.',
    report: 'sakai135/wsl-vpnkit#207',
    rules: [{ function: 'HcsCreateComputeSystem', status: 0x80370114 }],
  },
  {
    name: 'id-left-behind',
    does: 'A create fails because an earlier client has left a system with this id.',
    report: 'containerd/containerd#5188',
    rules: [{ function: 'HcsCreateComputeSystem', status: 0xc037010f }],
  },
  {
    name: 'stop-fails',
    does: 'Shutdown and terminate both fail.',
    report: 'microsoft/hcsshim#1056',
    rules: [
      { function: 'HcsShutdownComputeSystem', status: 0x80070102, count: 0 },
      { function: 'HcsTerminateComputeSystem', status: 0x80070102, count: 2 },
    ],
  },
  {
    name: 'terminate-loses-rpc',
    does: 'The call to the service breaks in the middle of a terminate, and the system is left as it was.',
    report: 'docker/for-win#4554',
    rules: [{ function: 'HcsTerminateComputeSystem', status: 0x800706bf }],
  },
  {
    name: 'lost-exit',
    does: 'A system ends and its exit is never notified.',
    report: 'microsoft/hcsshim@ac05b8e82',
    rules: [
      { function: 'HcsTerminateComputeSystem', loseExit: true },
      { function: 'HcsShutdownComputeSystem', loseExit: true },
    ],
  },
  {
    name: 'lost-process-exit',
    does: 'A process ends and its exit is never notified.',
    report: 'microsoft/hcsshim@c0fe2176e',
    rules: [
      { function: 'HcsCreateProcess', loseExit: true },
      { function: 'HcsTerminateProcess', loseExit: true },
    ],
  },
  {
    name: 'kill-access-denied',
    does: 'Terminating a process is denied, as it is when the process object is dead already.',
    report: 'moby/moby#40610',
    rules: [{ function: 'HcsTerminateProcess', status: 0x80070005 }],
  },
  {
    name: 'process-gone',
    does: 'Signals and terminations find the process gone.',
    report: 'microsoft/hcsshim@3e090b05a',
    rules: [
      { function: 'HcsTerminateProcess', status: 0x80070490 },
      { function: 'HcsSignalProcess', status: 0x80070490 },
    ],
  },
  {
    name: 'signal-blocks',
    does: 'A signal stays inside the host until the guest is done with it.',
    report: 'microsoft/hcsshim@5cfbc2ac2',
    rules: [{ function: 'HcsSignalProcess', block: true }],
  },
  {
    name: 'exit-without-code',
    does: 'The exit of a process is notified without data, and the host does not know it any more.',
    report: 'microsoft/opengcs#153',
    rules: [
      { function: 'HcsTerminateProcess', completionData: '' },
      { function: 'HcsGetProcessProperties', status: 0x80070490 },
    ],
  },
  {
    name: 'program-not-found',
    does: 'A process cannot be created because its program is not there, as a quoted command line looks to Windows.',
    report: 'containerd/containerd#6300',
    rules: [{ function: 'HcsCreateProcess', status: 0x80070002 }],
  },
  {
    name: 'access-denied',
    does: 'The caller is neither an administrator nor in Hyper-V Administrators.',
    report: 'podman-desktop/podman-desktop#18963',
    rules: (
      [
        'HcsCreateComputeSystem',
        'HcsOpenComputeSystem',
        'HcsEnumerateComputeSystems',
        'HcsGetServiceProperties',
      ] as const
    ).map((name) => ({ function: name, status: 0x8037011b })),
  },
  {
    name: 'out-of-memory',
    does: 'The host has not enough memory for a system or a process.',
    report: 'microsoft/navcontainerhelper#870',
    rules: [
      { function: 'HcsStartComputeSystem', completionStatus: 0x800705af },
      { function: 'HcsCreateProcess', status: 0x8007000e },
    ],
  },
  {
    name: 'request-not-supported',
    does: 'This build of the host lacks a request.',
    report: 'microsoft/hcsshim#800',
    rules: [
      { function: 'HcsPauseComputeSystem', status: 0x80070032 },
      { function: 'HcsModifyComputeSystem', status: 0x80070032 },
    ],
  },
  {
    name: 'stats-block',
    does: 'A query for properties stays inside the host, and whoever asks waits.',
    report: 'moby/moby#30605',
    rules: [{ function: 'HcsGetComputeSystemProperties', block: true }],
  },
  {
    name: 'stats-of-the-dying',
    does: 'A query for properties of a system that is stopping finds its handle invalid.',
    report: 'microsoft/hcsshim@790bcae4c',
    rules: [{ function: 'HcsGetComputeSystemProperties', status: 0x80070006 }],
  },
  {
    name: 'close-fails',
    does: 'The close of a handle fails, and would succeed if it were tried again.',
    report: 'containerd/containerd#11258',
    rules: [
      { function: 'HcsCloseComputeSystem', status: 0x8007139f },
      { function: 'HcsCloseProcess', status: 0x8007139f },
    ],
  },
  {
    name: 'registration-fails',
    does: 'The callback of a system or process cannot be registered.',
    report: 'microsoft/hcsshim@7c9ff7f',
    rules: [
      { function: 'HcsRegisterComputeSystemCallback', status: 0xc0370104 },
      { function: 'HcsRegisterProcessCallback', status: 0xc0370104 },
    ],
  },
  {
    name: 'localized-messages',
    does: 'A disk is refused, and the texts are Chinese.',
    report: 'anthropics/claude-code#66772',
    rules: [
      { function: 'HcsCreateComputeSystem', status: 0xc03a001a, result: resultDocument(0xc03a001a, chinese) },
      { function: 'HcsModifyComputeSystem', status: 0xc03a001a, result: resultDocument(0xc03a001a, chinese) },
    ],
  },
  {
    name: 'attribution-only',
    does: 'A create fails with a code of another facility, and its document has nothing but an attribution.',
    report: 'anthropics/claude-code#33040',
    rules: [
      {
        function: 'HcsCreateComputeSystem',
        status: 0x800707de,
        result: JSON.stringify({ Error: 0x800707de | 0, Attribution: [{ OperationFailure: { Detail: 'Construct' } }] }),
      },
    ],
  },
  {
    name: 'malformed-texts',
    does: 'Result documents and properties break off in the middle.',
    report: 'microsoft/hcsshim@8a9596f9e',
    rules: [
      { function: 'HcsCreateComputeSystem', status: 0x8007000d, result: '{"Error":-214702' },
      { function: 'HcsGetComputeSystemProperties', properties: '{"Id":"' },
      { function: 'HcsGetProcessProperties', properties: '[' },
      { function: 'HcsEnumerateComputeSystems', properties: '{}' },
    ],
  },
  {
    name: 'huge-texts',
    does: 'A result document and the data of a notification have four million characters.',
    report: 'microsoft/hcsshim@3a2ea8f47',
    rules: [
      { function: 'HcsModifyComputeSystem', status: 0x80004005, result: resultDocument(0x80004005, long) },
      { function: 'HcsStartComputeSystem', completionData: long },
    ],
  },
  {
    name: 'completion-twice',
    does: 'A completion is notified two times.',
    report: 'microsoft/hcsshim@3014ea00a',
    rules: [
      { function: 'HcsCreateComputeSystem', completion: 'twice' },
      { function: 'HcsStartComputeSystem', completion: 'twice' },
      { function: 'HcsTerminateComputeSystem', completion: 'twice' },
      { function: 'HcsTerminateProcess', completion: 'twice' },
    ],
  },
  {
    name: 'completion-early',
    does: 'A completion is notified before the call has returned.',
    report: 'microsoft/hcsshim@d7dbe6bef',
    rules: [
      { function: 'HcsCreateComputeSystem', completion: 'early' },
      { function: 'HcsStartComputeSystem', completion: 'early' },
      { function: 'HcsTerminateComputeSystem', completion: 'early' },
      { function: 'HcsTerminateProcess', completion: 'early' },
    ],
  },
  {
    name: 'completion-late',
    does: 'A completion takes its time.',
    report: 'microsoft/hcsshim#801',
    rules: [
      { function: 'HcsStartComputeSystem', delayMs: 50 },
      { function: 'HcsTerminateComputeSystem', delayMs: 50 },
      { function: 'HcsTerminateProcess', delayMs: 50 },
    ],
  },
  {
    name: 'calls-linger',
    does: 'Calls stay inside the host for a while after their work is done.',
    report: 'containerd/cri#1275',
    rules: [
      { function: 'HcsGetComputeSystemProperties', callMs: 30 },
      { function: 'HcsModifyComputeSystem', callMs: 30 },
      { function: 'HcsCreateProcess', callMs: 30 },
    ],
  },
] as const satisfies readonly FaultScenario[];

/** The name of a fault in the catalogue. */
export type FaultName = (typeof faults)[number]['name'];
