// What a case of a rule is.
import type { RuleName } from 'hostcompute';
import type { ValidateNetworkOptions } from 'hostcompute/network';

/** A document that breaks one rule, at one place. */
export interface NetworkRuleCase {
  readonly rule: RuleName;
  readonly what: string;
  readonly document: object;
  readonly path: string;
  readonly severity: 'error' | 'warning';
  readonly options: ValidateNetworkOptions;
}

/** The same in a row; an error where nothing else is said. */
export type Row = readonly [
  rule: RuleName,
  what: string,
  document: object,
  path: string,
  severity?: 'error' | 'warning',
  options?: ValidateNetworkOptions,
];
