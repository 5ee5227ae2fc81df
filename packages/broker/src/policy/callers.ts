/**
 * Which rule counts for a caller, and what the caller is named on the host.
 *
 * @module
 */
import { createHash } from 'node:crypto';

import type { Caller } from '../decision.js';
import { classOf } from './functions.js';
import type { Policy, PolicyRule } from './policy.js';

const medium = 0x2000;

/** Why somebody is not served at all; undefined for one who may be. */
export function callerFlaw(caller: Caller): string | undefined {
  if (caller.appContainer === true) return 'The caller is in an app container, whose user is not its own.';
  if (caller.restricted === true) return 'The token of the caller is restricted.';
  if (caller.integrity !== undefined && caller.integrity < medium)
    return 'The integrity of the caller is below medium.';
  return undefined;
}

/** The first rule that names a caller. */
export function ruleFor(policy: Policy, caller: Caller): PolicyRule | undefined {
  return policy.rules.find(
    ({ users, groups }) => users.includes(caller.user) || groups.some((group) => caller.groups.includes(group)),
  );
}

/** The owner name of a user under a rule: two users of one rule have two. */
export function ownerName(rule: PolicyRule, caller: Caller): string {
  return `${rule.prefix}-${createHash('sha256').update(caller.user).digest('hex').slice(0, 16)}`;
}

/** Whether a rule allows a function. */
export function allows(rule: PolicyRule, library: string, name: string): boolean {
  const of = classOf(library, name);
  if (of === undefined || of === 'never') return false;
  return of === 'close' || rule.calls.includes(of) || rule.calls.includes(name);
}
