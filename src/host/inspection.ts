/**
 * What `console.log` and `JSON.stringify` show of objects that are open in a host: ids, state and counts. No handles,
 * documents, command lines or environments.
 *
 * @module
 */
import type { InspectOptions } from 'node:util';
import { inspect } from 'node:util';

/** Where an entity is in its life. `disconnected`: the service has gone away, and its exit will never be known. */
export type EntityState = 'open' | 'exited' | 'disconnected' | 'closed';

/** The text of `[util.inspect.custom]`: the name of the class, and the members of toJSON(). */
export function inspected(name: string, members: object, depth: number, options: InspectOptions): string {
  return depth < 0 ? `[${name}]` : `${name} ${inspect(members, options)}`;
}
