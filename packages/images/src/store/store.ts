/**
 * The folder of an image store, opened: what works on it shares this.
 *
 * @module
 */
import type { LayerStore } from 'hostcompute';

import type { StoreRecords } from './image-records.js';
import { recordsOf } from './image-records.js';
import type { Layout } from './layout.js';
import { Leases } from './leases.js';
import { Locks } from './locks.js';

export interface Store {
  readonly layout: Layout;
  readonly locks: Locks;
  readonly records: StoreRecords;
  readonly leases: Leases;
  readonly layers: LayerStore;
}

/** Who has it may change records, and delete what nothing needs. */
export const storeLock = 'store';

export function storeOf(layout: Layout, layers: LayerStore): Store {
  const locks = new Locks(layout.locks);
  return { layout, locks, records: recordsOf(layout), leases: new Leases(layout, locks), layers };
}
