/**
 * Files of virtual machines: who may use them, and those that a machine's state is kept in. By computecore.dll, whichever
 * library drives the systems.
 *
 * @module
 */
import type * as Schema2 from '../../types/schema2/index.js';
import type { CallableKey, Completion, Input } from '../backend/backend.js';
import { nameOf } from '../backend/keys.js';
import { checkedText, documentText, parseDocument } from '../documents/document-text.js';
import { HcsArgumentError, HcsDocumentError } from '../errors/errors.js';
import { defaultHost, sessionOf } from '../host/host.js';
import type { HostOptions } from '../host/open-handle.js';
import { run } from '../host/operation.js';
import { readOperationOptions, throwIfAborted } from '../host/operation-options.js';
import { checkFolder } from './layer-names.js';

type Key = Extract<CallableKey, `computecore.${string}`>;

async function call<F extends Key>(
  key: F,
  input: Input<F>,
  options: HostOptions,
  file?: string,
): Promise<Completion<CallableKey>> {
  const name = nameOf(key) as 'HcsRevokeVmAccess';
  const subject = { vmFile: file };
  options = readOperationOptions(options, ['host']);
  throwIfAborted(name, subject, options);
  const { host = await defaultHost() } = options;
  const session = sessionOf(host, name);
  return run({ session, name, input: input as never, subject, options });
}

/**
 * Takes back what `grantVmAccess()` has given.
 *
 * @param vmId - the id of the compute system
 * @param file - absolute
 */
export async function revokeVmAccess(vmId: string, file: string, options: HostOptions = {}): Promise<void> {
  if (checkedText(vmId, 'vmId') === '') {
    throw new HcsArgumentError('vmId', 'must be the id of a virtual machine', vmId);
  }
  await call('computecore.HcsRevokeVmAccess', { vmId, filePath: checkFolder(file, 'file') }, options, file);
}

/**
 * Lets every virtual machine read a file, such as a disk that many have for a parent. From Windows Server 2022 on.
 *
 * @param file - absolute
 */
export async function grantVmGroupAccess(file: string, options: HostOptions = {}): Promise<void> {
  await call('computecore.HcsGrantVmGroupAccess', { filePath: checkFolder(file, 'file') }, options, file);
}

/**
 * Takes back what `grantVmGroupAccess()` has given. From Windows Server 2022 on.
 *
 * @param file - absolute
 */
export async function revokeVmGroupAccess(file: string, options: HostOptions = {}): Promise<void> {
  await call('computecore.HcsRevokeVmGroupAccess', { filePath: checkFolder(file, 'file') }, options, file);
}

/**
 * Creates the file in which a virtual machine keeps what its firmware stores, empty: `GuestState.GuestStateFilePath`.
 *
 * @param file - absolute
 */
export async function createEmptyGuestStateFile(file: string, options: HostOptions = {}): Promise<void> {
  await call('computecore.HcsCreateEmptyGuestStateFile', { filePath: checkFolder(file, 'file') }, options, file);
}

/**
 * Creates the file in which a virtual machine keeps its memory when it is saved, empty: `GuestState.RuntimeStateFilePath`.
 *
 * @param file - absolute
 */
export async function createEmptyRuntimeStateFile(file: string, options: HostOptions = {}): Promise<void> {
  await call('computecore.HcsCreateEmptyRuntimeStateFile', { filePath: checkFolder(file, 'file') }, options, file);
}

/**
 * What a processor must have for a virtual machine that was saved to go on there. From Windows Server 2022 on.
 *
 * @param runtimeFile - the runtime state file of the saved machine, absolute
 * @throws {@link HcsDocumentError} where the host returns something else
 */
export async function processorCompatibility(
  runtimeFile: string,
  options: HostOptions = {},
): Promise<Readonly<Schema2.VmProcessorRequirements>> {
  const key = 'computecore.HcsGetProcessorCompatibilityFromSavedState';
  const { outputs } = await call(
    key,
    { runtimeFileName: checkFolder(runtimeFile, 'runtimeFile') },
    options,
    runtimeFile,
  );
  const { processorFeatures } = outputs as { readonly processorFeatures?: string | null };
  const parsed = parseDocument(processorFeatures ?? null);
  if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed;
  const what = 'processor requirements';
  throw new HcsDocumentError({ operation: nameOf(key), what, text: processorFeatures ?? null });
}

/** Hands the report of a crash, as a `crash` event has it, to Windows Error Reporting. */
export async function submitWerReport(
  report: Readonly<Schema2.CrashReport> | string,
  options: HostOptions = {},
): Promise<void> {
  await call('computecore.HcsSubmitWerReport', { settings: documentText(report, 'report') }, options);
}
