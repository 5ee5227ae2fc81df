/**
 * Members that documents of networks and of endpoints have in common.
 *
 * @module
 */
import type * as Hcn from '../../../../types/hcn/index.js';
import { given } from '../../../documents/builders/given.js';
import type { DnsOptions } from './network-options.js';

/** What Microsoft's own client writes for nearly everything. */
export const schema20 = { Major: 2, Minor: 0 } as const;

/** The document of names and servers. */
export function dnsOf({ domain, search, servers, options }: DnsOptions): Hcn.DNS {
  return {
    ...given('Domain', domain),
    ...given('Search', search),
    ...given('ServerList', servers),
    ...given('Options', options),
  };
}
