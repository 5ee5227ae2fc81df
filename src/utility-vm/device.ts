/**
 * What a device of a virtual machine is to those who attach it.
 *
 * @module
 */
import type { ModifyRequest } from '../../types/documents.js';

/** A device that comes and goes while the machine runs. Nothing is done before {@link Device.add} is sent. */
export interface Device<Place extends object> {
  /** As the methods of the machine name it, such as `addScsi`. */
  readonly operation: string;
  /** Two of the same key are one device, which is counted; undefined: each is a device of its own. */
  readonly key?: string;
  /** How it is attached. Those of one key have to agree. */
  readonly mode?: string;
  /** Takes a place that is free. Throws when there is none. */
  take(): Place;
  /** Gives it back, once nothing is there any more. */
  free(place: Place): void;
  add(place: Place): ModifyRequest;
  remove(place: Place): ModifyRequest;
}
