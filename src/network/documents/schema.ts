/**
 * The schemas of the network service: HCN, and the older route, HNS.
 *
 * @module
 */
import type { ListType } from '../../documents/lists.js';
import { Schema } from '../../documents/schema.js';
import * as tables from './tables.js';

/** The documents of HCN. */
export const hcn = new Schema(tables.hcn, {}, false);

/** The documents of the older route. */
export const hns = new Schema(tables.hns, {}, false);

/** The name of a value of a list of HCN, which may be a number or a name in any letters; undefined for none. */
export function nameOf(list: string, value: unknown): string | undefined {
  const type = hcn.type(list) as ListType;
  const isValue = (name: string): boolean => {
    const lower = name.toLowerCase();
    return typeof value === 'string' ? value.toLowerCase() === lower : type.numbered?.numbers.get(lower) === value;
  };
  return value === undefined ? undefined : [...type.values.keys()].find(isValue);
}

/** A kind of network that the documents name; NAT where it is left out, as the service does. */
export function modeOf(value: unknown): string | undefined {
  return value === undefined ? 'NAT' : nameOf('NetworkMode', value);
}
