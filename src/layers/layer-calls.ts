/**
 * What the import and the export of layers need of a store.
 *
 * @module
 */
import type { HostKind } from '../host/host-choice.js';

/**
 * The storage calls of a host, on the layers of one folder. Parents are the ids of layers in that folder, or absolute
 * paths of others: first the immediate parent, last the base.
 */
export interface LayerCalls {
  /** Of what kind the host is: `windows`, `simulated` ... Layers of Windows are not written as those of the others are. */
  readonly hostKind?: HostKind;
  /** The folder that the layers are in. */
  readonly folder: string;
  /** The folder of a layer. */
  pathOf(id: string): string;
  /** Makes a layer of the transport form in `folder`. */
  import(id: string, folder: string, parents: readonly string[]): Promise<void>;
  /** Writes the transport form of a layer into `folder`, which exists. */
  export(id: string, folder: string, parents: readonly string[]): Promise<void>;
  /** Finishes a base layer whose files are in place: `path` is its folder. */
  processBaseImage(path: string): Promise<void>;
  /** The same for the folder `UtilityVM` of a base layer. */
  processUtilityImage(path: string): Promise<void>;
  /** Attaches the disk of a scratch layer. */
  activate(id: string): Promise<void>;
  /** Joins an active layer with its parents. */
  prepare(id: string, parents: readonly string[]): Promise<void>;
  /** Undoes `prepare`. */
  unprepare(id: string): Promise<void>;
  /** Undoes `activate`. */
  deactivate(id: string): Promise<void>;
  /** Deletes a layer with all its files. */
  destroy(id: string): Promise<void>;
}
