/**
 * Members whose type follows from the value of another: the settings of a policy, of a change.
 *
 * @module
 */
import type { Check, CheckContext, Members } from '../../../documents/check.js';
import type { ObjectType } from '../../../documents/schema.js';
import { hcn, nameOf } from '../schema.js';
import type { Settled } from '../tables.js';
import { settled } from '../tables.js';

/** What is removed needs to be no more than named; what a change says is looked at by requests.ts. */
const changes = /^Modify\w+Request$/;

/** Checks the member of a type that is settled by another. */
export function checkSettled(name: string, members: Members, context: CheckContext, isRemoved = false): void {
  const { by, member, types } = settled[name]!;
  const type = typeFor(name, members[by], types);
  const value = members[member];
  if (type === undefined || value === undefined) return;
  if (isRemoved) context.structure(member, type, value);
  else context.member(member, type, value, 'value');
}

/** The member of an object whose type is settled by another one, and that type; undefined where there is none. */
export function typeOfSettled(
  name: string,
  members: Members,
): { readonly member: string; readonly type: ObjectType } | undefined {
  const of = Object.hasOwn(settled, name) ? settled[name] : undefined;
  const type = of && typeFor(name, members[of.by], of.types);
  return type && { member: of.member, type };
}

function typeFor(name: string, value: unknown, types: Settled['types']): ObjectType | undefined {
  const list = hcn.object(name).fields.get(settled[name]!.by)?.type;
  const known = list?.kind === 'list' ? nameOf(list.name, value) : undefined;
  const type = known === undefined ? undefined : types[known];
  return type === undefined ? undefined : hcn.object(type);
}

export const settledChecks: Readonly<Record<string, Check>> = Object.fromEntries(
  Object.keys(settled)
    .filter((name) => !changes.test(name))
    .map((name) => [name, (members: Members, context: CheckContext) => checkSettled(name, members, context)]),
);
