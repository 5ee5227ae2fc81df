/**
 * The limits of a call that takes several steps: they count from the call and cover all of them.
 *
 * @module
 */
import { remaining } from '../host/waits/deadlines.js';
import type { OperationOptions } from '../host/operation-options.js';
import { readOperationOptions } from '../host/operation-options.js';

/** What is left of the caller's limits for the next step. */
export type Remaining = () => OperationOptions;

/** Begins to count. Throws for wrong options. */
export function remainingOf(options: OperationOptions): Remaining {
  options = readOperationOptions(options);
  const begun = performance.now();
  return () => remaining(options, begun);
}

/** For calls whose duration follows from the size of the layer: no deadline unless one is given. */
export function lasting(options: OperationOptions): OperationOptions {
  options = readOperationOptions(options);
  return options.timeoutMs === undefined ? { ...options, timeoutMs: Infinity } : options;
}

/** The same for calls that name other layers, whose list does not take long. */
export function lastingOf(options: OperationOptions): { readonly left: Remaining; readonly listed: Remaining } {
  options = readOperationOptions(options);
  return { left: remainingOf(lasting(options)), listed: remainingOf(options) };
}
