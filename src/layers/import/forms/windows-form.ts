// The form that Windows has layers in, and what is done in a layer when the host has made it.
import { openings } from '../../windows/openings.js';
import type { WindowsFiles } from '../../windows/windows-files.js';
import { attribute } from '../../windows/windows-files.js';
import type { LayerForm } from './layer-form.js';
import type { Pending } from '../pending-work.js';
import { about } from '../pending-work.js';
import type { ImportTask } from '../import-task.js';
import type { Plan } from '../plan.js';
import { UtilityVM } from './utility-vm.js';
import { WindowsSession } from './windows-session.js';
import { linkFile, WindowsVM } from './windows-vm.js';
import { WindowsWriter } from './windows-writer.js';

// IO_REPARSE_TAG_SYMLINK and IO_REPARSE_TAG_MOUNT_POINT: any other tag is of a file system filter.
const linkTags: readonly number[] = [0xa000000c, 0xa0000003];

export class WindowsForm implements LayerForm {
  readonly writer: WindowsWriter;
  readonly utilityVM: UtilityVM;
  readonly #session: WindowsSession;

  /** @param open - where files of Windows come from */
  constructor(task: Pick<ImportTask, 'root' | 'utilityVMRoot' | 'parents'>, plan: Plan, open?: () => WindowsFiles) {
    this.#session = new WindowsSession(task, open);
    this.writer = new WindowsWriter(this.#session, plan);
    this.utilityVM = new UtilityVM(new WindowsVM(this.#session), task.parents);
  }

  readonly isFileOf = (parent: string, path: string): boolean => {
    using root = this.#session.begin().openRoot(parent);
    using file = root.find(path, openings.look);
    if (file === undefined) return false;
    const { attributes, reparseTag } = file.info();
    // The filter's reparse points stand for the file of a layer further below.
    return (attributes & attribute.directory) === 0 && (reparseTag === 0 || linkTags.includes(reparseTag));
  };

  apply({ deletions, links }: Pending, path: string): void {
    const files = this.#session.begin();
    try {
      const root = files.openRoot(path);
      for (const each of deletions) {
        using file = root.find(each, openings.remove);
        file?.remove();
      }
      for (const { path: name, target, parent, entry } of links) {
        about(entry, () => {
          using from = parent === undefined ? undefined : files.openRoot(parent);
          using before = root.find(name, openings.remove);
          before?.remove();
          before?.[Symbol.dispose]();
          linkFile(from ?? root, target, root, name);
        });
      }
      for (const [name, { times, attributes }] of [...this.#session.directories].reverse()) {
        using folder = root.find(name, openings.folderTimes);
        folder?.setInfo(times, attributes);
      }
      root[Symbol.dispose]();
    } finally {
      this.#session.end();
    }
  }
}
