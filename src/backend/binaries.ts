/**
 * The binaries of this package: where they may be, and which machine one was built for.
 *
 * @module
 */
import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { codeFile } from './code-file.js';
import { isThere, mayNotRead } from './permissions.js';

export const platform = `${process.platform}-${process.arch}`;

/** The platforms for which the published package has binaries. */
export const prebuilt = ['win32-x64', 'win32-arm64', 'linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64'];

/** How this code was brought here: as the published package, as a clone of its repository, or in the bundle of a program. */
export type Setting = 'package' | 'clone' | 'bundle';

export interface Places {
  readonly setting: Setting;
  /** The file that this code is in. */
  readonly code: string;
  /** Where a binary may be, the likeliest first. */
  of(file: string): string[];
  /** Where one of another platform may be. */
  ofPlatform(platform: string, file: string): string[];
}

export function findPlaces(): Places {
  const code = codeFile(import.meta.url);
  const here = dirname(code);
  const above = [join(here, '..'), join(here, '..', '..')];
  const root = above.find(isThisPackage);
  if (root === undefined) {
    const folders = [here, join(here, 'prebuilds', platform)];
    const ofPlatform = prebuiltIn([here]);
    const unknown = above.find((folder) => mayNotRead(join(folder, 'package.json')));
    if (unknown === undefined) return { setting: 'bundle', code, of: (file) => inside(folders, file), ofPlatform };
    // Most likely it is that of the package.
    const all = [join(unknown, 'prebuilds', platform), ...folders];
    return { setting: 'package', code, of: (file) => inside(all, file), ofPlatform: prebuiltIn([unknown, here]) };
  }
  const clone = isThere(join(root, 'binding.gyp'));
  const folders = [...roots(root)].flatMap((each) => [
    // What was built last in a clone, and not what was packed from it before.
    ...(clone ? [join(each, 'build', 'Release')] : []),
    join(each, 'prebuilds', platform),
  ]);
  const ofPlatform = prebuiltIn([...roots(root)]);
  return { setting: clone ? 'clone' : 'package', code, of: (file) => inside(folders, file), ofPlatform };
}

const prebuiltIn =
  (folders: readonly string[]) =>
  (of: string, file: string): string[] =>
    folders.map((folder) => join(folder, 'prebuilds', of, file));

const inside = (folders: readonly string[], file: string): string[] => folders.map((folder) => join(folder, file));

function isThisPackage(folder: string): boolean {
  try {
    const { name } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { name?: unknown };
    return name === 'hostcompute';
  } catch {
    return false;
  }
}

// Electron shows what is in an archive as files, but no system loads a library from one: they have to be unpacked.
function roots(root: string): Set<string> {
  return new Set([root.replace(/\.asar(?=[\\/])/, '.asar.unpacked'), root]);
}

const elf: Readonly<Record<number, string>> = {
  0x3e: 'x64',
  0xb7: 'arm64',
  0x03: 'ia32',
  0x28: 'arm',
  0xf3: 'riscv64',
};
const pe: Readonly<Record<number, string>> = { 0x8664: 'x64', 0xaa64: 'arm64', 0x014c: 'ia32' };
const machO: Readonly<Record<number, string>> = { 0x01000007: 'x64', 0x0100000c: 'arm64' };

/** The platform a library was built for, such as `linux-arm64`, as its beginning says; undefined where it is none. */
export function builtFor(header: Buffer): string | undefined {
  if (header.length < 64) return undefined;
  if (header.readUInt32BE(0) === 0x7f454c46) return `linux-${elf[header.readUInt16LE(18)] ?? 'unknown'}`;
  if (header.readUInt32LE(0) === 0xfeedfacf) return `darwin-${machO[header.readUInt32LE(4)] ?? 'unknown'}`;
  const offset = header.toString('latin1', 0, 2) === 'MZ' ? header.readUInt32LE(60) : header.length;
  if (offset + 6 > header.length || header.readUInt32BE(offset) !== 0x50450000) return undefined;
  return `win32-${pe[header.readUInt16LE(offset + 4)] ?? 'unknown'}`;
}

/** As much of a file as {@link builtFor} looks at. */
export function beginning(path: string): Buffer {
  const file = openSync(path, 'r');
  try {
    const buffer = Buffer.alloc(4096);
    return buffer.subarray(0, readSync(file, buffer));
  } finally {
    closeSync(file);
  }
}

/** Why a file that is there is no library for this machine; undefined where its header is right. */
export function misfit(path: string): string | undefined {
  // Other systems than these three use the format of Linux, or one of their own.
  if (!['win32', 'linux', 'darwin'].includes(process.platform)) return undefined;
  let built;
  try {
    built = builtFor(beginning(path));
  } catch (error) {
    return (error as Error).message;
  }
  if (built === platform) return undefined;
  return built === undefined ? 'it is not a native library' : `it was built for ${built}`;
}
