// Paths of Windows that are held open: what a service may pass on for a client that names them.
import { loadAddon } from '../backend/load.js';
import type { NativeHeld, NativeHeldPath } from '../backend/native-files.js';
import { quoted } from '../shortened.js';

/** How a path is held. */
export interface HoldPathOptions {
  /** The last name has to be a folder, and is kept from being renamed and deleted as those before it are. Default: false. */
  readonly folder?: boolean;
  /** The last name may lack. Default: false. */
  readonly mayLack?: boolean;
}

/**
 * A path that is held open: every folder from the drive on, which nobody can rename or delete meanwhile. A file at the end is not
 * kept from it, as the storage stack opens disks without sharing them.
 */
export interface HeldPath {
  /** The final name, such as `D:\\layers\\base`. */
  readonly path: string;
  /** The volume and the number of the file: another file has another one. That of its folder where the last name lacks. */
  readonly identity: string;
  readonly kind: 'folder' | 'file' | 'missing';
  /** How many names the file has. */
  readonly links: number;
  /** Whether a folder on the way takes names for two that differ by case alone. */
  readonly caseSensitive: boolean;
  /** Closes all of it. Idempotent. */
  release(): void;
}

/** Why a path is not held. */
export type HeldPathReason = 'missing' | 'link' | 'notFolder' | 'inUse' | 'denied' | 'other';

const reasons: Readonly<Record<number, HeldPathReason>> = {
  0xc0000022: 'denied',
  0x80070005: 'denied',
  0xc0000034: 'missing',
  0xc000003a: 'missing',
  0x80070002: 'missing',
  0x80070003: 'missing',
  0xc0000043: 'inUse',
  0x80070020: 'inUse',
  0xc0000103: 'notFolder',
  0xc000050b: 'link',
};

const meanings: Readonly<Record<HeldPathReason, string>> = {
  missing: 'it does not exist',
  link: 'it is a link, a junction or a mount point',
  notFolder: 'it is not a folder',
  inUse: 'another program has it open without sharing it, or so that it can rename it',
  denied: 'access was denied',
  other: 'it failed',
};

/** A path could not be held. */
export class HeldPathError extends Error {
  readonly reason: HeldPathReason;
  /** An NTSTATUS or HRESULT, unsigned. */
  readonly status: number;

  static {
    this.prototype.name = 'HeldPathError';
  }

  /** @param name - that of the path which could not be opened */
  constructor(name: string, status: number) {
    const reason = reasons[status >>> 0] ?? 'other';
    super(`holding ${quoted(name)}: ${meanings[reason]} (0x${(status >>> 0).toString(16).toUpperCase()})`);
    this.reason = reason;
    this.status = status >>> 0;
  }
}

/**
 * Opens a path of a drive of this machine, one name after the other, and holds it. No link is followed, and no name is changed: what
 * Win32 makes of dots, blanks and devices in a name is not made of it. Windows only.
 *
 * @param root - where the path begins, such as `D:\\layers`; its names are opened as the others
 * @param names - the names from there
 * @throws HeldPathError when a name cannot be opened, or is a link
 */
export async function holdPath(
  root: string,
  names: readonly string[],
  options: HoldPathOptions = {},
): Promise<HeldPath> {
  const { drive, folders } = partsOf(root);
  const all = [...folders, ...names];
  const native = newHeldPath();
  try {
    const held = await native.hold(drive, all, options.folder ?? all.length === 0, options.mayLack ?? false);
    const [status, at] = held;
    if (status < 0) throw new HeldPathError(at === 0 ? `${drive}:\\` : all[at - 1]!, status);
    return heldPath(native, held);
  } catch (error) {
    native.release();
    throw error;
  }
}

function partsOf(root: string): { drive: string; folders: string[] } {
  if (!/^[A-Za-z]:\\/.test(root)) {
    throw new TypeError(`"root" must begin with a drive, a colon and a backslash; received ${quoted(root)}.`);
  }
  const rest = root.slice(3);
  return { drive: root.charAt(0), folders: rest === '' ? [] : rest.split('\\') };
}

function newHeldPath(): NativeHeldPath {
  const { HeldPath: Native } = loadAddon();
  if (Native === undefined)
    throw new Error('Paths can be held on Windows only. Elsewhere the simulated host needs none.');
  return new Native();
}

const directory = 0x10;

function heldPath(
  native: NativeHeldPath,
  [, , path, identity, attributes, links, found, caseSensitive]: NativeHeld,
): HeldPath {
  const kind = (attributes & directory) === 0 ? 'file' : 'folder';
  return {
    path,
    identity,
    kind: found ? kind : 'missing',
    links,
    caseSensitive,
    release: () => native.release(),
  };
}
