/**
 * The build of Windows that first had each function of its libraries.
 *
 * @module
 */
import type { FunctionKey } from './backend.js';
import { functions } from './functions.js';

const ofLibrary: Readonly<Record<string, number>> = {
  vmcompute: 14393,
  computecore: 17763,
  computestorage: 17763,
  computenetwork: 17763,
};

const documented: Readonly<Partial<Record<FunctionKey, number>>> = {
  'vmcompute.HcsSignalProcess': 17763,
  'computecore.HcsGrantVmGroupAccess': 19041,
  'computecore.HcsRevokeVmGroupAccess': 19041,
  'computestorage.HcsSetupBaseOSVolume': 19645,
  // For a Windows 10 2104, which never shipped.
  'computecore.HcsWaitForComputeSystemExit': 20348,
  'computecore.HcsWaitForProcessExit': 20348,
  'computecore.HcsGetProcessorCompatibilityFromSavedState': 20348,
};

// The documentation says 17763 of the crash, whose SDK does not have it, and nothing of the others: these builds are choices.
function chosen(key: FunctionKey): number | undefined {
  if (key === 'computecore.HcsCrashComputeSystem') return 18362;
  const newer =
    /InNamespace$|LiveMigration|CreateOperationWithNotifications$|AddResourceToOperation$|GetOperationProperties$/;
  return key.startsWith('computecore.') && newer.test(key) ? 26100 : undefined;
}

/** The build that first had a function, as far as that is documented; 0 where it is not. */
export function documentedBuildOf(key: FunctionKey): number {
  if (chosen(key) !== undefined) return 0;
  return documented[key] ?? ofLibrary[functions[key].library] ?? 0;
}

/** The functions that a simulated host lacks which is like this build of Windows. */
export function lackingIn(osBuild: number): readonly FunctionKey[] {
  return (Object.keys(functions) as FunctionKey[]).filter((key) => (chosen(key) ?? documentedBuildOf(key)) > osBuild);
}
