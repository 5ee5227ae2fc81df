// The form of the simulated host: the transport form, base layers and utility VMs included, on any file system.
import { linkSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { sideFileSuffix } from '../../formats/entry-name.js';
import type { LayerForm } from './layer-form.js';
import type { Pending } from '../pending-work.js';
import { about } from '../pending-work.js';
import { lookUp } from './places.js';
import { PortableVM } from './portable-vm.js';
import { PortableWriter } from './portable-writer.js';
import type { ImportTask } from '../import-task.js';
import type { Plan } from '../plan.js';
import { UtilityVM } from './utility-vm.js';

type Places = Pick<ImportTask, 'root' | 'utilityVMRoot' | 'parents'>;

export class PortableForm implements LayerForm {
  readonly writer: PortableWriter;
  readonly utilityVM: UtilityVM;

  constructor({ root, utilityVMRoot, parents }: Places, plan: Plan) {
    this.writer = new PortableWriter({ root, utilityVMRoot }, plan);
    this.utilityVM = new UtilityVM(new PortableVM(utilityVMRoot, root), parents);
  }

  isFileOf(parent: string, path: string): boolean {
    const found = lookUp(parent, path);
    // A file without even its attributes stands for that of a layer further below.
    return found?.isFile() === true && found.size > 0;
  }

  apply({ deletions, links }: Pending, root: string): void {
    const placeOf = (path: string): string => join(root, path);
    for (const path of deletions) {
      if (lookUp(root, path) !== undefined) rmSync(placeOf(path), { recursive: true });
      if (lookUp(root, path + sideFileSuffix) !== undefined) rmSync(placeOf(path + sideFileSuffix));
    }
    for (const { path, target, parent, entry } of links) {
      about(entry, () => {
        rmSync(placeOf(path), { force: true });
        linkSync(join(parent ?? root, target), placeOf(path));
      });
    }
  }
}
