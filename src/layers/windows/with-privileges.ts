import { LayerError } from '../layer-error.js';
import { FileError, PrivilegeError } from './file-error.js';
import { WindowsFiles } from './windows-files.js';

/**
 * Has this process hold privileges while the host works on the files of a layer, which it does as the one who calls it. Others
 * who hold them are counted: the last one gives them back. Rejects with a {@link LayerError} that names those that are missing.
 */
export async function withPrivileges<T>(privileges: number, work: () => Promise<T>): Promise<T> {
  const holder = holderOf(privileges);
  try {
    return await work();
  } finally {
    holder[Symbol.dispose]();
  }
}

function holderOf(privileges: number): Disposable {
  try {
    const files = new WindowsFiles();
    files.acquire(privileges);
    return files;
  } catch (cause) {
    const isKnown = cause instanceof PrivilegeError || cause instanceof FileError;
    const remedy = isKnown ? cause.remedy : 'Use the simulated host here.';
    throw new LayerError({ reason: `cannot be worked on: ${(cause as Error).message}`, remedy, cause });
  }
}
