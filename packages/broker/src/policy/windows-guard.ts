/**
 * Looks at who could have written the policy on Windows: at owner and access list of its file, and of each folder above it, as whoever
 * can rename a folder can put another file in its place.
 *
 * @module
 */
import { realpathSync } from 'node:fs';
import { win32 } from 'node:path';

import type { AccessEntry, FileProtection } from 'hostcompute/remote';
import { fileProtection } from 'hostcompute/remote';

// SYSTEM, Administrators, TrustedInstaller; and the rights that the owner, who is one of these, has by being it.
const trusted = new Set([
  'S-1-5-18',
  'S-1-5-32-544',
  'S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464',
  'S-1-3-4',
]);

const removing = 0x1_0000; // DELETE
const owning = 0x4_0000 | 0x8_0000 | 0x1000_0000; // WRITE_DAC, WRITE_OWNER, GENERIC_ALL
const writing = owning | removing | 0x2 | 0x4 | 0x4000_0000; // FILE_WRITE_DATA, FILE_APPEND_DATA, GENERIC_WRITE
// To rename what is in a folder. Nobody can rename a drive itself.
const replacingInDrive = owning | 0x40; // FILE_DELETE_CHILD
const replacing = replacingInDrive | removing;

const Kind = { allow: 0, deny: 1, allowIf: 9, denyIf: 10 } as const;
const inheritOnly = 0x8;

/** What of the system the guard asks; other than that of this machine in tests. */
export interface WindowsGuardSystem {
  readonly protectionOf: (path: string) => FileProtection;
  readonly finalPathOf: (path: string) => string;
}

const thisMachine: WindowsGuardSystem = { protectionOf: fileProtection, finalPathOf: realpathSync.native };

/**
 * Refuses a file that anybody but SYSTEM, Administrators and TrustedInstaller could have written.
 *
 * @throws Error that names the file or folder, and who may change it
 */
export function windowsGuard(path: string, system: WindowsGuardSystem = thisMachine): void {
  if (!win32.isAbsolute(path)) throw new Error(`${path} must be an absolute path.`);
  if (system.finalPathOf(path).toLowerCase() !== win32.normalize(path).toLowerCase())
    throw new Error(`${path} must not be reached by a link, nor by a short name.`);
  check(path, writing, system);
  for (let folder = win32.dirname(path); ; folder = win32.dirname(folder)) {
    const isDrive = folder === win32.dirname(folder);
    check(folder, isDrive ? replacingInDrive : replacing, system);
    if (isDrive) return;
  }
}

function check(path: string, rights: number, { protectionOf }: WindowsGuardSystem): void {
  const { owner, entries } = protectionOf(path);
  const remedy = 'Give it to Administrators, and let others read it at most (icacls).';
  if (!trusted.has(owner)) throw new Error(`${path} must belong to an administrator; its owner is ${owner}. ${remedy}`);
  if (entries === undefined) throw new Error(`${path} must have an access list. ${remedy}`);
  const wrong = entries.find((entry) => grants(entry, rights));
  if (wrong !== undefined) throw new Error(`${path} must not be for others to change; ${named(wrong)} may. ${remedy}`);
}

function grants({ who, kind, flags, rights: granted }: AccessEntry, rights: number): boolean {
  if ((flags & inheritOnly) !== 0 || kind === Kind.deny || kind === Kind.denyIf) return false;
  // A kind that is not known here could grant anything to anybody.
  if (kind !== Kind.allow && kind !== Kind.allowIf) return true;
  return !trusted.has(who) && (granted & rights) !== 0;
}

function named({ who, kind }: AccessEntry): string {
  return who === '' ? `whom an entry of kind ${kind} names` : who;
}
