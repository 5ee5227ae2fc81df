/**
 * The policy of a running broker: read from its file, and read again when asked. A file that is not valid changes nothing.
 *
 * @module
 */
import { readFileSync, statSync } from 'node:fs';

import type { PathForm } from '../paths/lexical.js';
import type { Policy } from './policy.js';
import { readPolicy } from './read-policy.js';
import { windowsGuard } from './windows-guard.js';

/** Throws where a file could have been written by somebody who is not an administrator. */
export type FileGuard = (path: string) => void;

/** How to read the policy. */
export interface PolicyFileOptions {
  readonly form: PathForm;
  /** What looks at who could have written the file; default what this system says of it. */
  readonly guard?: FileGuard;
}

/** A policy and the file that it is from. */
export class PolicyFile {
  readonly path: string;
  readonly #options: PolicyFileOptions;
  #policy: Policy;

  /**
   * Reads the file for the first time.
   *
   * @throws Error for a file that is not there, or is for others to write; PolicyError for one that is not valid
   */
  constructor(path: string, options: PolicyFileOptions) {
    this.path = path;
    this.#options = options;
    this.#policy = this.#read();
  }

  /** The policy that counts now. */
  get current(): Policy {
    return this.#policy;
  }

  /** Reads the file again. On an error, which is returned, the policy from before stays. */
  reload(): Error | undefined {
    try {
      this.#policy = this.#read();
      return undefined;
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    }
  }

  #read(): Policy {
    (this.#options.guard ?? systemGuard)(this.path);
    return readPolicy(readFileSync(this.path, 'utf8'), this.#options.form);
  }
}

/** What there is for this system. */
const systemGuard: FileGuard = (path) => (process.platform === 'win32' ? windowsGuard(path) : unixGuard(path));

/** Owner and modes of a Unix file. */
export const unixGuard: FileGuard = (path) => {
  const { uid, mode } = statSync(path);
  if (uid !== 0 && uid !== process.getuid?.())
    throw new Error(`${path} must belong to root or to the user of the broker. Change its owner.`);
  if ((mode & 0o022) !== 0) throw new Error(`${path} must not be for others to write. Run chmod go-w on it.`);
};
