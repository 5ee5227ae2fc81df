/**
 * Attaches devices and takes them off again. A device that is attached twice is there once, and counted. What the host has not
 * answered stays in its place until it has, and is taken off then if nobody wants it.
 *
 * @module
 */
import { HcsArgumentError, isInvalidState, isOver, isUnanswered } from '../errors/errors.js';
import type { OperationOptions } from '../host/operation-options.js';
import { throwIfAborted } from '../host/operation-options.js';
import { boundedWait } from '../host/waits/bounded-wait.js';
import { defaultTimeoutMs, remaining } from '../host/waits/deadlines.js';
import type { ComputeSystem } from '../system/compute-system.js';
import { Attachment } from './attachment.js';
import type { Device } from './device.js';

/** A device in its place. */
interface Held<Place extends object = object> {
  readonly place: Place;
  readonly mode: string | undefined;
  readonly added: Promise<void>;
  /** Those who have it, or wait for it. */
  users: number;
  removing?: Promise<void>;
}

export class Attachments {
  readonly #system: ComputeSystem;
  readonly #held = new Map<string, Held>();

  constructor(system: ComputeSystem) {
    this.#system = system;
  }

  /** @param options - read already */
  async attach<Place extends object>(device: Device<Place>, options: OperationOptions): Promise<Attachment<Place>> {
    const started = performance.now();
    const limits = (): OperationOptions => remaining(options, started);
    throwIfAborted(device.operation, this.#subject, options);
    for (;;) {
      const held = this.#find(device) ?? this.#begin(device, limits());
      if (held.removing !== undefined) {
        // Whether that succeeds or fails, the next look tells.
        await this.#wait(held.removing, device.operation, limits()).catch(throwUnanswered);
        continue;
      }
      held.users++;
      try {
        await this.#wait(held.added, device.operation, limits());
      } catch (error) {
        held.users--;
        if (isUnanswered(error) && held.users === 0) this.#abandon(device, held);
        throw error;
      }
      return new Attachment(device.operation, held.place, this.#releaseOf(device, held));
    }
  }

  get #subject(): { readonly systemId: string } {
    return { systemId: this.#system.id };
  }

  #find<Place extends object>({ key, mode, operation }: Device<Place>): Held<Place> | undefined {
    const held = key === undefined ? undefined : (this.#held.get(key) as Held<Place> | undefined);
    if (held === undefined || held.removing !== undefined || held.mode === mode) return held;
    const remedy = `It is attached as ${held.mode}. Attach it the same way, or remove it first.`;
    throw new HcsArgumentError('options', `must be those that ${operation}() was first called with`, mode, remedy);
  }

  /** The host gets longer than a caller who does not wait: others may come. */
  #begin<Place extends object>(device: Device<Place>, limits: OperationOptions): Held<Place> {
    const place = device.take();
    const added = this.#system.modify(device.add(place), longer(limits));
    const held: Held<Place> = { place, mode: device.mode, added, users: 0 };
    if (device.key !== undefined) this.#held.set(device.key, held);
    // What the host has refused is not there. What it does not answer at all keeps its place.
    added.catch((error: unknown) => {
      if (!isUnanswered(error)) this.#forget(device, held);
    });
    return held;
  }

  /** Nobody waits any longer for what the host has not answered. */
  #abandon<Place extends object>(device: Device<Place>, held: Held<Place>): void {
    held.added
      .then(async () => {
        if (held.users === 0) await this.#remove(device, held, {});
      })
      .catch(() => undefined);
  }

  /** Of one of those who have it. It may be called again, also while it is under way. */
  #releaseOf<Place extends object>(
    device: Device<Place>,
    held: Held<Place>,
  ): (limits: OperationOptions) => Promise<void> {
    let isReleased = false;
    return async (limits) => {
      throwIfAborted('Attachment.remove', this.#subject, limits);
      if (isReleased) return;
      if (held.users > 1) {
        isReleased = true;
        held.users--;
        return;
      }
      await this.#wait(this.#remove(device, held, limits), 'Attachment.remove', limits);
      isReleased = true;
    };
  }

  #remove<Place extends object>(device: Device<Place>, held: Held<Place>, limits: OperationOptions): Promise<void> {
    held.removing ??= this.#system
      .modify(device.remove(held.place), longer(limits))
      .catch(async (error: unknown) => {
        if (!(await this.#isGone(error))) throw error;
      })
      .then(
        () => {
          held.users = 0;
          this.#forget(device, held);
        },
        (error: unknown) => {
          delete held.removing;
          throw error;
        },
      );
    // Who gave up waiting has been told so.
    held.removing.catch(() => undefined);
    return held.removing;
  }

  /** Whether what was to be removed is gone, by itself or with the machine, which can say so by its state alone. */
  async #isGone(error: unknown): Promise<boolean> {
    if (isOver(error)) return true;
    if (!isInvalidState(error)) return false;
    const { Stopped: stopped } = await this.#system.properties().catch(() => ({ Stopped: false }));
    return stopped === true;
  }

  #forget<Place extends object>(device: Device<Place>, held: Held<Place>): void {
    if (device.key !== undefined && this.#held.get(device.key) === held) this.#held.delete(device.key);
    device.free(held.place);
  }

  #wait(promise: Promise<void>, operation: string, limits: OperationOptions): Promise<void> {
    return boundedWait(promise, operation, this.#subject, undefined, limits);
  }
}

const longer = ({ timeoutMs = 0 }: OperationOptions): OperationOptions => ({
  timeoutMs: Math.max(timeoutMs, defaultTimeoutMs),
});

function throwUnanswered(error: unknown): void {
  if (isUnanswered(error)) throw error;
}
