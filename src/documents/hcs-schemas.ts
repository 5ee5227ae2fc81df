/**
 * The schemas of HCS.
 *
 * @module
 */
import { Schema } from './schema.js';
import { constraints1, constraints2, schema1, schema2 } from './tables.js';

/** The documents of schema 1. */
export const first = new Schema(schema1, constraints1, false);

/** The documents of schema 2. */
export const second = new Schema(schema2, constraints2, true);
