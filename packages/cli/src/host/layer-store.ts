/**
 * The store of layers that a command works with.
 *
 * @module
 */
import { isAbsolute, join, resolve } from 'node:path';

import { LayerStore } from 'hostcompute';

import { Failure, usageFailure } from '../failure.js';
import type { Context } from './context.js';
import { imagesFolder, makeFolder } from './root-folder.js';

export interface StoreOptions {
  readonly store?: string;
}

export interface ParentOptions extends StoreOptions {
  readonly parent?: readonly string[];
}

/** The folder of `--store`, else that of the images, which is made where it is not there. */
export async function openLayerStore({ store }: StoreOptions, context: Context): Promise<LayerStore> {
  const folder = store === undefined ? join(imagesFolder(context.root), 'layers') : resolve(store);
  if (store === undefined) await makeFolder(folder);
  return LayerStore.open(folder, { host: context.host });
}

/** Layers below: ids in the store, and folders. */
export function parentsOf({ parent = [] }: ParentOptions): readonly string[] {
  return parent.map((each) => (isFolder(each) ? resolve(each) : checkId(each)));
}

/** The name of one folder in the store, and none of those that belong to images. */
export function checkNewId(id: string, { store }: StoreOptions): string {
  const belongsToImages = store === undefined && /^([\da-f]{64}|import-.*)$/i.test(id);
  if (!belongsToImages) return checkId(id);
  throw usageFailure(`"${id}" is as layers of images are called`, 'Choose another id, or another --store.');
}

/** Of a layer that has to be there: to ask for another name than that of a folder is wrong use. */
export async function checkIsThere(id: string, store: LayerStore, signal: AbortSignal): Promise<void> {
  if (await store.exists(checkId(id), { signal })) return;
  const remedy = 'List those that are there by "hostcompute layers ls".';
  throw new Failure(`There is no layer "${id}" in ${store.folder}`, { code: 'ERR_HC_NO_LAYER', remedy });
}

/** The name of one folder. */
export function checkId(id: string): string {
  if (/^[^/\\:*?"<>|\x00-\x1f]+$/.test(id) && id !== '.' && id !== '..') return id;
  throw usageFailure(`"${id}" cannot be the id of a layer`, 'It must be the name of a folder in the store.');
}

const isFolder = (text: string): boolean => isAbsolute(text) || /[/\\]/.test(text);
