/**
 * What builders of every kind of document write with.
 *
 * @module
 */

/** Of whom a system, a network or an endpoint is, where nobody says. */
export const defaultOwner = 'hostcompute';

/** A member, if there is a value for it. */
export function given<Name extends string, Value>(name: Name, value: Value | undefined): Partial<Record<Name, Value>> {
  return (value === undefined ? {} : { [name]: value }) as Partial<Record<Name, Value>>;
}
