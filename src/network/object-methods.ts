/**
 * How objects of the network service are created, opened, found and listed: the same for each kind.
 *
 * @module
 */
import type { Members } from '../documents/check.js';
import type { HcsDocument } from '../documents/document-text.js';
import { checkedText } from '../documents/document-text.js';
import type { ValidationOptions } from '../documents/validation-error.js';
import { HcsArgumentError, HcsError, isAlreadyExists, isNotFound } from '../errors/errors.js';
import { defaultHost, sessionOf } from '../host/host.js';
import type { HostOptions } from '../host/open-handle.js';
import type { OperationOptions } from '../host/operation-options.js';
import { readOperationOptions, throwIfAborted } from '../host/operation-options.js';
import type { Session } from '../host/session.js';
import { remaining } from '../host/waits/deadlines.js';
import { hcn } from './documents/schema.js';
import { newDocument, splitFilter } from './network-document.js';
import { createObject, listObjects, openObject } from './object-calls.js';
import type { Documents, Family, FamilyKind } from './object-families.js';
import { checkObjectId, families, subjectOf } from './object-families.js';
import type { Filter, Properties } from './properties.js';

/** Options of create(). */
export interface CreateObjectOptions extends HostOptions, ValidationOptions {
  /** The id of the new object, a GUID; default that of the document, else one that is made here. */
  readonly id?: string;
  /**
   * What to do when there is one already, of this id, or, for a network, of this name: `error`, the default, or `open` it as it
   * is.
   */
  readonly ifExists?: 'open' | 'error';
}

/** @internal How an object is made: by its kind's own class. */
export type Make<T> = (session: Session, id: string) => T;

/** @internal What create() is given besides its options. */
export interface NewObject {
  readonly kind: FamilyKind;
  readonly document: HcsDocument;
  /** Further arguments of the function. */
  readonly input?: object;
  /** Members that the document gets where it has none of the name. */
  readonly more?: Members;
  /** Throws for a document that does not fit the rest. */
  readonly check?: (document: Members) => void;
  /** The session, where it is not that of the option `host`; another host is refused. */
  readonly session?: Session;
}

const createOptions = ['id', 'ifExists', 'host', 'validate'];

/** @internal Creates an object, or opens the one that there is. */
export async function create<T>(object: NewObject, given: CreateObjectOptions, make: Make<T>): Promise<T> {
  const started = performance.now();
  const family = families[object.kind];
  const options = readOperationOptions(given, createOptions);
  const { ifExists = 'error' } = options as { readonly ifExists?: unknown };
  if (ifExists !== 'error' && ifExists !== 'open') {
    throw new HcsArgumentError('options.ifExists', 'must be "open" or "error"', ifExists);
  }
  const wanted = options.id === undefined ? undefined : checkObjectId('options.id', options.id);
  const { text, id: own, name, members } = newDocument(family, object.document, object.more ?? {}, options);
  object.check?.(members);
  if (wanted !== undefined && own !== undefined && wanted !== own) {
    throw new HcsArgumentError('options.id', 'must be the ID of the document, where it has one', wanted);
  }
  throwIfAborted(family.create, {}, options);
  if (object.session !== undefined && options.host !== undefined) {
    const isSame = sessionOf(options.host, family.create) === object.session;
    if (!isSame) throw new HcsArgumentError('options.host', 'must be the host of the network', options.host);
  }
  const session = object.session ?? (await sessionFor(family.create, options));
  const id = wanted ?? own ?? makeId?.() ?? (await randomId());
  const limits = (): OperationOptions => remaining(options, started);
  // Another program may create and delete it at the same time: a few rounds, then its error.
  for (let round = 1; ; round++) {
    try {
      await createObject(session, family, id, { ...object.input, settings: text }, limits());
      return make(session, id);
    } catch (error) {
      if (ifExists === 'error' || !isAlreadyExists(error)) throw error;
      const found = await existing(
        session,
        family,
        wanted ?? own,
        object.kind === 'network' ? name : undefined,
        limits,
      );
      if (found !== undefined) return make(session, found);
      if (round === 3) throw error;
    }
  }
}

async function existing(
  session: Session,
  family: Family,
  id: string | undefined,
  name: string | undefined,
  limits: () => OperationOptions,
): Promise<string | undefined> {
  if (id !== undefined) {
    try {
      await openObject(session, family, id, limits());
      return id;
    } catch (error) {
      if (!isNotFound(error)) throw error;
    }
  }
  if (name === undefined) return undefined;
  const found = await listed(session, family, { Name: name }, limits());
  return found[0]?.ID;
}

let makeId: (() => string) | undefined;

// Loaded once: to ask for a module again takes longer than to make an id.
async function randomId(): Promise<string> {
  makeId ??= (await import('uuid')).v4;
  return makeId();
}

async function sessionFor(operation: string, { host }: HostOptions): Promise<Session> {
  return sessionOf(host ?? (await defaultHost()), operation);
}

/** @internal Opens an object that exists. */
export async function open<T>(kind: FamilyKind, given: string, options: HostOptions, make: Make<T>): Promise<T> {
  const started = performance.now();
  const family = families[kind];
  const id = checkObjectId('id', given);
  options = readOperationOptions(options, ['host']);
  throwIfAborted(family.open, subjectOf(family, id), options);
  const session = await sessionFor(family.open, options);
  await openObject(session, family, id, remaining(options, started));
  return make(session, id);
}

/** @internal The properties of all objects that match. */
export async function list<K extends FamilyKind>(
  kind: K,
  filter: Filter<Documents[K]> | string,
  options: HostOptions,
): Promise<Properties<Documents[K]>[]> {
  const started = performance.now();
  const family = families[kind];
  options = readOperationOptions(options, ['host']);
  const split = splitOf(family, filter);
  throwIfAborted(family.enumerate, {}, options);
  const session = await sessionFor(family.enumerate, options);
  return listObjects(session, family, split, remaining(options, started));
}

function splitOf(family: Family, filter: unknown): ReturnType<typeof splitFilter> {
  if (typeof filter === 'string') return { query: checkedText(filter, 'filter'), compared: [] };
  return splitFilter(family, plainFields(family), filter);
}

function listed(
  session: Session,
  family: Family,
  filter: Members,
  limits: OperationOptions,
): Promise<Properties<object>[]> {
  return listObjects(session, family, splitOf(family, filter), limits);
}

const plain = new Map<Family, ReadonlySet<string>>();

/** The members of a type that have one value each. */
function plainFields(family: Family): ReadonlySet<string> {
  let names = plain.get(family);
  if (names === undefined) {
    const { fields } = hcn.object(family.type);
    const isPlain = (kind: string): boolean =>
      kind !== 'object' && kind !== 'array' && kind !== 'map' && kind !== 'union';
    names = new Set([...fields.values()].filter(({ type }) => isPlain(type.kind)).map(({ name }) => name));
    plain.set(family, names);
  }
  return names;
}

/**
 * @internal The object of a name; undefined where there is none.
 *
 * @throws {@link HcsError} `ERR_HC_AMBIGUOUS` where several have it
 */
export async function find<T>(
  kind: FamilyKind,
  name: string,
  options: HostOptions,
  make: Make<T>,
): Promise<T | undefined> {
  const started = performance.now();
  const family = families[kind];
  if (typeof name !== 'string' || name === '') throw new HcsArgumentError('name', 'must be a non-empty string', name);
  options = readOperationOptions(options, ['host']);
  throwIfAborted(family.enumerate, {}, options);
  const session = await sessionFor(family.enumerate, options);
  const [found, ...more] = await listed(session, family, { Name: name }, remaining(options, started));
  if (found === undefined) return undefined;
  if (more.length === 0) return make(session, found.ID);
  throw new HcsError(`${family.enumerate}: ${more.length + 1} of the name "${name}"`, {
    code: 'ERR_HC_AMBIGUOUS',
    operation: family.enumerate,
    object: { kind: family.kind, id: name },
    remedy: 'Open one of them by its id: list() has them all.',
  });
}
