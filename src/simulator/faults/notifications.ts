/**
 * Faults of notifications.
 *
 * @module
 */
import type { FaultScenario } from './fault.js';

export const notifications = [
  {
    name: 'completion-twice',
    does: 'A completion is notified two times.',
    report: 'microsoft/hcsshim@3014ea00a',
    rules: [
      { function: 'vmcompute.HcsCreateComputeSystem', completion: 'twice' },
      { function: 'vmcompute.HcsStartComputeSystem', completion: 'twice' },
      { function: 'vmcompute.HcsTerminateComputeSystem', completion: 'twice' },
      { function: 'vmcompute.HcsTerminateProcess', completion: 'twice' },
    ],
  },
  {
    name: 'completion-early',
    does: 'A completion is notified before the call has returned.',
    report: 'microsoft/hcsshim@d7dbe6bef',
    rules: [
      { function: 'vmcompute.HcsCreateComputeSystem', completion: 'early' },
      { function: 'vmcompute.HcsStartComputeSystem', completion: 'early' },
      { function: 'vmcompute.HcsTerminateComputeSystem', completion: 'early' },
      { function: 'vmcompute.HcsTerminateProcess', completion: 'early' },
    ],
  },
  {
    name: 'completion-late',
    does: 'A completion is notified late.',
    report: 'microsoft/hcsshim#801',
    rules: [
      { function: 'vmcompute.HcsStartComputeSystem', delayMs: 50 },
      { function: 'vmcompute.HcsTerminateComputeSystem', delayMs: 50 },
      { function: 'vmcompute.HcsTerminateProcess', delayMs: 50 },
    ],
  },
  {
    name: 'notifications-from-many-threads',
    does: 'Eight threads of the host call back at once, a thousand times.',
    report: 'Koromix/koffi#271',
    rules: [],
    act: { notify: { type: 0x0000000f, count: 1000, threads: 8 } },
  },
  {
    name: 'notifications-unknown',
    does: 'A newer host sends a notification of an unknown type, a thousand times.',
    report: 'microsoft/hcsshim@99fce7d68',
    rules: [],
    act: { notify: { type: 0x00000fff, count: 1000, data: '{}' } },
  },
  {
    name: 'notification-after-close',
    does: 'An exit is notified to a callback that has been unregistered already.',
    report: 'microsoft/hcsshim@ef88ee861',
    rules: [
      { function: 'vmcompute.HcsUnregisterComputeSystemCallback', count: 0, lateMs: 1 },
      { function: 'vmcompute.HcsUnregisterProcessCallback', count: 0, lateMs: 1 },
    ],
  },
  {
    name: 'service-disconnects',
    does: 'The service disconnects, and reconnects with `clear()`: its clients lose their handles, and the systems go on.',
    report: 'microsoft/hcsshim@c853b9ac5',
    rules: [],
    act: { disconnect: true },
  },
] as const satisfies readonly FaultScenario[];
