/**
 * How a path of a client becomes one that the host may get: it is opened from a folder of the policy on, one name after the other,
 * following no link, and what was opened is kept open. What does that is a part of the system; this is what the decisions know.
 *
 * @module
 */
import type { Caller } from '../decision.js';
import type { Wanted } from '../documents/shapes.js';
import type { PathForm } from './lexical.js';

/** What is to be opened. */
export interface HeldRequest {
  /** A folder of the policy. */
  readonly root: string;
  /** The names from there, without flaws (see `pathFlaw`). */
  readonly names: readonly string[];
  readonly want: Wanted;
  readonly write: boolean;
  /** Whether the call deletes what is named: then that is not kept from it, only the folders above are. */
  readonly removes?: boolean;
  /** For a system that can ask whether the caller itself has the right. */
  readonly caller: Caller;
}

/** What is held open. */
export interface Held {
  /** The final name of what was opened, which the host gets. */
  readonly path: string;
  /** Whether the path still leads to what is held. Asked last, before the host gets it. */
  isSame(): Promise<boolean>;
  /** Closes all of it. Idempotent. */
  release(): void;
}

/** Opens and holds. */
export interface HeldFolders {
  /** How paths are written here. */
  readonly form: PathForm;
  /**
   * Opens a path.
   *
   * @throws HeldError for what is not there, or not what was asked for, or led astray by a link
   */
  hold(request: HeldRequest): Promise<Held>;
}

/** Why a path is not held. The message says it of "the path". */
export class HeldError extends Error {
  override readonly name = 'HeldError';
  /** There is nothing at the path. */
  readonly missing: boolean;

  constructor(message: string, missing = false) {
    super(message);
    this.missing = missing;
  }
}

/** Holds nothing: for a system on which this package cannot open folders as it has to. */
export class RefusingFolders implements HeldFolders {
  readonly form: PathForm;

  constructor(form: PathForm) {
    this.form = form;
  }

  hold(): Promise<Held> {
    const why = 'cannot be checked: this build of the broker has no part that holds folders on this system';
    return Promise.reject(new HeldError(why));
  }
}
