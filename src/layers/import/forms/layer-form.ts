import type { LayerWriter } from './layer-writer.js';
import type { FileFinder, Pending } from '../pending-work.js';
import type { UtilityVM } from './utility-vm.js';

/** In which form a layer is written: that of the simulated host, or that of Windows. */
export interface LayerForm {
  readonly writer: LayerWriter;
  readonly utilityVM: UtilityVM;
  readonly isFileOf: FileFinder;
  /** Deletes and links in the layer, which is there, and gives its directories their times. */
  apply(pending: Pending, root: string): void;
}
