// What stands in for the files of Windows on any system: content is on the disk, and what NTFS keeps beside it in records.
import {
  closeSync,
  existsSync,
  ftruncateSync,
  linkSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { basename, join } from 'node:path';

import type { NativeFiles } from '#dist/backend/native-files.js';

import { Records, splitStream, streamsOf } from './windows-records.js';
import type { FileRecord } from './windows-records.js';

export const status = {
  accessDenied: 0xc0000022 | 0,
  nameInvalid: 0xc0000033 | 0,
  notFound: 0xc0000034 | 0,
  noPath: 0xc000003a | 0,
  collision: 0xc0000035 | 0,
  notEmpty: 0xc0000101 | 0,
  notADirectory: 0xc0000103 | 0,
  reparsePoint: 0xc000050b | 0,
  privilegeNotHeld: 0xc0000061 | 0,
  diskFull: 0x80070070 | 0,
} as const;

const access = { write: 0x40000000, remove: 0x10000, security: 0x1000000, writeAttributes: 0x100 };
const fresh = 2;
const directory = 1;
const itself = 0x200000;

interface Open {
  readonly place: string;
  /** Below the root that it was opened by. */
  readonly path: string;
  readonly access: number;
  readonly isRoot: boolean;
  readonly descriptor: number | undefined;
  written: Buffer[];
  read: Buffer | undefined;
  position: number;
  isGone: boolean;
}

/** How often each bit of privileges is held in this process. */
const held = new Map<number, number>();

/** The calls of one import or export, and how many of them are left before one fails. */
export interface CallLog {
  readonly calls: string[];
  failAt?: number;
}

/** Fails, refuses and counts as Windows would, as far as an import and an export see it. */
export class StandInFiles implements NativeFiles {
  readonly #log: CallLog;
  /** Bits of privileges that the process does not have. */
  missing = 0;
  system = 'NTFS';
  readonly records: Records;
  readonly #open = new Map<number, Open>();
  #last = 0;
  #privileges = 0;

  constructor(records = new Records(), log: CallLog = { calls: [] }) {
    this.records = records;
    this.#log = log;
  }

  /** Every call, such as `open Files/a`. */
  get calls(): readonly string[] {
    return this.#log.calls;
  }

  /** The call of this number fails, counted from 1. */
  set failAt(call: number) {
    this.#log.failAt = call;
  }

  /** Files that are open. */
  get openFiles(): string[] {
    return [...this.#open.values()].map(({ path }) => path);
  }

  /** Whether any privilege is enabled in this process. */
  static get hasPrivileges(): boolean {
    return [...held.values()].some((count) => count > 0);
  }

  acquire(privileges: number): number {
    if (this.#fails(`acquire ${privileges}`)) return status.diskFull;
    const missing = privileges & this.missing;
    if (missing !== 0) return missing;
    for (const bit of bitsOf(privileges & ~this.#privileges)) held.set(bit, (held.get(bit) ?? 0) + 1);
    this.#privileges |= privileges;
    return 0;
  }

  end(): void {
    this.#log.calls.push('end');
    for (const file of [...this.#open.keys()]) this.close(file);
    for (const bit of bitsOf(this.#privileges)) held.set(bit, held.get(bit)! - 1);
    this.#privileges = 0;
  }

  openRoot(path: string): number {
    const place = path.replace(/^\\\\\?\\/, '');
    if (this.#fails(`openRoot ${basename(place)}`)) return status.diskFull;
    if (!existsSync(place)) return status.notFound;
    return this.#add({ place, path: '', access: 0, isRoot: true, descriptor: undefined });
  }

  open(root: number, path: string, wanted: number, _share: number, disposition: number, options: number): number {
    if (this.#fails(`${disposition === fresh ? 'create' : 'open'} ${path}`)) return status.diskFull;
    if (path.split('/').some((part) => /^\.{0,2}$|[:\\]/.test(part))) return status.nameInvalid;
    if ((wanted & access.security) !== 0 && (this.#privileges & 4) === 0) return status.privilegeNotHeld;
    const base = this.#open.get(root)!;
    const place = join(base.place, path);
    const wrong = this.#wrongOnTheWay(base.place, path) ?? this.#wrongThere(place, disposition, options);
    if (wrong !== undefined) return wrong;
    const isFolder = (options & directory) !== 0;
    if (disposition === fresh && isFolder) mkdirSync(place);
    const isWritten = !isFolder && (wanted & access.write) !== 0 && !(existsSync(place) && isDirectory(place));
    const descriptor = isWritten ? openSync(place, disposition === fresh ? 'wx+' : 'r+') : undefined;
    if (disposition === fresh) this.records.make(place, isFolder);
    return this.#add({ place, path, access: wanted, isRoot: false, descriptor });
  }

  close(file: number): void {
    const open = this.#open.get(file);
    if (open === undefined) return;
    this.#log.calls.push(`close ${open.path}`);
    this.#open.delete(file);
    if (open.descriptor !== undefined) closeSync(open.descriptor);
    if (!open.isGone) return;
    if (isDirectory(open.place)) rmdirSync(open.place);
    else rmSync(open.place);
  }

  write(file: number, bytes: Uint8Array): number {
    const { path, descriptor } = this.#open.get(file)!;
    if (this.#fails(`write ${path} ${bytes.length}`)) return status.diskFull;
    return writeSync(descriptor!, bytes);
  }

  backupWrite(file: number, bytes: Uint8Array, withSecurity: boolean): number {
    const open = this.#open.get(file)!;
    if (this.#fails(`backupWrite ${open.path} ${bytes.length}`)) return status.diskFull;
    if (withSecurity && (open.access & 0xc0000) !== 0xc0000) return status.accessDenied;
    if ((this.#privileges & 2) === 0) return status.privilegeNotHeld;
    open.written.push(Buffer.from(bytes));
    return bytes.length;
  }

  backupRead(file: number, bytes: Uint8Array, withSecurity: boolean): number {
    const open = this.#open.get(file)!;
    if (this.#fails(`backupRead ${open.path}`)) return status.diskFull;
    if ((this.#privileges & 1) === 0) return status.privilegeNotHeld;
    open.read ??= streamsOf(this.records.of(open.place), contentOf(open.place), withSecurity);
    const length = open.read.copy(bytes, 0, open.position);
    open.position += length;
    return length;
  }

  backupSkip(file: number, count: number): number {
    const open = this.#open.get(file)!;
    if (this.#fails(`backupSkip ${open.path}`)) return status.diskFull;
    // It goes on in one stream, and not beyond.
    const { starts } = splitStream(open.read!);
    const next = [...starts, open.read!.length].find((start) => start > open.position) ?? open.position;
    const length = Math.min(count, next - open.position);
    open.position += length;
    return length;
  }

  backupEnd(file: number): void {
    const open = this.#open.get(file)!;
    this.#log.calls.push(`backupEnd ${open.path}`);
    open.read = undefined;
    open.position = 0;
    if (open.written.length === 0) return;
    const { data, before, after, tag } = splitStream(Buffer.concat(open.written));
    open.written = [];
    if (data !== undefined && open.descriptor !== undefined) {
      ftruncateSync(open.descriptor);
      writeSync(open.descriptor, data, 0, data.length, 0);
    }
    const record = this.records.of(open.place);
    this.records.change(open.place, { ...record, before, after, tag, hasData: data !== undefined });
  }

  setInfo(file: number, info: Uint8Array): number {
    const open = this.#open.get(file)!;
    const bytes = Buffer.from(info);
    const attributes = bytes.readUInt32LE(32);
    if (this.#fails(`setInfo ${open.path} ${attributes}`)) return status.diskFull;
    if ((open.access & (access.write | access.writeAttributes)) === 0) return status.accessDenied;
    const record = this.records.of(open.place);
    const times = [0, 8, 16, 24].map((at) => String(bytes.readBigInt64LE(at)));
    this.records.change(open.place, { ...record, times, attributes: attributes || record.attributes });
    return 0;
  }

  info(file: number, info: Uint8Array): number {
    const { place, path } = this.#open.get(file)!;
    if (this.#fails(`info ${path}`)) return status.diskFull;
    const bytes = Buffer.from(info.buffer, info.byteOffset, info.length);
    const record = this.records.of(place);
    const { size, nlink, ino } = statSync(place);
    const links = isDirectory(place) ? 1 : nlink;
    record.times.forEach((time, at) => bytes.writeBigInt64LE(BigInt(time), 8 * at));
    bytes.writeUInt32LE(attributesOf(record), 32);
    bytes.writeBigUInt64LE(BigInt(size), 40);
    bytes.writeUInt32LE(links, 48);
    bytes.writeUInt32LE(record.tag, 52);
    bytes.fill(0, 56);
    if (links > 1) bytes.writeBigUInt64LE(BigInt(ino), 56);
    return 0;
  }

  link(file: number, folder: number, name: string): number {
    const from = this.#open.get(file)!;
    const to = this.#open.get(folder)!;
    const place = join(to.place, name);
    if (this.#fails(`link ${from.path} ${join(to.path, name).replaceAll('\\', '/')}`)) return status.diskFull;
    if (existsSync(place)) return status.collision;
    linkSync(from.place, place);
    return 0;
  }

  remove(file: number): number {
    const open = this.#open.get(file)!;
    if (this.#fails(`remove ${open.path}`)) return status.diskFull;
    if ((open.access & access.remove) === 0) return status.accessDenied;
    if (isDirectory(open.place) && readdirSync(open.place).length > 0) return status.notEmpty;
    open.isGone = true;
    return 0;
  }

  list(folder: number): (string | number)[] | number {
    const { place, path } = this.#open.get(folder)!;
    if (this.#fails(`list ${path}`)) return status.diskFull;
    return readdirSync(place).flatMap((name) => [name, attributesOf(this.records.of(join(place, name)))]);
  }

  fileSystem(): string | number {
    return this.#fails('fileSystem') ? status.diskFull : this.system;
  }

  attachDisk(path: string): number {
    if (this.#fails(`attachDisk ${basename(path)}`)) return status.diskFull;
    return this.#add({ place: path, path: basename(path), access: 0, isRoot: true, descriptor: undefined });
  }

  extendVolume(path: string): number {
    return this.#fails(`extendVolume ${path}`) ? status.diskFull : 1;
  }

  #fails(call: string): boolean {
    this.#log.calls.push(call);
    if (this.#log.failAt === undefined) return false;
    this.#log.failAt -= 1;
    return this.#log.failAt === 0;
  }

  #add(open: Pick<Open, 'place' | 'path' | 'access' | 'isRoot' | 'descriptor'>): number {
    this.#last += 1;
    this.#open.set(this.#last, { ...open, written: [], read: undefined, position: 0, isGone: false });
    return this.#last;
  }

  #wrongOnTheWay(root: string, path: string): number | undefined {
    const parts = path.split('/').slice(0, -1);
    for (let depth = 1; depth <= parts.length; depth++) {
      const place = join(root, ...parts.slice(0, depth));
      if (!existsSync(place)) return status.noPath;
      if (this.records.of(place).tag !== 0) return status.reparsePoint;
    }
    return undefined;
  }

  #wrongThere(place: string, disposition: number, options: number): number | undefined {
    if (disposition === fresh) return existsInAnyCase(place) ? status.collision : undefined;
    if (!existsSync(place)) return status.notFound;
    if ((options & directory) !== 0 && !isDirectory(place)) return status.notADirectory;
    const isReparsePoint = this.records.of(place).tag !== 0;
    return isReparsePoint && (options & itself) === 0 ? status.reparsePoint : undefined;
  }
}

function attributesOf({ isFolder, attributes, tag }: FileRecord): number {
  return (attributes & ~0x410) | (isFolder ? 0x10 : 0) | (tag !== 0 ? 0x400 : 0);
}

const bitsOf = (bits: number): number[] => [1, 2, 4].filter((bit) => (bits & bit) !== 0);
const isDirectory = (place: string): boolean => statSync(place).isDirectory();
const contentOf = (place: string): Buffer => (isDirectory(place) ? Buffer.alloc(0) : readFileSync(place));

function existsInAnyCase(place: string): boolean {
  const name = basename(place).toUpperCase();
  return readdirSync(join(place, '..')).some((each) => each.toUpperCase() === name);
}
