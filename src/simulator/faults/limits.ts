/**
 * The rules of a fault for one system or object.
 *
 * @module
 */
import type { FunctionKey } from '../../backend/backend.js';
import type { FaultRule, FaultScenario } from './fault.js';

// What is asked of the host rather than of a system.
const functionsOfService: ReadonlySet<FunctionKey> = new Set([
  'vmcompute.HcsEnumerateComputeSystems',
  'vmcompute.HcsGetServiceProperties',
  'vmcompute.HcsModifyServiceSettings',
] as const);

/** A rule for the system, or the object of the network service, of this id. What is asked of the host, or makes an object, is not limited. */
export function limitedTo(id: string, rule: FaultScenario['rules'][number]): FaultRule {
  if (rule.missing === true || functionsOfService.has(rule.function)) return rule;
  if (rule.function.startsWith('vmcompute.Hcs')) return { ...rule, system: id };
  const makes = rule.request !== undefined && !rule.request.includes('*');
  return !makes && /\.(Hcn(Open|Modify|Query|Delete)|HNSCall$)/.test(rule.function) ? { ...rule, object: id } : rule;
}
