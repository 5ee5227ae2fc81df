/**
 * A virtual disk that is attached, until it is detached.
 *
 * @module
 */
import type { InspectOptions } from 'node:util';
import { inspect } from 'node:util';

import { HcsError } from '../errors/errors.js';
import { inspected } from '../host/inspection.js';
import type { OperationOptions } from '../host/operation-options.js';
import { readOperationOptions } from '../host/operation-options.js';

/** The disk, as far as its attachment has to do with it. */
interface Attached {
  readonly path: string;
  readonly closed: boolean;
  physicalPath(options: OperationOptions): Promise<string>;
  detach(options: OperationOptions): Promise<void>;
}

/**
 * What {@link VirtualDisk.attach} returns. The end of an `await using` detaches the disk, as detach() and the close of the
 * disk do; a permanent one stays attached when the disk is closed.
 */
export class DiskAttachment implements AsyncDisposable {
  /** The file of the disk. */
  readonly path: string;
  readonly readOnly: boolean;
  readonly permanent: boolean;
  readonly #disk: Attached;
  #detached = false;

  /** @internal */
  constructor(disk: Attached, readOnly: boolean, permanent: boolean) {
    this.path = disk.path;
    this.readOnly = readOnly;
    this.permanent = permanent;
    this.#disk = disk;
  }

  /** `\\.\PhysicalDriveN`. */
  async physicalPath(options: OperationOptions = {}): Promise<string> {
    return this.#disk.physicalPath(options);
  }

  /** Detaches the disk. detach() is idempotent, also after the disk was closed; one that failed may be called again. */
  async detach(options: OperationOptions = {}): Promise<void> {
    options = readOperationOptions(options);
    if (this.#isOver()) return;
    try {
      await this.#disk.detach(options);
    } catch (error) {
      // Somebody else has detached it meanwhile, or a call of this method that timed out.
      const gone = this.#isOver() || (error instanceof HcsError && error.code === 'ERROR_NOT_FOUND');
      if (!gone) throw error;
    }
    this.#detached = true;
  }

  #isOver(): boolean {
    return this.#detached || (this.#disk.closed && !this.permanent);
  }

  /** Same as detach(). */
  [Symbol.asyncDispose](): Promise<void> {
    return this.detach();
  }

  /** The file, and how it is attached. */
  toJSON(): object {
    const { path, readOnly, permanent } = this;
    return { path, readOnly, permanent, state: this.#isOver() ? 'detached' : 'attached' };
  }

  [inspect.custom](depth: number, options: InspectOptions): string {
    return inspected('DiskAttachment', this.toJSON(), depth, options);
  }
}
