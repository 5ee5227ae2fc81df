/**
 * The statistics of an endpoint: by the export that newer hosts have, else by the older route, which all have.
 *
 * @module
 */
import type * as Hns from '../../types/hns/index.js';
import type { OperationOptions } from '../host/operation-options.js';
import type { Session } from '../host/session.js';
import { readProperties } from './answers.js';
import { callHns } from './hns-call.js';
import { callFamily } from './object-calls.js';
import { families, subjectOf } from './object-families.js';
import { queryText } from './network-document.js';

/** What an endpoint has sent and received. */
export async function endpointStatistics(
  session: Session,
  id: string,
  options: OperationOptions,
): Promise<Hns.EndpointStats> {
  const name = 'HcnQueryEndpointStats';
  const subject = subjectOf(families.endpoint, id);
  if (!session.has(name)) return callHns(session, 'GET', `/endpointstats/${id}`, undefined, options, 'EndpointStats');
  const { outputs } = await callFamily(session, name, { endpoint: id, query: queryText() }, subject, options);
  const { stats = null } = outputs as { stats?: string | null };
  return readProperties('Hns.EndpointStats', stats, {
    operation: name,
    subject,
    what: 'statistics',
  }) as Hns.EndpointStats;
}
