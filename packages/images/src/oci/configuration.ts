/**
 * The configuration of an image: what it runs on, what it is made of, and what it runs.
 *
 * @module
 */
import { CheckedJson } from './checked-json.js';
import type { Digest, Platform } from './descriptor.js';
import { platformOf } from './manifest.js';

export interface Configuration {
  readonly platform: Platform;
  /** Of the layers when they are decompressed, the base first. */
  readonly diffIds: readonly Digest[];
  readonly created: Date | null;
  /** All of it, for `documents.processFromOciImage()` and for images made of it. */
  readonly document: Readonly<Record<string, unknown>>;
}

const mostLayers = 500;

export function parseConfiguration(bytes: Uint8Array, digest: Digest): Configuration {
  const json = CheckedJson.parse(bytes, `the configuration ${digest}`);
  const rootfs = json.member('rootfs');
  if (rootfs.value === undefined) rootfs.fail('is not there: it is no image of a container');
  const type = rootfs.optional('type', (member) => member.text(200));
  if (type !== undefined && type !== 'layers') rootfs.member('type').fail('must be "layers"');
  const diffIds = rootfs.optional('diff_ids', (member) => member.list(mostLayers, (item) => item.digest())) ?? [];
  return {
    platform: platformOf(json),
    diffIds,
    created: json.optional('created', (member) => dateOf(member.text(200))) ?? null,
    document: json.object(),
  };
}

/** Go writes a time that it does not have as that of the year 1. */
function dateOf(text: string): Date | null {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) || date.getTime() < 0 ? null : date;
}
