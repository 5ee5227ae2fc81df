/**
 * What all documents have in common: the schema that they are written in, and who owns the system.
 *
 * @module
 */
import type * as Schema2 from '../../../types/schema2/index.js';
import { HcsArgumentError, notShown } from '../../errors/errors.js';
import { first, second } from '../hcs-schemas.js';
import { schemaBuilds } from '../tables.js';
import { defaultOwner } from './given.js';
import { flag, members, oneOf, text, whole } from './option-checks.js';

export { defaultOwner, given } from './given.js';

/** Which schema a document is to be written in. */
export interface SchemaChoice {
  /** 1 or 2; what follows from `osBuild` when left out. */
  readonly schema?: 1 | 2;
  /** The build of Windows that is to take the document: schema 1 below 17763, schema 2 from there on, and without it. */
  readonly osBuild?: number;
}

/** Options of every system. */
export interface SystemOptions {
  /** Free text by which a runtime finds its own systems again; `hostcompute` when left out. */
  readonly owner?: string;
  /**
   * The host ends the system when nothing has a handle to it any more. On by default, except for Windows containers of
   * schema 1.
   */
  readonly terminateOnLastHandleClosed?: boolean;
  /** Of schema 2; 2.1 when left out, which is what Microsoft's own runtime writes for nearly everything. */
  readonly schemaVersion?: Schema2.Version;
}

export const choiceChecks = { schema: oneOf(1, 2), osBuild: whole(0, 2 ** 32 - 1) };

export const versionCheck = members<Schema2.Version>(
  { Major: oneOf(2), Minor: whole(1, 2 ** 32 - 1) },
  'Major',
  'Minor',
);

export const systemChecks = { owner: text, terminateOnLastHandleClosed: flag, schemaVersion: versionCheck };

/** The first build whose schema 2 is complete. */
const firstOfSchema2 = schemaBuilds.find(([schema]) => schema === '2.0')![1];

export function schemaOf({ schema, osBuild = Infinity }: SchemaChoice): 1 | 2 {
  if (schema === 2 && osBuild < firstOfSchema2) {
    throw new HcsArgumentError('options.schema', `must be 1 for build ${osBuild}`, schema);
  }
  return schema ?? (osBuild < firstOfSchema2 ? 1 : 2);
}

/** The first build of Windows that takes a member of a type. */
export function buildOf(schema: 1 | 2, typeName: string, member: string): number {
  const type = (schema === 1 ? first : second).type(typeName);
  return type?.kind === 'object' ? (type.fields.get(member)?.build ?? 0) : 0;
}

/** The host supports this option, as far as its build is known. */
export function needBuild(field: string, build: number, { osBuild }: Pick<SchemaChoice, 'osBuild'>): void {
  if (osBuild === undefined || osBuild >= build) return;
  throw new HcsArgumentError(
    field,
    `must not be used before build ${build} of Windows`,
    notShown,
    `This is build ${osBuild}.`,
  );
}

export const schema21 = { Major: 2, Minor: 1 } as const;

/** The members of a document of schema 2 beside the system itself. */
export function envelope(options: SystemOptions) {
  return {
    Owner: options.owner ?? defaultOwner,
    SchemaVersion: options.schemaVersion ?? schema21,
    ShouldTerminateOnLastHandleClosed: options.terminateOnLastHandleClosed ?? true,
  };
}
