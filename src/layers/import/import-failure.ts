// What of a failure crosses from the thread that imports to the one that asked for it.
import { FormatError } from '../formats/format-error.js';
import { FileError, PrivilegeError } from '../windows/file-error.js';
import { StepError } from './plan.js';
import { rebuild, Refusal } from './refusal.js';
import type { Failure } from './import-task.js';

const remedies: Readonly<Record<string, string>> = {
  ENOSPC: 'Free some space on the volume of the store.',
  EDQUOT: 'Free some space on the volume of the store.',
  EACCES: 'Run as a user who may write into the folder of the store, and read the source.',
  EPERM: 'Run as a user who may write into the folder of the store, and read the source.',
  ERR_ACCESS_DENIED: 'Start Node with --allow-fs-read and --allow-fs-write for the source and the folder of the store.',
  EMFILE: 'Import fewer layers at once, or raise the limit of open files (ulimit -n).',
  ENOENT: 'Check that the source and the folders of the store and of the parents exist.',
  ENAMETOOLONG: 'Put the store into a folder with a shorter path; this system does not allow such a long name.',
};

/** @param current - the entry at hand */
export function asFailure(error: unknown, current: string | undefined): Failure {
  if (error instanceof StepError) return asFailure(error.cause, error.entry === '' ? current : error.entry);
  if (error instanceof Refusal) {
    const { message, remedy, entry } = error;
    return { entry: entry === null ? undefined : (entry ?? current), reason: message, remedy };
  }
  if (error instanceof FormatError) {
    return {
      entry: current,
      reason: `has malformed metadata: ${error.message}`,
      remedy: rebuild,
    };
  }
  if (error instanceof PrivilegeError) {
    const { message, remedy } = error;
    return { entry: undefined, reason: `cannot be imported: ${message}`, remedy, cause: error };
  }
  const cause = error instanceof Error ? error : new Error(String(error));
  const { code = '' } = cause as NodeJS.ErrnoException;
  return {
    entry: current,
    reason: `could not be imported: ${cause.message}`,
    remedy: error instanceof FileError ? error.remedy : (remedies[code] ?? 'See the cause.'),
    cause,
  };
}
