/**
 * Looks for what the network service would refuse, or would take for something else, before it is asked.
 *
 * @module
 */
import { isMembers } from '../../documents/check.js';
import type { Members } from '../../documents/check.js';
import { Checker } from '../../documents/checker.js';
import type { Issue } from '../../documents/issue.js';
import { nearest } from '../../documents/nearest.js';
import type { ValueType } from '../../documents/schema.js';
import { HcsArgumentError } from '../../errors/errors.js';
import { readOptions } from '../../known-options.js';
import { hcnChecks, olderChecks } from './checks.js';
import type { KnownNetworkFacts, NetworkHostFacts, ResolvedNetworkFacts } from './facts.js';
import { resolveNetworkFacts } from './facts.js';
import { kindOfDocument } from './kinds.js';
import { hcn, hns } from './schema.js';

/** What a document of a network is validated against. */
export interface ValidateNetworkOptions extends NetworkHostFacts {
  /**
   * The type of the document, such as `HostComputeEndpoint` or `ModifyNetworkSettingRequest`: any type of HCN, or of the older
   * route where HCN has none of the name, or with `Hns.` before it. Without it, the type follows from the members.
   */
  readonly kind?: string;
  /** What is known beyond the document, for the rules that need it. */
  readonly known?: KnownNetworkFacts;
}

/**
 * What is wrong with a document of a network, an endpoint, a namespace, a load balancer or a route, or with a change or a
 * question; nothing when there is nothing. The rules are those of docs/network-documents.md.
 *
 * @example
 * const issues = validateNetworkDocument({ Name: 'nat', Type: 'NAT', Ipams: [{ Subnets: [{ IpAddressPrefix: '10.0.0.0/24' }] }] });
 * for (const { message, remedy } of issues) console.log(message, remedy);
 */
export function validateNetworkDocument(document: object, options: ValidateNetworkOptions = {}): Issue[] {
  const known = ['hnsVersion', 'schemaVersion', 'osBuild', 'kind', 'known'];
  const { kind, known: more, ...host } = readOptions(options, known);
  return networkIssues(document, resolveNetworkFacts(host, more), kind);
}

/** The same for facts that have been looked through. */
export function networkIssues(document: object, facts: ResolvedNetworkFacts, kind?: string): Issue[] {
  if (!isMembers(document)) throw new HcsArgumentError('document', "must be an object in HCN's own spelling", document);
  const { type, isOlder } = typeOf(kind ?? kindOfDocument(document));
  const checker = new Checker(facts, isOlder ? olderChecks : hcnChecks);
  checker.value(type, document satisfies Members);
  return checker.issues.map(ofNetworkService);
}

// What the rules of all documents say of HCS, of the network service: it has codes of its own, and skips what it does not know.
function ofNetworkService(issue: Issue): Issue {
  const { code, rule, ...rest } = issue;
  if (rule === 'newer-member') return { ...rest, rule, remedy: 'Leave it out for this host: see supportsNetwork().' };
  if (rule === 'unknown-member')
    return { ...rest, rule, remedy: 'Correct the spelling: the host ignores what it does not know.' };
  return code === 'HCS_E_INVALID_JSON' ? { ...issue, code: 'HCN_E_INVALID_JSON' } : issue;
}

function typeOf(kind: string): { readonly type: ValueType; readonly isOlder: boolean } {
  const newer = kind.startsWith('Hns.') ? undefined : hcn.type(kind);
  const type = newer ?? hns.type(kind.replace(/^Hns\./, ''));
  if (type?.kind === 'object' || type?.kind === 'union') return { type, isOlder: newer === undefined };
  const meant = nearest(kind, [...hcn.names, ...hns.names]);
  const remedy = `Pass ${meant ?? 'HostComputeNetwork'}.`;
  throw new HcsArgumentError('options.kind', 'must be a type of HCN or HNS', kind, remedy);
}
