// Who may change a file of Windows: for services that read what they are to do from one.
import { loadAddon } from '../backend/load.js';
import { quoted } from '../shortened.js';

/** One entry of an access list. */
export interface AccessEntry {
  /** A SID; empty for a kind of entry that is not to allow or to deny plainly. */
  readonly who: string;
  /** `ACE_HEADER.AceType`: 0 allows, 1 denies, 9 and 10 do under a condition. */
  readonly kind: number;
  /** `ACE_HEADER.AceFlags`: 8 is for what is made in the folder alone. */
  readonly flags: number;
  readonly rights: number;
}

/** The owner and the access list of a file or a folder. */
export interface FileProtection {
  readonly owner: string;
  /** None: everybody may do everything. */
  readonly entries: readonly AccessEntry[] | undefined;
}

/**
 * Reads owner and access list of a file or a folder; follows links. Waits for the file, as the synchronous functions of node:fs do.
 * Windows only.
 *
 * @throws Error when they cannot be read
 */
export function fileProtection(path: string): FileProtection {
  const { protectionOf } = loadAddon();
  if (protectionOf === undefined)
    throw new Error('Files have access lists on Windows only. Elsewhere look at their mode.');
  const found = protectionOf(path);
  if (typeof found === 'number') {
    throw new Error(`The access list of ${quoted(path)} cannot be read: 0x${(found >>> 0).toString(16).toUpperCase()}`);
  }
  const [owner, ...rest] = found;
  return { owner, entries: rest[0] === null ? undefined : entriesOf(rest) };
}

function entriesOf(values: readonly (string | number | null)[]): AccessEntry[] {
  const entries: AccessEntry[] = [];
  for (let at = 0; at < values.length; at += 4) {
    const [who, kind, flags, rights] = values.slice(at, at + 4) as [string, number, number, number];
    entries.push({ who, kind, flags, rights });
  }
  return entries;
}
