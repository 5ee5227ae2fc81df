/**
 * What a process knows of the system that it runs in. It stands below both: `process` does not import `system`.
 *
 * @module
 */
import type { NumberMap } from '../number-map.js';
import type { Lifetime } from '../host/handle-lifetime.js';
import type { OperationOptions } from '../host/operation-options.js';
import type { Subscription } from '../host/subscription.js';
import type { GuestOs } from './process-parameters.js';

/** The compute system of a process. `ComputeSystem` declares that it is one, with all its members. */
export interface ParentSystem {
  readonly id: string;
}

/** What a system gives to the processes that run in it. */
export interface ProcessParent {
  readonly system: ParentSystem;
  readonly life: Lifetime<unknown>;
  /** Of the processes that are notified of its end. */
  readonly children: NumberMap<Subscription>;
  readonly guestOs: (options: OperationOptions) => Promise<GuestOs>;
}
