/**
 * Manifests of images, and indexes that name one manifest for each platform: schema 2 of Docker and OCI, checked when they are
 * parsed.
 *
 * @module
 */
import { ImageError } from '../image-error.js';
import { CheckedJson } from './checked-json.js';
import type { Descriptor, Digest, Platform } from './descriptor.js';
import { isIndexType, isLayerType, isManifestType, mediaTypes } from './media-types.js';

export interface Manifest {
  readonly kind: 'manifest';
  readonly mediaType: string;
  readonly configuration: Descriptor;
  /** The base first. */
  readonly layers: readonly Descriptor[];
  readonly annotations: Readonly<Record<string, string>>;
}

export interface Index {
  readonly kind: 'index';
  readonly mediaType: string;
  readonly manifests: readonly Descriptor[];
}

/** More than any builder makes: Docker allows 127. */
const mostLayers = 500;
const mostManifests = 1000;

/**
 * @param digest - names it in errors
 * @param mediaType - what it was announced as; a document that says something else is refused
 */
export function parseManifest(bytes: Uint8Array, digest: Digest, mediaType?: string): Manifest | Index {
  const json = CheckedJson.parse(bytes, `the manifest ${digest}`);
  refuseSchema1(json, digest);
  const said = json.optional('mediaType', (member) => member.text());
  const announced = mediaType !== undefined && (isIndexType(mediaType) || isManifestType(mediaType));
  if (said !== undefined && announced && isIndexType(said) !== isIndexType(mediaType)) {
    json.member('mediaType').fail(`is "${said}", and it was announced as "${mediaType}"`);
  }
  // One that has the members of both would be another image to another reader.
  if (json.member('manifests').value !== undefined && json.member('config').value !== undefined) {
    json.fail('has both "manifests" and "config"');
  }
  const type = said ?? (announced ? mediaType : undefined);
  const isIndex = type === undefined ? json.member('manifests').value !== undefined : isIndexType(type);
  if (type !== undefined && !isIndex && !isManifestType(type)) {
    json.member('mediaType').fail(`is "${type}", which is no image`);
  }
  return isIndex ? indexOf(json, type) : manifestOf(json, type);
}

function indexOf(json: CheckedJson, mediaType: string = mediaTypes.index): Index {
  return {
    kind: 'index',
    mediaType,
    manifests: json.member('manifests').list(mostManifests, (item) => descriptorOf(item)),
  };
}

function manifestOf(json: CheckedJson, mediaType: string = mediaTypes.manifest): Manifest {
  const layers = json.member('layers').list(mostLayers, (item) => {
    const layer = descriptorOf(item, mediaTypes.layer);
    if (!isLayerType(layer.mediaType)) item.member('mediaType').fail(`is "${layer.mediaType}", which is no layer`);
    return layer;
  });
  const annotations = json.optional('annotations', textsOf) ?? {};
  return { kind: 'manifest', mediaType, configuration: descriptorOf(json.member('config')), layers, annotations };
}

/** @param mediaType - where it has none, as old tools wrote it */
export function descriptorOf(json: CheckedJson, mediaType = ''): Descriptor {
  const urls = json.optional('urls', (member) => member.list(20, (url) => url.text()));
  const platform = json.optional('platform', platformOf);
  const annotations = json.optional('annotations', textsOf);
  return {
    mediaType: json.optional('mediaType', (member) => member.text()) ?? mediaType,
    digest: json.member('digest').digest(),
    size: json.member('size').size(),
    ...(urls !== undefined && { urls }),
    ...(platform !== undefined && { platform }),
    ...(annotations !== undefined && { annotations }),
  };
}

/** Of a descriptor or a configuration, which have the same members. */
export function platformOf(json: CheckedJson): Platform {
  const osVersion = json.optional('os.version', (member) => member.text(200));
  const osFeatures = json.optional('os.features', (member) => member.list(50, (feature) => feature.text(200)));
  const variant = json.optional('variant', (member) => member.text(200));
  return {
    os: json.optional('os', (member) => member.text(200)) ?? 'unknown',
    architecture: json.optional('architecture', (member) => member.text(200)) ?? 'unknown',
    ...(osVersion !== undefined && osVersion !== '' && { osVersion }),
    ...(osFeatures !== undefined && { osFeatures }),
    ...(variant !== undefined && variant !== '' && { variant }),
  };
}

function textsOf(json: CheckedJson): Record<string, string> {
  return Object.fromEntries(Object.keys(json.object()).map((name) => [name, json.member(name).text(2 ** 20)]));
}

function refuseSchema1(json: CheckedJson, digest: Digest): void {
  const version = json.member('schemaVersion').value;
  if (version === 2) return;
  if (version !== 1) json.member('schemaVersion').fail('must be 2');
  throw new ImageError(`the manifest ${digest} is of schema 1, which Docker wrote until 2016`, {
    code: 'ERR_HC_IMAGE_CONTENT',
    remedy: 'Pull and push the image again by a current Docker.',
  });
}
