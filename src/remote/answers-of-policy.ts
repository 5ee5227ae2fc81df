/**
 * What a policy has returned, validated: a policy in JavaScript may return anything.
 *
 * @module
 */
import { HcsArgumentError } from '../errors/errors.js';
import type { Decision, HostCall } from './policy.js';

/** What decide() has returned. */
export function checkDecision(decision: unknown): Decision {
  if (isObject(decision)) {
    const { allow, refuse, message } = decision as Record<string, unknown>;
    const allowed = isObject(allow);
    const refused = allow === undefined && Number.isInteger(refuse) && typeof message === 'string';
    if (allowed || refused) return decision as Decision;
  }
  const problem = 'must return { allow: inputs } or { refuse: hresult, message }';
  throw new HcsArgumentError('options.policy.decide', problem, decision);
}

/** What notification() has returned. */
export function checkText(text: unknown): string {
  if (typeof text === 'string' && !text.includes('\0')) return text;
  throw new HcsArgumentError('options.policy.notification', 'must return a string without NUL characters', text);
}

/** What disconnected() has returned. */
export function checkCalls(calls: unknown): readonly HostCall[] {
  if (Array.isArray(calls) && calls.every((call) => isObject(call) && 'inputs' in call && isObject(call.inputs))) {
    return calls as readonly HostCall[];
  }
  throw new HcsArgumentError('options.policy.disconnected', 'must return a list of HostCall', calls);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
