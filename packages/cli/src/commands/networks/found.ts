/**
 * Objects of the network service by what people call them.
 *
 * @module
 */
import { Failure, usageFailure } from '../../failure.js';

/** As the service describes it: all have an id, and most a name. */
interface Described {
  readonly ID?: string | undefined;
  readonly Name?: string | undefined;
}

/** The one of this name or id, or of an id that begins so. */
export function found<T extends Described>(all: readonly T[], wanted: string, what: 'network' | 'endpoint'): T {
  const lower = wanted.toLowerCase();
  const named = all.filter(({ ID, Name }) => ID?.toLowerCase() === lower || Name?.toLowerCase() === lower);
  const isPrefix = /^[\da-f-]{4,}$/.test(lower);
  const those = named.length > 0 || !isPrefix ? named : all.filter(({ ID }) => ID?.toLowerCase().startsWith(lower));
  if (those.length > 1) {
    const ids = those.map(({ ID }) => ID).join(', ');
    throw usageFailure(`"${wanted}" is one of several: ${ids}`, 'Name it by its id.');
  }
  const [one] = those;
  if (one !== undefined) return one;
  throw new Failure(`There is no ${what} "${wanted}"`, {
    code: what === 'network' ? 'HCN_E_NETWORK_NOT_FOUND' : 'HCN_E_ENDPOINT_NOT_FOUND',
    remedy: `List those that are there by "hostcompute ${what}s ls".`,
  });
}
