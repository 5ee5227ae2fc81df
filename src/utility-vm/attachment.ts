/**
 * A device that is attached to a virtual machine.
 *
 * @module
 */
import type { OperationOptions } from '../host/operation-options.js';
import { readOperationOptions } from '../host/operation-options.js';

/** What an `add...()` of a {@link UtilityVm} has attached, until it is removed. */
export class Attachment<Place extends object> {
  /** Where it is, as host and guest know it. */
  readonly place: Place;
  readonly #operation: string;
  readonly #remove: (options: OperationOptions) => Promise<void>;
  #isRemoved = false;

  /** @internal */
  constructor(operation: string, place: Place, remove: (options: OperationOptions) => Promise<void>) {
    this.place = place;
    this.#operation = operation;
    this.#remove = remove;
  }

  /** Whether {@link remove} has succeeded. */
  get isRemoved(): boolean {
    return this.#isRemoved;
  }

  /**
   * Takes it off: in the guest, where the host is connected to it, and then off the machine. Where others have the same
   * device, it stays for them. What is gone, by itself or with the machine, counts as removed. One that failed may be tried again.
   */
  async remove(options: OperationOptions = {}): Promise<void> {
    options = readOperationOptions(options);
    await this.#remove(options);
    this.#isRemoved = true;
  }

  /** Same as remove(). */
  [Symbol.asyncDispose](): Promise<void> {
    return this.remove();
  }

  toJSON(): object {
    return { attachedBy: this.#operation, place: this.place, isRemoved: this.#isRemoved };
  }
}
