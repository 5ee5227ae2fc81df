/**
 * Refuses options that are of a wrong type, by the names of their fields: programs without types make such mistakes.
 *
 * @module
 */
import { HcsArgumentError } from 'hostcompute';

import { isDigest } from './oci/descriptor.js';

const isText = (value: unknown): boolean => typeof value === 'string';
const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What a field must be, and whether a value is it. */
const kinds = {
  text: ['must be a string', isText],
  flag: ['must be a boolean', (value: unknown) => typeof value === 'boolean'],
  function: ['must be a function', (value: unknown) => typeof value === 'function'],
  object: ['must be an object', isObject],
  texts: ['must be a list of strings', (value: unknown) => Array.isArray(value) && value.every(isText)],
  headers: [
    'must be an object of strings',
    (value: unknown) => isObject(value) && Object.values(value as object).every(isText),
  ],
  count: ['must be a whole number above 0', (value: unknown) => Number.isSafeInteger(value) && (value as number) > 0],
  isolation: ["must be 'process' or 'hyperv'", (value: unknown) => value === 'process' || value === 'hyperv'],
} as const;

export type Kinds = Readonly<Record<string, keyof typeof kinds>>;

/** @param path - names the options in errors */
export function checkFields(options: unknown, fields: Kinds, path = 'options'): void {
  if (!isObject(options)) throw new HcsArgumentError(path, kinds.object[0], options);
  for (const [name, kind] of Object.entries(fields)) {
    const value = (options as Readonly<Record<string, unknown>>)[name];
    const [requirement, isFine] = kinds[kind];
    if (value !== undefined && !isFine(value)) throw new HcsArgumentError(`${path}.${name}`, requirement, value);
  }
}

export function checkLoadOptions(options: { readonly platform?: unknown }): void {
  checkFields(options, { platform: 'object', isolation: 'isolation', onProgress: 'function', concurrency: 'count' });
  const { platform = {} } = options;
  const texts = { os: 'text', architecture: 'text', osVersion: 'text', variant: 'text' } as const;
  checkFields(platform, { ...texts, osFeatures: 'texts' }, 'options.platform');
}

/** @param image - an image of a store, or what names it */
export function checkImage(image: unknown): void {
  if (isText(image)) return;
  const { digest, layers } = (image ?? {}) as { readonly digest?: unknown; readonly layers?: unknown };
  if (isDigest(digest) && Array.isArray(layers)) return;
  throw new HcsArgumentError('image', 'must be an image of the store, its name or its id', image);
}

export function checkText(value: unknown, field: string, requirement: `must ${string}`): void {
  if (!isText(value)) throw new HcsArgumentError(field, requirement, value);
}
