/**
 * What the file system refuses, with what helps.
 *
 * @module
 */
import { storeError } from './store-error.js';

const space = 'Free some space on the volume of the store; prune() removes what nothing needs.';
const access = 'Run as a user who may write into the folder of the store, and read what is loaded.';
const remedies: Readonly<Record<string, string>> = {
  ENOSPC: space,
  EDQUOT: space,
  EACCES: access,
  EPERM: access,
  EROFS: access,
  EMFILE: 'Do less at once, or raise the limit of open files (ulimit -n).',
};

/** An error of the file system as one of the store at `folder`; any other as it is. */
export function explained(error: unknown, folder: string): unknown {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const remedy = Object.hasOwn(remedies, code) ? remedies[code] : undefined;
  return remedy === undefined ? error : storeError(`the store ${folder} cannot be used: ${message}`, remedy, error);
}
