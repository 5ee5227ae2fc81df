/**
 * How the functions of vmcompute.dll are called in computecore.dll, and what its events are called: the tables of the dialect.
 *
 * @module
 */
import type { CallableKey, FunctionKey } from './backend.js';

type CoreKey = Extract<CallableKey, `computecore.${string}`>;

/** Which library of a host drives systems and processes; `auto`: computecore.dll where the host has all that is needed. */
export type ApiChoice = 'vmcompute' | 'computecore' | 'auto';

/** How a function of vmcompute.dll is called there. */
export interface Translation {
  readonly key: CoreKey;
  /** What it takes besides. */
  readonly more?: Readonly<Record<string, unknown>>;
  /** The output that the result document of a call that has succeeded is. */
  readonly payload?: string;
  /** It opens what it creates, also where it fails in the end. */
  readonly creates?: true;
}

const genericAll = 0x10000000;

const translations: Readonly<Record<string, Translation>> = {
  HcsEnumerateComputeSystems: { key: 'computecore.HcsEnumerateComputeSystems', payload: 'computeSystems' },
  HcsCreateComputeSystem: { key: 'computecore.HcsCreateComputeSystem', creates: true },
  HcsOpenComputeSystem: { key: 'computecore.HcsOpenComputeSystem', more: { requestedAccess: genericAll } },
  HcsStartComputeSystem: { key: 'computecore.HcsStartComputeSystem' },
  HcsShutdownComputeSystem: { key: 'computecore.HcsShutDownComputeSystem' },
  HcsTerminateComputeSystem: { key: 'computecore.HcsTerminateComputeSystem' },
  HcsPauseComputeSystem: { key: 'computecore.HcsPauseComputeSystem' },
  HcsResumeComputeSystem: { key: 'computecore.HcsResumeComputeSystem' },
  HcsSaveComputeSystem: { key: 'computecore.HcsSaveComputeSystem' },
  HcsGetComputeSystemProperties: { key: 'computecore.HcsGetComputeSystemProperties', payload: 'properties' },
  HcsModifyComputeSystem: { key: 'computecore.HcsModifyComputeSystem' },
  HcsGetServiceProperties: { key: 'computecore.HcsGetServiceProperties', payload: 'properties' },
  HcsModifyServiceSettings: { key: 'computecore.HcsModifyServiceSettings' },
  HcsCreateProcess: { key: 'computecore.HcsCreateProcess', creates: true },
  HcsOpenProcess: { key: 'computecore.HcsOpenProcess', more: { requestedAccess: genericAll } },
  HcsTerminateProcess: { key: 'computecore.HcsTerminateProcess', more: { options: null } },
  HcsSignalProcess: { key: 'computecore.HcsSignalProcess' },
  HcsGetProcessInfo: { key: 'computecore.HcsGetProcessInfo' },
  HcsGetProcessProperties: {
    key: 'computecore.HcsGetProcessProperties',
    more: { propertyQuery: null },
    payload: 'processProperties',
  },
  HcsModifyProcess: { key: 'computecore.HcsModifyProcess' },
};

// What only computecore.dll has completes in the same form.
const own: readonly Translation[] = [
  { key: 'computecore.HcsEnumerateComputeSystemsInNamespace', payload: 'computeSystems' },
  { key: 'computecore.HcsCreateComputeSystemInNamespace', creates: true },
  { key: 'computecore.HcsOpenComputeSystemInNamespace', more: { requestedAccess: genericAll } },
  { key: 'computecore.HcsCrashComputeSystem' },
  { key: 'computecore.HcsInitializeLiveMigrationOnSource' },
  { key: 'computecore.HcsStartLiveMigrationOnSource' },
  { key: 'computecore.HcsStartLiveMigrationTransfer' },
  { key: 'computecore.HcsFinalizeLiveMigration' },
  { key: 'computecore.HcsCancelLiveMigration' },
];

/** By the key of the function that is called: those of vmcompute.dll, and its own. */
export const byKey = new Map<FunctionKey, Translation>([
  ...Object.entries(translations).map(
    ([name, translation]) => [`vmcompute.${name}` as FunctionKey, translation] as const,
  ),
  ...own.map((translation) => [translation.key, translation] as const),
]);

// What the backend itself calls around them. A callback needs no unregistering here, but operations have to be there.
const ofBackend = new Map<FunctionKey, FunctionKey>([
  ['vmcompute.HcsRegisterComputeSystemCallback', 'computecore.HcsSetComputeSystemCallback'],
  ['vmcompute.HcsUnregisterComputeSystemCallback', 'computecore.HcsCreateOperation'],
  ['vmcompute.HcsCloseComputeSystem', 'computecore.HcsCloseComputeSystem'],
  ['vmcompute.HcsRegisterProcessCallback', 'computecore.HcsSetProcessCallback'],
  ['vmcompute.HcsUnregisterProcessCallback', 'computecore.HcsGetOperationResultAndProcessInfo'],
  ['vmcompute.HcsCloseProcess', 'computecore.HcsCloseProcess'],
]);

/** What a host must export for `auto` to choose this dialect. */
export const needed: readonly FunctionKey[] = [
  ...Object.values(translations).map(({ key }) => key),
  ...ofBackend.values(),
  'computecore.HcsGetOperationResult',
  'computecore.HcsCloseOperation',
];

// `HCS_EVENT_TYPE`, in the words of vmcompute.dll.
const events: Readonly<Record<number, string>> = {
  0x00000001: 'SystemExited',
  0x00000002: 'SystemCrashInitiated',
  0x00000003: 'SystemCrashReport',
  0x00000004: 'SystemRdpEnhancedModeStateChanged',
  0x00000005: 'SystemSiloJobCreated',
  0x00000006: 'SystemGuestConnectionClosed',
  0x00010000: 'ProcessExited',
  0x02000000: 'ServiceDisconnect',
  0x80000002: 'GroupVmLifecycle',
  0x80000003: 'GroupLiveMigration',
  0xc0000001: 'GroupOperationInfo',
};

/** What a backend of this dialect has, and whatever stands for one. */
export const computecoreNames = {
  notificationType: (number: number): string => events[number] ?? 'Unknown',
  exportOf: (key: FunctionKey): FunctionKey => byKey.get(key)?.key ?? ofBackend.get(key) ?? key,
};
