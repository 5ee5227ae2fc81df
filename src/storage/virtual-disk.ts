/**
 * Virtual disks: VHDX files by virtdisk.dll.
 *
 * @module
 */
import { unlink } from 'node:fs/promises';
import type { InspectOptions } from 'node:util';
import { inspect } from 'node:util';

import type { Input } from '../backend/backend.js';
import { HcsArgumentError } from '../errors/errors.js';
import { isGuid } from '../guid.js';
import { Lifetime } from '../host/handle-lifetime.js';
import { defaultHost, sessionOf } from '../host/host.js';
import { inspected } from '../host/inspection.js';
import type { HostOptions, Opened } from '../host/open-handle.js';
import { openHandle } from '../host/open-handle.js';
import { failureOf, run } from '../host/operation.js';
import type { OperationOptions } from '../host/operation-options.js';
import { readOperationOptions, throwIfAborted } from '../host/operation-options.js';
import type { Call } from '../host/pending-call.js';
import type { Session } from '../host/session.js';
import { remaining } from '../host/waits/deadlines.js';
import { DiskAttachment } from './disk-attachment.js';
import type { DiskInformation } from './disk-information.js';
import { toDiskInformation } from './disk-information.js';
import type {
  AttachDiskOptions,
  CreateDifferencingOptions,
  CreateDiskOptions,
  OpenDiskOptions,
} from './disk-options.js';
import {
  attachFlags,
  checkDiskPath,
  fullyAllocated,
  openFlags,
  readAttachOptions,
  readCreateOptions,
  readDifferencingOptions,
  readOpenOptions,
} from './disk-options.js';
import { namingParent, withParent } from './parent-errors.js';

type DiskFunction = 'OpenVirtualDisk' | 'CreateVirtualDisk';
type DiskCallName =
  | 'AttachVirtualDisk'
  | 'DetachVirtualDisk'
  | 'GetVirtualDiskPhysicalPath'
  | 'GetVirtualDiskInformation'
  | 'SetVirtualDiskInformation';
export type DiskHandle = Input<'DetachVirtualDisk'>['disk'];

const defaultBlockSize = 2 ** 20;

/**
 * The file of a virtual disk, open from create() or open() to close(). What is attached through it is detached by the close,
 * unless it was attached permanently. When it is garbage collected, it is closed with a warning.
 *
 * @example
 * import { mkdtemp } from 'node:fs/promises';
 * import { tmpdir } from 'node:os';
 * import { join } from 'node:path';
 * import { VirtualDisk } from 'hostcompute/storage';
 *
 * const folder = await mkdtemp(join(tmpdir(), 'disks-'));
 * await using base = await VirtualDisk.create(join(folder, 'base.vhdx'), { sizeGB: 20 });
 * await base.close();
 * await using disk = await VirtualDisk.createDifferencing(join(folder, 'disk.vhdx'), { parent: base.path });
 * await using attachment = await disk.attach();
 * console.log(await attachment.physicalPath()); // \\.\PhysicalDrive1
 */
export class VirtualDisk implements AsyncDisposable {
  /** The file of the disk. */
  readonly path: string;
  readonly #life: Lifetime<never>;

  private constructor(path: string, opened: Opened) {
    this.path = path;
    this.#life = new Lifetime(opened);
    this.#life.begin(this);
  }

  /**
   * Creates a disk. There must be no such file. When the call fails, times out or is cancelled, no file of its own is left
   * once the host has completed it.
   *
   * @param path - absolute, with the extension .vhdx
   */
  static async create(path: string, options: CreateDiskOptions): Promise<VirtualDisk> {
    const started = performance.now();
    checkDiskPath(path, 'path');
    const { options: read, size } = readCreateOptions(options);
    const { blockSizeBytes = defaultBlockSize, sectorSizeBytes = 0, physicalSectorSizeBytes = 0 } = read;
    const flags = read.type === 'fixed' ? fullyAllocated : 0;
    const parameters = [size, blockSizeBytes, sectorSizeBytes, physicalSectorSizeBytes, null, 0] as const;
    return VirtualDisk.#create(path, { flags, parameters }, read, started);
  }

  /**
   * Creates a disk that has in its file only what differs from its parent, and is as large. The rest is as with create().
   *
   * @param path - absolute, with the extension .vhdx
   */
  static async createDifferencing(path: string, options: CreateDifferencingOptions): Promise<VirtualDisk> {
    const started = performance.now();
    checkDiskPath(path, 'path');
    const read = readDifferencingOptions(options);
    const { parent, blockSizeBytes = defaultBlockSize } = read;
    const parameters = [0, blockSizeBytes, 0, 0, parent, openFlags.cachedIo] as const;
    try {
      return await VirtualDisk.#create(path, { flags: 0, parameters }, read, started);
    } catch (error) {
      // "Not found" may be said of either file.
      throw withParent(error, path, parent);
    }
  }

  /**
   * Opens a disk, and its parents.
   *
   * @param path - absolute, with the extension .vhdx
   */
  static async open(path: string, options: OpenDiskOptions = {}): Promise<VirtualDisk> {
    const started = performance.now();
    checkDiskPath(path, 'path');
    const read = readOpenOptions(options);
    const flags = read.ignoreRelativeParent === true ? openFlags.ignoreRelativeParentLocator : 0;
    const input = { path, access: 0, flags, readOnly: read.readOnly === true ? 1 : 0 };
    const session = await VirtualDisk.#begin('OpenVirtualDisk', path, read);
    const limits = remaining(read, started);
    return namingParent(session, path, flags, remaining(read, started), () =>
      VirtualDisk.#openThrough(session, 'OpenVirtualDisk', path, input, limits),
    );
  }

  static async #begin(name: DiskFunction, disk: string, options: HostOptions): Promise<Session> {
    throwIfAborted(name, { disk }, options);
    return sessionOf(options.host ?? (await defaultHost()), name);
  }

  static async #create(
    path: string,
    { flags, parameters }: Pick<Input<'CreateVirtualDisk'>, 'flags' | 'parameters'>,
    options: HostOptions,
    started: number,
  ): Promise<VirtualDisk> {
    const session = await VirtualDisk.#begin('CreateVirtualDisk', path, options);
    const input = { path, access: 0, flags, providerFlags: 0, parameters };
    // The file is there when the host has opened it, and cannot be deleted before that handle is closed.
    const removed = (): void => void unlink(path).catch(() => undefined);
    return VirtualDisk.#openThrough(session, 'CreateVirtualDisk', path, input, remaining(options, started), removed);
  }

  static #openThrough<F extends DiskFunction>(
    session: Session,
    name: F,
    path: string,
    input: Input<F>,
    options: OperationOptions,
    closed?: () => void,
  ): Promise<VirtualDisk> {
    return openHandle<F, VirtualDisk>({
      session,
      name,
      input,
      subject: { disk: path },
      options,
      make: (opened) => new VirtualDisk(path, opened),
      ...(closed !== undefined && { closed }),
    });
  }

  /** Whether close() was called. */
  get closed(): boolean {
    return this.#life.closed;
  }

  /** Sizes, type, id and parent of the disk. */
  async info(options: OperationOptions = {}): Promise<DiskInformation> {
    const call = this.#call('GetVirtualDiskInformation', {}, readOperationOptions(options));
    const { outputs } = await run(call);
    return toDiskInformation(outputs.information!);
  }

  /** Gives the disk another id. It has to be open for writing, and not attached. */
  async setId(id: string, options: OperationOptions = {}): Promise<void> {
    if (!isGuid(id)) throw new HcsArgumentError('id', 'must be a GUID', id);
    await run(this.#call('SetVirtualDiskInformation', { id: id.toLowerCase() }, readOperationOptions(options)));
  }

  /**
   * Attaches the disk: Windows sees it as a drive. When the call times out or is cancelled, it is detached once the host
   * has attached it.
   */
  async attach(options: AttachDiskOptions = {}): Promise<DiskAttachment> {
    const read = readAttachOptions(options);
    const { readOnly = false, permanent = false } = read;
    const call = this.#call('AttachVirtualDisk', { flags: attachFlags(read), providerFlags: 0 }, read);
    let waits = true;
    const settled: NonNullable<typeof call.settled> = (completion) => {
      if (!waits && completion !== undefined && failureOf(call, completion) === undefined) this.#detachUnowned();
    };
    try {
      await run({ ...call, settled });
    } catch (error) {
      waits = false;
      throw error;
    }
    return new DiskAttachment(this, readOnly, permanent);
  }

  // A close that is under way detaches what is not permanent.
  #detachUnowned(): void {
    if (!this.closed) void this.detach().catch(() => undefined);
  }

  /** Detaches the disk, whoever has attached it. */
  async detach(options: OperationOptions = {}): Promise<void> {
    await run(this.#call('DetachVirtualDisk', { flags: 0, providerFlags: 0 }, readOperationOptions(options)));
  }

  /** `\\.\PhysicalDriveN`, of a disk that is attached. */
  async physicalPath(options: OperationOptions = {}): Promise<string> {
    const { outputs } = await run(this.#call('GetVirtualDiskPhysicalPath', {}, readOperationOptions(options)));
    return outputs.path ?? '';
  }

  #call<F extends DiskCallName>(name: F, input: Omit<Input<F>, 'disk'>, options: OperationOptions): Call<F> {
    const life = this.#life;
    throwIfAborted(name, life.subject, options);
    return life.call(name, { ...input, disk: this.handle } as unknown as Input<F>, options);
  }

  /** @internal The handle, for the functions of `computestorage.dll` that take one. */
  get handle(): DiskHandle {
    return this.#life.handle as DiskHandle;
  }

  /** @internal What a call on the disk is made with. */
  get life(): Lifetime<never> {
    return this.#life;
  }

  /** Closes the file. close() is idempotent; one that failed may be called again. */
  async close(options: OperationOptions = {}): Promise<void> {
    await this.#life.close(options);
  }

  /** Same as close(). */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** The file and the state. */
  toJSON(): object {
    return { path: this.path, state: this.#life.state };
  }

  [inspect.custom](depth: number, options: InspectOptions): string {
    return inspected('VirtualDisk', this.toJSON(), depth, options);
  }
}
