/**
 * The calls of HCN on the objects of the network service. Each is one trip to a thread of the backend, which opens the object,
 * does what is asked, looks at it and closes it: nothing stays open between two calls.
 *
 * @module
 */
import type { CallableKey, CallableName, Completion, Input } from '../backend/backend.js';
import { Ending } from '../backend/backend.js';
import { keyOf } from '../backend/keys.js';
import type { Subject } from '../errors/errors.js';
import { hostError, isNotFound } from '../errors/errors.js';
import { failed } from '../errors/result-codes.js';
import { isGuid } from '../guid.js';
import { perform, failureOf, run } from '../host/operation.js';
import type { OperationOptions } from '../host/operation-options.js';
import { remaining } from '../host/waits/deadlines.js';
import type { Session } from '../host/session.js';
import { readList, readProperties } from './answers.js';
import { matches, queryText, type SplitFilter } from './network-document.js';
import type { Family } from './object-families.js';
import { subjectOf } from './object-families.js';
import { isObjectOpen } from './open-objects.js';

/** Makes a call whose function is that of a family: its input is known by the list of functions only. */
export function callFamily(
  session: Session,
  name: CallableName,
  input: object,
  subject: Subject,
  options: OperationOptions,
): Promise<Completion<CallableName>> {
  return run({ session, name, input: input as Input<CallableName>, subject, options });
}

function outputOf(completion: Completion<CallableName>, name: string): string | null {
  return ((completion.outputs as Readonly<Record<string, unknown>>)[name] ?? null) as string | null;
}

/**
 * Creates an object. When nobody waits for it any longer, or it cannot be asked for its properties, it is deleted once it has
 * been created.
 */
export async function createObject(
  session: Session,
  family: Family,
  id: string,
  input: object,
  options: OperationOptions,
): Promise<void> {
  const { create: name, query } = family;
  const subject = subjectOf(family, id);
  const call = { session, name, input: { id, ...input } as Input<CallableName>, subject, options };
  const completion = await perform({
    ...call,
    opening: {
      completed: () => undefined,
      completedLate(late: Completion<CallableName>) {
        const isCreated = late.ending === Ending.returned && failureOf(call, late) === undefined;
        if (isCreated) deleteUnowned(session, family, id);
      },
    },
  });
  const failure = failureOf(call, completion);
  if (failure !== undefined) throw failure;
  if (!failed(completion.registration)) return;
  deleteUnowned(session, family, id);
  throw hostError({ operation: query, ...subject, status: completion.registration });
}

/**
 * Deletes what nobody has: this program may have opened it by its id meanwhile. Nothing more can be done about a host that
 * refuses.
 */
export function deleteUnowned(session: Session, { remove }: Family, id: string): void {
  if (session.ended || !session.has(remove) || isObjectOpen(session, id)) return;
  const { backend } = session;
  const key = keyOf(remove) as CallableKey;
  const input = { id } as Input<CallableKey>;
  if (backend.expects?.(key, input) === false) return;
  backend.release(backend.call(key, input, { settle: () => undefined }));
}

/** Throws unless the object exists. */
export async function openObject(
  session: Session,
  family: Family,
  id: string,
  options: OperationOptions,
): Promise<void> {
  const { open: name, query } = family;
  const subject = subjectOf(family, id);
  const { registration } = await callFamily(session, name, { id }, subject, options);
  if (failed(registration)) throw hostError({ operation: query, ...subject, status: registration });
}

/** The properties of an object, in one form. */
export async function queryObject<T extends object>(
  session: Session,
  family: Family,
  id: string,
  options: OperationOptions,
): Promise<T> {
  const { query: name, parameter, type } = family;
  const subject = subjectOf(family, id);
  const completion = await callFamily(session, name, { [parameter]: id, query: queryText() }, subject, options);
  const asked = { operation: name, subject, what: 'properties' };
  const properties = readProperties(type, outputOf(completion, 'properties'), asked) as Readonly<
    Record<string, unknown>
  >;
  // It is the object that was asked for, whether the answer says so or not.
  return (isGuid(properties.ID) ? properties : { ...properties, ID: id }) as T;
}

export async function modifyObject(
  session: Session,
  family: Family,
  id: string,
  settings: string,
  options: OperationOptions,
): Promise<void> {
  const { modify: name, parameter } = family;
  await callFamily(session, name, { [parameter]: id, settings }, subjectOf(family, id), options);
}

/** Deletes an object. One that is gone is what was wanted. */
export async function deleteObject(
  session: Session,
  family: Family,
  id: string,
  options: OperationOptions,
): Promise<void> {
  const { remove: name } = family;
  try {
    await callFamily(session, name, { id }, subjectOf(family, id), options);
  } catch (error) {
    if (!isNotFound(error)) throw error;
  }
}

// How many are asked at the same time. The service takes one call after the other.
const atOnce = 8;

/** The ids of the objects that a query finds. */
export async function enumerateObjects(
  session: Session,
  family: Family,
  query: string,
  options: OperationOptions,
): Promise<string[]> {
  const { enumerate: name, list, kind } = family;
  const completion = await callFamily(session, name, { query }, {}, options);
  return readList(outputOf(completion, list), { operation: name, subject: {}, what: `list of ids of each ${kind}` });
}

/** The properties of the objects that match. What goes while they are asked is left out. */
export async function listObjects<T extends object>(
  session: Session,
  family: Family,
  filter: SplitFilter,
  options: OperationOptions,
): Promise<T[]> {
  const started = performance.now();
  const ids = await enumerateObjects(session, family, filter.query, options);
  const found = new Array<T | undefined>(ids.length);
  let next = 0;
  let failure: { readonly error: unknown } | undefined;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < ids.length && failure === undefined; index = next++) {
      try {
        found[index] = await queryObject<T>(session, family, ids[index]!, remaining(options, started));
      } catch (error) {
        if (!isNotFound(error)) failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, ids.length) }, worker));
  if (failure !== undefined) throw failure.error;
  return found.filter((each) => each !== undefined && matches(each as Record<string, unknown>, filter)) as T[];
}
