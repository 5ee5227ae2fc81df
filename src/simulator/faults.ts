/**
 * The catalogue of faults: failures of real hosts, as data for the simulated one.
 *
 * @module
 */
import { disks } from './faults/disks.js';
import { ending } from './faults/ending.js';
import { networks } from './faults/networks.js';
import { notifications } from './faults/notifications.js';
import { requests } from './faults/requests.js';
import { starting } from './faults/starting.js';
import { storage } from './faults/storage.js';
import { texts } from './faults/texts.js';

/** Every fault that `simulator.provoke()` knows, by name. */
export const faults = [
  ...starting,
  ...ending,
  ...requests,
  ...texts,
  ...notifications,
  ...networks,
  ...disks,
  ...storage,
] as const;

/** The name of a fault in the catalogue. */
export type FaultName = (typeof faults)[number]['name'];
