/**
 * The networks of a container: all steps that bring its endpoints into it, and their undoing in the reverse order.
 *
 * @module
 */
import { HcsArgumentError, isOver, isUnanswered } from '../errors/errors.js';
import { CloseOnce } from '../host/close-once.js';
import type { OperationOptions } from '../host/operation-options.js';
import { readOperationOptions, throwIfAborted } from '../host/operation-options.js';
import { boundedWait } from '../host/waits/bounded-wait.js';
import { defaultTimeoutMs, remaining } from '../host/waits/deadlines.js';
import { ComputeSystem } from '../system/compute-system.js';
import { Endpoint } from './endpoint.js';
import { Namespace } from './namespace.js';
import type { EndpointProperties } from './properties.js';
import { addAdapter, natureOf, newAdapter, notifyOfNamespace, removeAdapter } from './system-adapter.js';

type Undo = (options: OperationOptions) => Promise<void>;

/** What has been done to a system, the first step first. */
interface Progress {
  readonly systemId: string;
  readonly steps: Undo[];
}

/** What attachContainer() has done, until it is undone. */
export class ContainerAttachment {
  readonly system: ComputeSystem;
  readonly #namespace: Namespace | undefined;
  readonly #undo: Undo[];
  readonly #closeOnce = new CloseOnce();

  /** @internal */
  constructor(system: ComputeSystem, namespace: Namespace | undefined, undo: Undo[]) {
    this.system = system;
    this.#namespace = namespace;
    this.#undo = undo;
  }

  /**
   * Undoes what attachContainer() has done, in the reverse order. What is gone by itself, or with the system, counts as
   * undone; where the network service cannot be reached, nothing is. Each step is tried; those that failed are tried again by the
   * next call. Nothing is deleted.
   *
   * @throws the error of the step that failed, or an `AggregateError` of several
   */
  async detach(options: OperationOptions = {}): Promise<void> {
    options = readOperationOptions(options);
    throwIfAborted('ContainerAttachment.detach', { systemId: this.system.id }, options);
    await this.#closeOnce.run(() => undo(this.#undo, options));
    await this.#namespace?.close();
  }

  /** Same as detach(). */
  [Symbol.asyncDispose](): Promise<void> {
    return this.detach();
  }
}

/** Undoes the steps, the last one first, and removes those that are undone. */
async function undo(steps: Undo[], options: OperationOptions): Promise<void> {
  const started = performance.now();
  const errors: unknown[] = [];
  for (const step of [...steps].reverse()) {
    try {
      await step(remaining(options, started));
      steps.splice(steps.indexOf(step), 1);
    } catch (error) {
      errors.push(error);
    }
  }
  if (errors.length > 1) throw new AggregateError(errors, `${errors.length} steps of the detachment failed`);
  if (errors.length === 1) throw errors[0];
}

/**
 * Brings endpoints into a system, by the steps that its kind needs:
 *
 * - a container with a namespace: the endpoints are added to the namespace, which its document has to name. Call it before
 *   `start()`.
 * - a container without one, of schema 1: each endpoint is added to the container, which runs.
 * - a virtual machine: the endpoints are added to the namespace, if there is one, and the machine, which runs, gets an adapter for
 *   each. A guest that is connected is notified of the namespace and of each adapter.
 *
 * Endpoints whose name ends in `eth0` come first. An endpoint that is in the namespace already stays in it at the end. A failure
 * half way undoes what was done, in the reverse order; when the wait times out or is cancelled, that goes on by itself.
 *
 * @param namespace - undefined: none
 * @example
 * const network = await Network.create(networks.nat({ name: 'web', subnet: '192.168.100.0/24' }));
 * const endpoint = await Endpoint.create(network, { Name: 'web' });
 * const namespace = await Namespace.create();
 * const layers = [{ id: 'b3a0a7c9-51d2-5f7f-8a44-0d7c1e6f2b02', path: 'C:\\layers\\base' }];
 * const scratchVolume = '\\\\?\\Volume{6a1f6f0e-2c55-5e0c-9f3c-8f9d3b2a1c01}\\';
 * const image = { layers, scratchVolume, hostname: 'web' };
 * const document = documents.processIsolated({ id: 'web', ...image, network: { namespace: namespace.id } });
 * await using system = await ComputeSystem.create('web', document);
 * await using attachment = await attachContainer(system, namespace, [endpoint]);
 * await system.start();
 */
export async function attachContainer(
  system: ComputeSystem,
  namespace: Namespace | undefined,
  endpoints: readonly Endpoint[],
  options: OperationOptions = {},
): Promise<ContainerAttachment> {
  checkArguments(system, namespace, endpoints);
  options = readOperationOptions(options);
  throwIfAborted('attachContainer', { systemId: system.id }, options);
  // Of its own: the caller may close his before the endpoints are taken out again.
  namespace &&= Namespace.of(namespace.openSession('HcnModifyNamespace'), namespace.id);
  const started = performance.now();
  const limits = (): OperationOptions => remaining(options, started);
  const steps: Undo[] = [];
  const progress: Progress = { systemId: system.id, steps };
  try {
    const nature = await natureOf(system, limits());
    const { isMachine, guest } = nature;
    const found = await Promise.all(endpoints.map(async (endpoint) => endpoint.properties(limits())));
    const inOrder = [...found].sort((one, other) => Number(isFirst(other)) - Number(isFirst(one)));
    if (namespace !== undefined) await addToNamespace(namespace, inOrder, progress, limits);
    if (namespace !== undefined && guest?.takesNamespaces === true) {
      const properties = await namespace.properties(limits());
      await step(
        progress,
        async (within) => notifyOfNamespace(system, 'Add', properties, within),
        async (within) => forgetNamespace(system, properties.ID, within),
        limits(),
      );
    }
    if (isMachine || namespace === undefined) {
      for (const properties of inOrder) {
        const adapter = await newAdapter(system, properties.ID, nature);
        await step(
          progress,
          async (within) => addAdapter(adapter, properties, within),
          async (within) => removeAdapter(adapter, within),
          limits(),
          isMachine,
        );
      }
    }
  } catch (error) {
    const undone = undo(steps, isUnanswered(error) ? {} : limits()).finally(async () => namespace?.close());
    // Whoever does not wait any longer does not wait for this: it goes on by itself.
    if (isUnanswered(error)) undone.catch(() => undefined);
    else await undone.catch((left: unknown) => throwBoth(system, error, left));
    throw error;
  }
  return new ContainerAttachment(system, namespace, steps);
}

function throwBoth({ id }: ComputeSystem, error: unknown, left: unknown): never {
  throw new AggregateError([error, left], `attachContainer of system "${id}" failed, and could not be undone`);
}

async function forgetNamespace(system: ComputeSystem, ID: string, options: OperationOptions): Promise<void> {
  try {
    await notifyOfNamespace(system, 'Remove', { ID }, options);
  } catch (error) {
    if (!isOver(error)) throw error;
  }
}

// What the host has refused is not undone: what is there may be somebody else's. What it has not answered may still happen, and is
// undone after that, as the last one; what takes several calls may have half happened.
async function step(
  { systemId, steps }: Progress,
  make: (options: OperationOptions) => Promise<void>,
  undoIt: Undo,
  limits: OperationOptions,
  halfDone = false,
): Promise<void> {
  const made = make({ timeoutMs: Math.max(limits.timeoutMs ?? 0, defaultTimeoutMs) });
  try {
    await boundedWait(made, 'attachContainer', { systemId }, undefined, limits);
  } catch (error) {
    if (isUnanswered(error)) steps.unshift(async (within) => made.catch(() => undefined).then(() => undoIt(within)));
    else if (halfDone) steps.push(undoIt);
    throw error;
  }
  steps.push(undoIt);
}

async function addToNamespace(
  namespace: Namespace,
  endpoints: readonly EndpointProperties[],
  progress: Progress,
  limits: () => OperationOptions,
): Promise<void> {
  for (const { ID, HostComputeNamespace } of endpoints) {
    if (HostComputeNamespace === namespace.id) continue;
    await step(
      progress,
      async (within) => namespace.addEndpoint(ID, within),
      async (within) => namespace.removeEndpoint(ID, within),
      limits(),
    );
  }
}

function isFirst({ Name }: EndpointProperties): boolean {
  return typeof Name === 'string' && Name.endsWith('eth0');
}

function checkArguments(system: unknown, namespace: unknown, endpoints: unknown): void {
  if (!(system instanceof ComputeSystem)) throw new HcsArgumentError('system', 'must be a ComputeSystem', system);
  if (namespace !== undefined && !(namespace instanceof Namespace)) {
    throw new HcsArgumentError('namespace', 'must be a Namespace, or undefined', namespace);
  }
  if (!Array.isArray(endpoints)) throw new HcsArgumentError('endpoints', 'must be an array of Endpoint', endpoints);
  const wrong = endpoints.findIndex((each) => !(each instanceof Endpoint));
  if (wrong !== -1) throw new HcsArgumentError(`endpoints[${wrong}]`, 'must be an Endpoint', endpoints[wrong]);
}
