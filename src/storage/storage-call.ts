/**
 * What the functions of computestorage.dll have in common: their options, their paths, and the call.
 *
 * @module
 */
import type { CallableName, Completion, Input, Output } from '../backend/backend.js';
import { checkedText } from '../documents/document-text.js';
import type { ValidationOptions } from '../documents/validation-error.js';
import { validationOf } from '../documents/validation-error.js';
import type { Host } from '../host/host.js';
import { defaultHost, sessionOf } from '../host/host.js';
import type { HostOptions } from '../host/open-handle.js';
import type { OperationOptions } from '../host/operation-options.js';
import { limitsOf, readOperationOptions, throwIfAborted } from '../host/operation-options.js';
import { failureOf, run } from '../host/operation.js';
import type { Session } from '../host/session.js';
import { remaining } from '../host/waits/deadlines.js';
import { checkFolder } from '../layers/layer-names.js';

/** What the functions that take a document of layers take besides. */
export interface StorageOptions extends HostOptions, ValidationOptions {}

/** The options of a storage function, read once. `more` are its own. */
export function readStorageOptions<T extends StorageOptions>(given: T, more: readonly string[] = []): T {
  const options = readOperationOptions(given, ['host', 'validate', ...more]);
  validationOf(options);
  return options;
}

/** The session of the host of these options. */
export async function sessionFor(operation: string, host: Host | undefined): Promise<Session> {
  return sessionOf(host ?? (await defaultHost()), operation);
}

/** A call on a layer. */
export interface StorageCall<F extends CallableName> {
  readonly name: F;
  /** The folder or the volume that errors name. */
  readonly layer: string;
  readonly input: Input<F>;
  /** Called once with whether the call succeeded: when it completes, which may be after its limits. */
  readonly settled?: (succeeded: boolean) => void;
}

/**
 * Makes a call whose duration follows from the size of the layer: no deadline unless one is given. The limits count from
 * `started`, on the clock of `performance.now()`.
 */
export async function callStorage<F extends CallableName>(
  session: Session,
  call: StorageCall<F>,
  limits: OperationOptions,
  started: number,
): Promise<Output<F>> {
  const { name, layer, input, settled } = call;
  const given = limitsOf(limits);
  const subject = { layer };
  const options = remaining({ timeoutMs: Infinity, ...given }, started);
  throwIfAborted(name, subject, options);
  const { outputs } = await run({
    session,
    name,
    input,
    subject,
    options,
    ...(settled !== undefined && {
      settled: (completion?: Completion<F>) =>
        settled(completion !== undefined && failureOf({ name, subject }, completion) === undefined),
    }),
  });
  return outputs;
}

/** Throws unless it is the absolute path of a folder, or the path of a volume: `\\\\?\\Volume{...}`, off Windows as well. */
export function checkPlace(path: unknown, field: string): string {
  const text = checkedText(path, field);
  return text.startsWith('\\\\?\\') ? text : checkFolder(text, field);
}
