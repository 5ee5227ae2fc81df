// A document that breaks one rule, for each of the rules of networks.
import { endpointRows } from './endpoint-cases.js';
import { networkRows } from './network-cases.js';
import type { NetworkRuleCase } from './rule-case.js';

export const networkRuleCases: readonly NetworkRuleCase[] = [...networkRows, ...endpointRows].map(
  ([rule, what, document, path, severity = 'error', options = {}]) => ({
    rule,
    what,
    document,
    path,
    severity,
    options,
  }),
);
