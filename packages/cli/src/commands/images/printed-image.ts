/**
 * Images as they are printed.
 *
 * @module
 */
import type { Image, Platform } from 'hostcompute-images';

import { shortDigest } from '../../output/image-progress.js';

export function printedImage({ id, references, digest, platform, layers, size, created }: Image) {
  const { os, architecture, osVersion = null } = platform;
  const date = created?.toISOString() ?? null;
  return { kind: 'image', id, references, digest, os, architecture, osVersion, layers, size, created: date };
}

export function platformText({ os, architecture, osVersion }: Platform): string {
  return [`${os}/${architecture}`, osVersion].filter((part) => part !== undefined && part !== '').join(' ');
}

/** A line for people: what it is called, and what it is. */
export function imageLine(image: Image): string {
  const { references, id, platform } = image;
  return `${references.length > 0 ? references.join(', ') : 'without a name'}: ${shortDigest(id)}, ${platformText(platform)}`;
}
