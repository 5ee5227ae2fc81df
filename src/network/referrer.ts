/**
 * Load balancers and routes: what refers to endpoints, and gets others by being made anew where the service cannot change it.
 *
 * @module
 */
import { documentText } from '../documents/document-text.js';
import { isAlreadyExists } from '../errors/errors.js';
import { listIn } from './answers.js';
import type { ModifyObjectOptions } from './network-object.js';
import { idOf, ServiceObject } from './network-object.js';
import { createObject, deleteObject, modifyObject, queryObject } from './object-calls.js';
import { families, subjectOf } from './object-families.js';
import { askFeatures } from './network-features.js';
import type { Properties } from './properties.js';
import type { OperationOptions } from '../host/operation-options.js';
import { readOperationOptions, throwIfAborted } from '../host/operation-options.js';
import type { Session } from '../host/session.js';
import { boundedWait } from '../host/waits/bounded-wait.js';
import type { Documents } from './object-families.js';

type Kind = 'load balancer' | 'route';

// What the service adds to a document, and would not take back.
const added = ['ID', 'Version', 'Health', 'State', 'Telemetry', 'AdditionalParams'];

// Changes of one object are made one after the other, through whichever host: each begins with what the one before has left.
const turns = new Map<string, Promise<unknown>>();

function inTurn<T>(id: string, work: () => Promise<T>): Promise<T> {
  const before = turns.get(id) ?? Promise.resolve();
  const turn = before.then(work, work);
  const over = turn.then(forget, forget);
  turns.set(id, over);
  function forget(): void {
    if (turns.get(id) === over) turns.delete(id);
  }
  return turn;
}

/** What {@link LoadBalancer} and {@link Route} have in common. */
export abstract class Referrer<K extends Kind> extends ServiceObject<K> {
  readonly #kind: K;

  /** @internal */
  protected constructor(kind: K, session: Session, id: string) {
    super(kind, session, id);
    this.#kind = kind;
  }

  /**
   * Adds an endpoint, given as such or by its id. One that it refers to already is no error.
   *
   * Where the host's HNS cannot change a load balancer, and always for a route, it is deleted and created with the same id, and
   * put back as it was when that fails. This goes on when the caller's wait times out or is cancelled.
   */
  async addEndpoint(endpoint: ServiceObject<'endpoint'> | string, options: OperationOptions = {}): Promise<void> {
    const id = idOf('endpoint', endpoint);
    await this.#exchange((ids) => (ids.includes(id) ? ids : [...ids, id]), options);
  }

  /** Removes an endpoint, in the same way. One that it does not refer to is no error. */
  async removeEndpoint(endpoint: ServiceObject<'endpoint'> | string, options: OperationOptions = {}): Promise<void> {
    const id = idOf('endpoint', endpoint);
    await this.#exchange((ids) => (ids.includes(id) ? ids.filter((each) => each !== id) : ids), options);
  }

  async #exchange(change: (ids: readonly string[]) => readonly string[], given: ModifyObjectOptions): Promise<void> {
    const options = readOperationOptions(given);
    const { modify, kind } = families[this.#kind];
    const session = this.openSession(modify, options);
    const subject = { object: { kind, id: this.id } };
    const work = async (): Promise<void> => {
      // Nothing has been done yet for whom has gone in the meantime.
      throwIfAborted(modify, subject, options);
      await exchange(session, this.#kind, this.id, change);
    };
    await boundedWait(inTurn(this.id, work), modify, subject, undefined, options);
  }
}

async function exchange(
  session: Session,
  kind: Kind,
  id: string,
  change: (ids: readonly string[]) => readonly string[],
): Promise<void> {
  const family = families[kind];
  const present = await queryObject<Properties<Documents[Kind]>>(session, family, id, {});
  const asked = { operation: family.query, subject: subjectOf(family, id), what: 'list of endpoints' };
  const ids = listIn(present, 'HostComputeEndpoints', (item) => typeof item === 'string', asked);
  const wanted = change(ids);
  if (wanted === ids) return;
  const document = { ...present, HostComputeEndpoints: wanted };
  if (kind === 'load balancer' && (await askFeatures(session, {})).has('ModifyLoadbalancer')) {
    await modifyObject(session, family, id, textOf(document, ['ID']), {});
    return;
  }
  // What cannot be created anew is not deleted.
  session.require(family.create, { object: { kind, id } });
  await deleteObject(session, family, id, {});
  try {
    await createObject(session, family, id, { settings: textOf(document) }, {});
  } catch (error) {
    await createObject(session, family, id, { settings: textOf(present) }, {}).catch((again: unknown) => {
      // Another program has created it meanwhile.
      if (isAlreadyExists(again)) return;
      throw new AggregateError([error, again], `The ${kind} "${id}" is gone: it could be neither changed nor put back`);
    });
    throw error;
  }
}

function textOf(document: object, kept: readonly string[] = []): string {
  const members = Object.entries(document).filter(([name]) => !added.includes(name) || kept.includes(name));
  return documentText(Object.fromEntries(members), 'document');
}
