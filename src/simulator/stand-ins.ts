/**
 * Puts the DLLs of the simulated host where foreign programs find those of Windows, and takes them away again.
 *
 * @module
 */
import { copyFileSync, existsSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { findPlaces } from '../backend/binaries.js';
import { HcsArgumentError } from '../errors/errors.js';
import { catalogue } from './catalogue.js';
import type { Overrides } from './wine-prefix.js';
import { WinePrefix } from './wine-prefix.js';

/** The DLLs of Windows that have a stand-in. */
export const standIns = ['vmcompute', 'computecore', 'computenetwork', 'computestorage', 'virtdisk'] as const;

/** Where to, and what. */
export interface InstallOptions {
  /** A Wine prefix, or a folder: that of the program that is to load the DLLs. */
  readonly prefix?: string;
  readonly folder?: string;
  /** The command that runs a program in Wine. */
  readonly wine: string;
  /** The folder with the DLLs, instead of that of the package. */
  readonly from?: string;
  /** Their host is that of another process. */
  readonly remote: boolean;
  /** The path of a file of faults that has been checked. */
  readonly faults?: string;
}

/** What was installed in a folder. It is written before anything is changed. */
interface Installed {
  readonly files: readonly string[];
  /** As they were before. */
  readonly overrides?: Overrides;
}

const recordName = 'hostcompute-simulator.installed.json';
const keptAs = (file: string): string => `${file}.before-hostcompute`;

function recordIn(folder: string): Installed | undefined {
  const path = join(folder, recordName);
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Installed) : undefined;
}

interface Target {
  readonly folder: string;
  readonly prefix?: WinePrefix;
}

function targetOf({ prefix, folder, wine }: Pick<InstallOptions, 'prefix' | 'folder' | 'wine'>): Target {
  if ((prefix === undefined) === (folder === undefined)) throw new Error('Pass either --prefix DIR or --folder DIR.');
  if (prefix !== undefined) {
    const made = new WinePrefix(prefix, wine);
    return { folder: made.system, prefix: made };
  }
  if (!statSync(folder!, { throwIfNoEntry: false })?.isDirectory())
    throw new HcsArgumentError('--folder', 'must be a folder that exists', folder);
  return { folder: resolve(folder!) };
}

/** Where each file comes from. */
function sourcesOf({ from, remote, faults }: InstallOptions): Map<string, { copy: string } | { text: string }> {
  // Wine runs programs of x64 only.
  const platform = process.platform === 'win32' ? `win32-${process.arch}` : 'win32-x64';
  const state = remote ? 'hostcompute-remote' : 'hostcompute-simulator';
  const find = (file: string): { copy: string } => {
    const places = from === undefined ? findPlaces().ofPlatform(platform, file) : [resolve(from, file)];
    const found = places.find((path) => existsSync(path));
    if (found !== undefined) return { copy: found };
    const remedy =
      from === undefined && findPlaces().setting === 'clone' ? `: run "npm run prebuilds -- ${platform}"` : '';
    throw new Error(`${places.join(' and ')} ${places.length > 1 ? 'do' : 'does'} not exist${remedy}.`);
  };
  const files = new Map<string, { copy: string } | { text: string }>([[`${state}.dll`, find(`${state}.dll`)]]);
  for (const dll of standIns) files.set(`${dll}.dll`, find(`${state}-${dll}.dll`));
  if (!remote) files.set('hostcompute-simulator.catalogue.json', { text: `${JSON.stringify(catalogue())}\n` });
  if (faults !== undefined) files.set('hostcompute-simulator.faults.json', { text: readFileSync(faults, 'utf8') });
  return files;
}

// Renamed into place: a program that has the file loaded keeps what it has loaded.
function place(folder: string, name: string, source: { copy: string } | { text: string }): void {
  const fresh = join(folder, `${name}.new`);
  if ('copy' in source) copyFileSync(source.copy, fresh);
  else writeFileSync(fresh, source.text);
  renameSync(fresh, join(folder, name));
}

function remove(folder: string, name: string): boolean {
  const kept = join(folder, keptAs(name));
  if (existsSync(kept)) renameSync(kept, join(folder, name));
  else rmSync(join(folder, name), { force: true });
  return !existsSync(join(folder, name));
}

/** @returns what was done, in lines */
export function install(options: InstallOptions): string[] {
  const { folder, prefix } = targetOf(options);
  const sources = sourcesOf(options);
  const before = recordIn(folder);
  const overrides = before?.overrides ?? prefix?.overrides(standIns);
  const files = [...sources.keys()];
  const stale = (before?.files ?? []).filter((name) => !sources.has(name));
  const record = { files: [...files, ...stale], ...(overrides && { overrides }) };
  writeFileSync(join(folder, recordName), `${JSON.stringify(record)}\n`);
  for (const name of stale) remove(folder, name);
  const kept = files.filter((name) => {
    const isOurs = before?.files.includes(name) === true;
    if (!isOurs && existsSync(join(folder, name))) renameSync(join(folder, name), join(folder, keptAs(name)));
    place(folder, name, sources.get(name)!);
    return existsSync(join(folder, keptAs(name)));
  });
  writeFileSync(join(folder, recordName), `${JSON.stringify({ ...record, files })}\n`);
  prefix?.override(Object.fromEntries(standIns.map((dll) => [dll, 'native'])));
  return [
    `${before === undefined ? 'Installed' : 'Installed again'} in ${folder}: ${files.join(', ')}`,
    ...kept.map((name) => `${name} that was there is kept as ${keptAs(name)}`),
    ...(prefix ? [`DLL overrides of the prefix: ${standIns.join(', ')} are native`] : []),
    ...(options.remote ? ['Their host is the one that "hostcompute-simulator" serves in another process.'] : []),
  ];
}

/** @returns what was done, in lines */
export function uninstall(options: Pick<InstallOptions, 'prefix' | 'folder' | 'wine'>): string[] {
  const { folder, prefix } = targetOf(options);
  const before = recordIn(folder);
  if (before === undefined) return [`Nothing of hostcompute is installed in ${folder}`];
  const removed = before.files.map((name) => ({ name, gone: remove(folder, name) }));
  if (before.overrides !== undefined) prefix?.override(before.overrides);
  rmSync(join(folder, recordName));
  const restored = removed.filter(({ gone }) => !gone).map(({ name }) => name);
  return [
    `Removed from ${folder}: ${removed.map(({ name }) => name).join(', ')}`,
    ...(restored.length === 0 ? [] : [`Put back: ${restored.join(', ')}`]),
    ...(before.overrides === undefined ? [] : ['DLL overrides of the prefix are as they were']),
  ];
}
