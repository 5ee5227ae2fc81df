/**
 * The limits of a call that takes several steps: they count from the call and cover all of them.
 *
 * @module
 */
import { remaining } from '../host/waits/deadlines.js';
import type { OperationOptions } from '../host/operation-options.js';
import { checkOptions } from '../host/operation-options.js';

/** What is left of the caller's limits for the next step. */
export type Remaining = () => OperationOptions;

/** Begins to count. Throws for wrong options. */
export function remainingOf(options: OperationOptions): Remaining {
  checkOptions(options);
  const begun = performance.now();
  return () => remaining(options, begun);
}

/** For calls whose duration follows from the size of the layer: no deadline unless one is given. */
export function lasting(options: OperationOptions): OperationOptions {
  checkOptions(options);
  return options.timeoutMs === undefined ? { ...options, timeoutMs: Infinity } : options;
}
