/**
 * What names a layer, and what is checked of the arguments of storage calls.
 *
 * @module
 */
import { basename, isAbsolute, join } from 'node:path';

import { checkedText } from '../documents/document-text.js';
import { HcsArgumentError } from '../errors/errors.js';

/** The folder of a layer. */
export function layerPath(folder: string, id: string): string {
  return join(folder, checkLayerId(id));
}

function checkLayerId(id: unknown, field = 'id'): string {
  const text = checkedText(id, field);
  const usable = text !== '' && !/[\\/:*?"<>|\x00-\x1f]/.test(text) && !/[. ]$/.test(text);
  if (usable) return text;
  throw new HcsArgumentError(field, 'must be the name of a folder in the folder of the store', text);
}

/** The folders of parents, which are ids of the same store or absolute paths. */
export function parentPaths(folder: string, parents: readonly string[], field = 'parents'): string[] {
  const given: unknown = parents;
  if (!Array.isArray(given)) {
    throw new HcsArgumentError(field, 'must be an array: first the immediate parent, last the base', given);
  }
  return parents.map((parent, i) => parentPath(folder, parent, `${field}[${i}]`));
}

export function parentPath(folder: string, parent: string, field: string): string {
  const text = checkedText(parent, field);
  return isAbsolute(text) ? text : join(folder, checkLayerId(text, field));
}

export function checkFolder(path: unknown, field: string): string {
  const text = checkedText(path, field);
  if (isAbsolute(text)) return text;
  throw new HcsArgumentError(field, 'must be an absolute path', text);
}

/** What NameToGuid is asked for: the last part of the path of a layer. */
export function leafOf(path: string): string {
  return basename(path);
}
