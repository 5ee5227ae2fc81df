// The answers of a healthy server, and what a machine of others differs in: a table that tests change.
import type { Answer, Answers, CheckResult, DoctorOptions, Goal } from 'hostcompute/doctor';
import { doctor, goals as allGoals } from 'hostcompute/doctor';

export type Table = Readonly<Record<string, Answer>>;

export const value = (is: unknown): Answer => ({ value: is }) as Answer;
export const absent: Answer = { error: 2, call: 'RegGetValueW' };
export const noService: Answer = { error: 1060, call: 'OpenServiceW' };
export const noLibrary: Answer = { error: 126, call: 'LoadLibraryExW' };
export const denied: Answer = { error: 5, call: 'OpenServiceW' };
export const hung: Answer = { hung: 2000 };

export const version = 'registry SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion';
export const pending =
  'registry-key SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Component Based Servicing\\RebootPending';
export const chosen = (feature: string): string =>
  `registry SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Component Based Servicing\\Notifications\\OptionalFeatures\\${feature}:Selection`;
export const mitigation =
  'registry SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Image File Execution Options\\vmcompute.exe:MitigationOptions';
export const vmcomputeLibrary =
  'library vmcompute.dll HcsEnumerateComputeSystems HcsCreateComputeSystem HcsRegisterComputeSystemCallback HcsCreateProcess ImportLayer ActivateLayer';

export const text = (is: string): Answer => value({ type: 'REG_SZ', value: is });
export const number = (is: number): Answer => value({ type: 'REG_DWORD', value: is });
export const service = (startType: number, state: number, exitCode = 0): Answer =>
  value({ type: 0x20, startType, state, exitCode });
export const build = (is: number, productType = 3, windowsDirectory = 'C:\\Windows'): Answer =>
  value({ major: 10, minor: 0, build: is, productType, architecture: 'x64', windowsDirectory });

const processorOfRoot = {
  firmwareVirtualization: false,
  slat: false,
  nx: true,
  hypervisor: true,
  vendor: 'Microsoft Hv',
  interface: 'Hv#1',
  createPartitions: true,
};
export const processor = (differs: object): Answer => value({ ...processorOfRoot, ...differs });

const administrator = {
  elevated: true,
  elevationType: 2,
  administrators: true,
  hyperVAdministrators: false,
  linked: null,
  accountIsHyperVAdministrator: null,
  privileges: ['SeBackupPrivilege', 'SeRestorePrivilege', 'SeSecurityPrivilege'],
};
export const token = (differs: object): Answer => value({ ...administrator, ...differs });

/** What no name is there for is not asked by the checks that are tested. */
export const healthy: Table = {
  system: build(20348),
  [`${version}:UBR`]: number(2700),
  [`${version}:EditionID`]: text('ServerStandard'),
  [`${version}:InstallationType`]: text('Server Core'),
  'registry HARDWARE\\DESCRIPTION\\System\\BIOS:SystemManufacturer': text('Dell Inc.'),
  'registry HARDWARE\\DESCRIPTION\\System\\BIOS:SystemProductName': text('PowerEdge'),
  [pending]: absent,
  'registry-key SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\WindowsUpdate\\Auto Update\\RebootRequired': absent,
  [chosen('Containers')]: number(1),
  [chosen('Microsoft-Hyper-V')]: number(1),
  [chosen('VirtualMachinePlatform')]: absent,
  [vmcomputeLibrary]: value({ missing: [], version: '10.0.20348.2700' }),
  'library computecore.dll HcsCreateOperation HcsGetServiceProperties': value({ missing: [], version: null }),
  'library computestorage.dll HcsImportLayer HcsInitializeWritableLayer': value({ missing: [], version: null }),
  'library computenetwork.dll HcnEnumerateNetworks HcnCreateEndpoint': value({ missing: [], version: null }),
  'service vmcompute': service(3, 1, 1077),
  'service hns': service(2, 4),
  'service vmms': service(2, 4),
  'service hvhost': service(3, 4),
  'service vfpext': service(3, 4),
  'service wcifs': service(2, 4),
  'service bindflt': service(2, 4),
  [mitigation]: absent,
  processor: processor({}),
  hypervisor: value({ present: true }),
  token: token({}),
  'account-rights S-1-5-83-0': value(['SeServiceLogonRight']),
};

export const answersOf = (table: Table): Answers => ({
  ask: (question) => Promise.resolve(table[question] ?? { error: 1168, call: 'replay' }),
});

/** What a check says of a machine that differs so from a healthy one. */
export async function checkOf(id: string, differs: Table, options: DoctorOptions = {}): Promise<CheckResult> {
  const answers = answersOf({ ...healthy, ...differs });
  const { checks } = await doctor({ goals: allGoals, answers, root: 'C:\\layers', ...options });
  const found = checks.find((check) => check.id === id);
  if (found === undefined) throw new Error(`there is no check ${id}`);
  return found;
}

export const machineGoals: readonly Goal[] = ['hyperv', 'vm', 'lcow'];
