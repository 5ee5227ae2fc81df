/**
 * The error of a disk whose parent is not there: the host says that it is so, and not which file it looked for.
 *
 * @module
 */
import { HcsError } from '../errors/errors.js';
import { HandleClose } from '../host/handle-close.js';
import type { Opened } from '../host/open-handle.js';
import { openHandle } from '../host/open-handle.js';
import { perform } from '../host/operation.js';
import type { OperationOptions } from '../host/operation-options.js';
import type { Session } from '../host/session.js';
import { closeFailed } from '../host/session.js';
import { shortened } from '../shortened.js';
import { openFlags } from './disk-options.js';

const aboutParents: readonly string[] = [
  'ERROR_VHD_PARENT_VHD_NOT_FOUND',
  'ERROR_VHD_CHILD_PARENT_ID_MISMATCH',
  'ERROR_VHD_DIFFERENCING_CHAIN_ERROR_IN_PARENT',
];

/** Opens a disk; where that fails for its parent, the error names the parent. */
export async function namingParent<T>(
  session: Session,
  path: string,
  flags: number,
  options: OperationOptions,
  open: () => Promise<T>,
): Promise<T> {
  try {
    return await open();
  } catch (error) {
    if (!(error instanceof HcsError) || !aboutParents.includes(error.code)) throw error;
    const parent = await parentOf(session, path, flags, options).catch(() => undefined);
    if (parent === undefined || parent === '') throw error;
    throw withParent(error, path, parent);
  }
}

/** The same error of a disk, which also names its parent. Only of what the host has said. */
export function withParent(error: unknown, path: string, parent: string): unknown {
  if (!(error instanceof HcsError) || error.status === 0) return error;
  const { code, status, operation, events, attribution, remedy } = error;
  return new HcsError(`${error.message} The parent is "${shortened(parent)}".`, {
    code,
    status,
    operation,
    disk: path,
    events,
    attribution,
    remedy,
    cause: error,
  });
}

async function parentOf(
  session: Session,
  path: string,
  flags: number,
  options: OperationOptions,
): Promise<string | undefined> {
  const subject = { disk: path };
  const input = { path, access: 0, flags: flags | openFlags.noParents, readOnly: 1 };
  const opened = await openHandle({
    session,
    name: 'OpenVirtualDisk',
    input,
    subject,
    options,
    make: (made) => made,
  });
  try {
    const { outputs } = await perform({
      session,
      name: 'GetVirtualDiskInformation',
      input: { disk: opened.handle as never },
      subject,
      options,
    });
    return outputs.information?.[8] ?? undefined;
  } finally {
    session.dispatcher.unsubscribe(opened.handle);
    await closed(opened, options);
  }
}

/** Waits for the close: who is told of the error may delete the file at once. */
async function closed(opened: Opened, options: OperationOptions): Promise<void> {
  const { session, kind, handle, subject, subscription } = opened;
  const close = new HandleClose(session, kind, handle, () => undefined);
  const status = await close.wait(subject, subscription, options);
  if (closeFailed(status)) session.closeUnowned(opened, false);
}
