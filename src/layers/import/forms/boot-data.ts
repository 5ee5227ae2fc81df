// The boot data of a utility VM, which ProcessUtilityImage edits in place, and where the archive's own are kept.
import { folded } from '../../formats/entry-name.js';

const copies = new Map(
  ['BCD', 'BCD.LOG', 'BCD.LOG1', 'BCD.LOG2'].map((name) => [
    folded(`UtilityVM/Files/EFI/Microsoft/Boot/${name}`),
    `${name.toLowerCase()}.bak`,
  ]),
);

/** The name of the file that keeps what the archive has of it, `undefined` for a path that is no boot data. */
export function copyOfBootData(path: string): string | undefined {
  return copies.get(folded(path));
}
