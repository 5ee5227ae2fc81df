/**
 * Access of virtual machines to files.
 *
 * @module
 */
import { checkedText } from '../documents/document-text.js';
import { HcsArgumentError } from '../errors/errors.js';
import { defaultHost, sessionOf } from '../host/host.js';
import type { HostOptions } from '../host/open-handle.js';
import { run } from '../host/operation.js';
import { readOperationOptions, throwIfAborted } from '../host/operation-options.js';
import { checkFolder } from './layer-names.js';

/**
 * Lets a virtual machine read and write a file, such as the disk that it is to boot from.
 *
 * @param vmId - the id of the compute system
 * @param file - absolute
 */
export async function grantVmAccess(vmId: string, file: string, options: HostOptions = {}): Promise<void> {
  const name = 'GrantVmAccess';
  if (checkedText(vmId, 'vmId') === '') {
    throw new HcsArgumentError('vmId', 'must be the id of a virtual machine', vmId);
  }
  checkFolder(file, 'file');
  options = readOperationOptions(options, ['host']);
  throwIfAborted(name, { vmFile: file }, options);
  const { host = await defaultHost() } = options;
  const session = sessionOf(host, name);
  await run({ session, name, input: { vmId, file }, subject: { vmFile: file }, options });
}
