/** The tables of both schemas in one: types that both have under one name are of the schema that the document is of. */
import { schema1Types } from './schema1.js';
import { containerTypes } from './schema2/container.js';
import { deviceTypes } from './schema2/devices.js';
import { guestTypes } from './schema2/guest.js';
import { processTypes } from './schema2/process.js';
import { systemTypes } from './schema2/system.js';
import type { Types } from './shapes.js';

/** The version of the schema that a document is written in. */
export type SchemaMajor = 1 | 2;

const schema2Types: Types = { ...systemTypes, ...deviceTypes, ...containerTypes, ...guestTypes, ...processTypes };

/** The table of each schema. What schema 1 does not have, such as the signals of processes, is that of schema 2. */
export const tables: Readonly<Record<SchemaMajor, Types>> = {
  1: { ...processTypes, ...schema1Types },
  2: schema2Types,
};
