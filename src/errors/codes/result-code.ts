/**
 * What a code of a host means: the type of the tables beside this file.
 *
 * @module
 */

/**
 * What a failure means for the caller. Predicates and retry rules look at the class, never at a
 * text. `notFound`, `alreadyStopped` and `invalidState` are kept narrow, because cleanup treats
 * them as "nothing left to stop": a missing program inside a container is not `notFound`.
 */
export type ResultClass =
  | 'pending'
  | 'notFound'
  | 'exists'
  | 'alreadyStopped'
  | 'invalidState'
  | 'notSupported'
  | 'accessDenied'
  | 'invalidDocument'
  | 'timeout'
  | 'guestUnreachable'
  | 'imageMismatch'
  | 'featureMissing'
  | 'serviceGone'
  | 'unexpectedExit'
  | 'missingExport'
  | 'invalidHandle'
  | 'storage'
  | 'network'
  | 'resources'
  | 'other';

/** What {@link describeStatus} says about one status. */
export interface StatusDescription {
  /** Stable name, such as `HCS_E_SYSTEM_NOT_FOUND`; the same for every spelling of the status. */
  readonly code: string;
  /** One sentence: what happened. */
  readonly message: string;
  /** What to do next; likely causes come first. */
  readonly remedy?: string;
  readonly class: ResultClass;
  /** Ids of the checks of `hostcompute/doctor` that may find the cause; the remedy says how to ask them. */
  readonly checks?: readonly string[];
}

/** One known code with every spelling that hosts are documented or seen to return for it. */
export interface ResultCode extends StatusDescription {
  /**
   * Unsigned 32-bit values, the one of vmcompute.dll first. Windows errors appear as the HRESULT
   * and as the plain error number, since hosts and their result documents use both.
   */
  readonly statuses: readonly number[];
  readonly remedy: string;
}
