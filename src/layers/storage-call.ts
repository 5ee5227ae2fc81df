/**
 * Storage calls: each has a deadline, and is reported while it takes long.
 *
 * @module
 */
import type { CallableName, Completion, Input, LayerList, Output } from '../backend/backend.js';
import type { OperationOptions } from '../host/operation-options.js';
import { failureOf, run } from '../host/operation.js';
import type { Session } from '../host/session.js';
import { leafOf } from './layer-names.js';

/** A call that is still under way. */
export interface LayerWait {
  /** The function of the host. */
  readonly operation: CallableName;
  /** The folder of the layer. */
  readonly layer: string;
  /** Seconds since it began, or since it began to wait for its turn. */
  readonly seconds: number;
}

/** A storage call as it is made. */
export interface StorageCall<F extends CallableName> {
  readonly name: F;
  readonly input: Input<F>;
  /** The folder that errors and events name. */
  readonly layer: string;
  readonly options: OperationOptions;
  /** Called once with whether the call succeeded: when it completes, or when it can no longer. */
  readonly over?: (succeeded: boolean) => void;
}

export class StorageCalls {
  readonly session: Session;
  /** The folder of the store. */
  readonly folder: string;
  readonly #watchdogMs: number;
  readonly #waiting: (wait: LayerWait) => void;
  readonly #guids = new Map<string, string>();

  constructor(session: Session, folder: string, watchdogMs: number, waiting: (wait: LayerWait) => void) {
    this.session = session;
    this.folder = folder;
    this.#watchdogMs = watchdogMs;
    this.#waiting = waiting;
  }

  /** Makes a call, and reports it at intervals until it completes. */
  async call<F extends CallableName>(call: StorageCall<F>): Promise<Output<F>> {
    return this.watch(call.name, call.layer, () => this.make(call));
  }

  /** Reports work at intervals until it completes. */
  async watch<T>(operation: CallableName, layer: string, work: () => Promise<T>): Promise<T> {
    const began = performance.now();
    const timer = setInterval(() => {
      this.#waiting({ operation, layer, seconds: (performance.now() - began) / 1000 });
    }, this.#watchdogMs).unref();
    try {
      return await work();
    } finally {
      clearInterval(timer);
    }
  }

  /** Makes a call without reporting it. */
  async make<F extends CallableName>({ name, input, layer, options, over }: StorageCall<F>): Promise<Output<F>> {
    let call = 0;
    try {
      const subject = { layer };
      const { outputs } = await run({
        session: this.session,
        name,
        input,
        subject,
        options,
        started: (id) => {
          call = id;
        },
        ...(over && {
          settled: (completion: Completion<F> | undefined) =>
            over(completion !== undefined && failureOf({ name, subject }, completion) === undefined),
        }),
      });
      return outputs;
    } finally {
      if (call === 0) over?.(false); // it has not begun
    }
  }

  /** The GUID by which the host knows a layer of this name. */
  async guidOf(name: string, options: OperationOptions): Promise<string> {
    const known = this.#guids.get(name);
    if (known !== undefined) return known;
    const { guid } = await this.call({ name: 'NameToGuid', input: { name }, layer: name, options });
    this.#guids.set(name, guid!);
    return guid!;
  }

  /** The parents of a layer as calls take them. */
  async listOf(parents: readonly string[], remaining: () => OperationOptions): Promise<LayerList> {
    const list: string[] = [];
    for (const path of parents) list.push(await this.guidOf(leafOf(path), remaining()), path);
    return list;
  }
}
