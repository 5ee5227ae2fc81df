/**
 * What networks, endpoints, namespaces, load balancers and routes have in common.
 *
 * @module
 */
import type { InspectOptions } from 'node:util';
import { inspect } from 'node:util';

import type { HcsDocument } from '../documents/document-text.js';
import type { ValidationOptions } from '../documents/validation-error.js';
import { HcsClosedError } from '../errors/errors.js';
import { inspected } from '../host/inspection.js';
import type { OperationOptions } from '../host/operation-options.js';
import { readOperationOptions, throwIfAborted } from '../host/operation-options.js';
import type { Session } from '../host/session.js';
import { remaining } from '../host/waits/deadlines.js';
import { changeText } from './network-document.js';
import { deleteObject, modifyObject, queryObject } from './object-calls.js';
import type { Documents, Family, FamilyKind } from './object-families.js';
import { checkObjectId, families, subjectOf } from './object-families.js';
import { objectClosed, objectOpened } from './open-objects.js';
import type { Properties } from './properties.js';

/** Options of modify() and of what is made of it. */
export interface ModifyObjectOptions extends OperationOptions, ValidationOptions {}

/** What {@link Network}, {@link Endpoint}, {@link Namespace}, {@link LoadBalancer} and {@link Route} have in common. */
export abstract class ServiceObject<K extends FamilyKind> {
  /** A GUID of 36 characters in lower case. */
  readonly id: string;
  readonly #session: Session;
  readonly #family: Family;
  #closed = false;
  #deleted = false;

  /** @internal */
  protected constructor(kind: K, session: Session, id: string) {
    this.id = id;
    this.#session = session;
    this.#family = families[kind];
    objectOpened(session, id);
  }

  /** What the service says of it now. */
  async properties(options: OperationOptions = {}): Promise<Properties<Documents[K]>> {
    options = readOperationOptions(options);
    const { query } = this.#family;
    return queryObject(this.openSession(query, options), this.#family, this.id, options);
  }

  /**
   * Changes it by a request document, which is validated first.
   *
   * @throws `HcsValidationError` when the request is not valid
   */
  protected async change(request: HcsDocument, options: ModifyObjectOptions): Promise<void> {
    options = readOperationOptions(options, ['validate']);
    const started = performance.now();
    const session = this.openSession(this.#family.modify, options);
    const text = changeText(this.#family, request, options);
    await modifyObject(session, this.#family, this.id, text, remaining(options, started));
  }

  /**
   * Deletes it from the host, and closes it. One that is gone already is no error. Closing alone deletes nothing.
   */
  async delete(options: OperationOptions = {}): Promise<void> {
    options = readOperationOptions(options);
    if (this.#deleted) return;
    await deleteObject(this.openSession(this.#family.remove, options), this.#family, this.id, options);
    this.#deleted = true;
    await this.close();
  }

  /** No call is made through it any more. Nothing is open in the host between two calls, so that this cannot fail. */
  close(): Promise<void> {
    if (!this.#closed) objectClosed(this.#session, this.id);
    this.#closed = true;
    return Promise.resolve();
  }

  /** Same as close(). */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** Id and state. */
  toJSON(): object {
    return { id: this.id, state: this.#closed ? 'closed' : 'open' };
  }

  /** What `console.log` shows: the same as toJSON(). */
  [inspect.custom](depth: number, options: InspectOptions): string {
    return inspected(this.constructor.name, this.toJSON(), depth, options);
  }

  /**
   * The session, for a call that is about to be made.
   *
   * @internal
   */
  openSession(operation: string, options: OperationOptions = {}): Session {
    const subject = subjectOf(this.#family, this.id);
    if (this.#closed) throw new HcsClosedError({ operation, ...subject, what: this.#family.kind });
    throwIfAborted(operation, subject, options);
    return this.#session;
  }
}

/** @internal The id of an object that is given as such or by its id. */
export function idOf(field: string, given: ServiceObject<FamilyKind> | string): string {
  if (given instanceof ServiceObject) return given.id;
  return checkObjectId(field, given);
}
