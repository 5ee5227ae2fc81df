/**
 * Which image of an index is for a host.
 *
 * @module
 */
import { release } from 'node:os';

import { compatibility } from 'hostcompute/doctor';

import { ImageError } from '../image-error.js';
import type { Descriptor, Platform } from './descriptor.js';
import type { OsVersion } from './os-version.js';
import { parseOsVersion } from './os-version.js';

export type Isolation = 'process' | 'hyperv';

/** What an image has to run on. Without `osVersion` any version does. */
export interface WantedPlatform {
  readonly platform: Platform;
  readonly isolation: Isolation;
}

const ofNode: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386' };
const alike: Readonly<Record<string, string>> = { ...ofNode, x86_64: 'amd64', aarch64: 'arm64' };

/** What this machine runs: Windows, of its own version where it is one. */
export function hostPlatform(): Platform {
  const architecture = ofNode[process.arch] ?? process.arch;
  return { os: 'windows', architecture, ...(process.platform === 'win32' ? { osVersion: release() } : {}) };
}

/** `windows/amd64 10.0.20348.2966` */
export function platformName({ os, architecture, variant, osVersion }: Platform): string {
  const parts = [os, architecture, variant].filter((part) => part !== undefined && part !== '');
  const name = osVersion === undefined || osVersion === '' ? parts.join('/') : `${parts.join('/')} ${osVersion}`;
  // An index may say anything.
  return name.slice(0, 80).replace(/[^\x20-\x7e]/g, '?');
}

/**
 * The entry of an index that is for a host: of those that run there the one with the highest build, and of these the one with the
 * highest revision that is not newer than the host.
 *
 * @throws ImageError `ERR_HC_IMAGE_PLATFORM`: none is; the message says what there is
 */
export function choosePlatform(entries: readonly Descriptor[], wanted: WantedPlatform, reference: string): Descriptor {
  const images = entries.filter(({ platform }) => platform !== undefined && !isUnknown(platform));
  const fitting = images.filter(({ platform }) => fits(platform!, wanted));
  const host = versionOf(wanted.platform);
  // sort() is stable: equal ones stay in the order of the index.
  const [best] = fitting.sort((a, b) => compare(versionOf(a.platform!), versionOf(b.platform!), host));
  if (best === undefined)
    throw refusal(
      images.map(({ platform }) => platform!),
      wanted,
      reference,
    );
  return best;
}

/**
 * Refuses an image that stands alone, whose configuration says what it is for.
 *
 * @throws ImageError `ERR_HC_IMAGE_PLATFORM`
 */
export function checkPlatform(platform: Platform, wanted: WantedPlatform, reference: string): void {
  if (!fits(platform, wanted)) throw refusal([platform], wanted, reference);
}

// What attestations have, which are no images.
function isUnknown({ os, architecture }: Platform): boolean {
  return os === 'unknown' || architecture === 'unknown';
}

function fits(image: Platform, { platform, isolation }: WantedPlatform): boolean {
  if (image.os !== platform.os) return false;
  if (architectureOf(image) !== architectureOf(platform)) return false;
  if (platform.variant !== undefined && (image.variant ?? '') !== platform.variant) return false;
  if (!hasFeatures(image, platform)) return false;
  if (!isText(image.osVersion) || !isText(platform.osVersion)) return true;
  if (versionOf(image) === undefined || versionOf(platform) === undefined)
    return image.osVersion === platform.osVersion;
  // By the rules alone: what is reported to fail is for the doctor to say, and may be mended when the image is run.
  const { verdict } = compatibility(image.osVersion, platform.osVersion, { pairs: [] });
  return isolation === 'hyperv' ? verdict !== 'refused' : verdict === 'process';
}

// All hosts that run containers have the whole of win32k.
function hasFeatures(image: Platform, { osFeatures = ['win32k'] }: Platform): boolean {
  return (image.osFeatures ?? []).every((feature) => osFeatures.includes(feature));
}

function architectureOf({ architecture }: Platform): string {
  return alike[architecture] ?? architecture;
}

function versionOf({ osVersion }: Platform): OsVersion | undefined {
  return osVersion === undefined ? undefined : parseOsVersion(osVersion);
}

function isText(text: string | undefined): text is string {
  return text !== undefined && text !== '';
}

function compare(a: OsVersion | undefined, b: OsVersion | undefined, host: OsVersion | undefined): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  const newer = (version: OsVersion): number =>
    Number(version.build === host?.build && (version.revision ?? 0) > (host.revision ?? Infinity));
  return (
    b.major - a.major ||
    b.minor - a.minor ||
    b.build - a.build ||
    newer(a) - newer(b) ||
    (b.revision ?? -1) - (a.revision ?? -1)
  );
}

const mostNamed = 12;

function refusal(images: readonly Platform[], wanted: WantedPlatform, reference: string): ImageError {
  const names = [...new Set(images.map(platformName))];
  const more = names.length > mostNamed ? ` and ${names.length - mostNamed} more` : '';
  const has = names.length === 0 ? 'it names no platform' : `it is for ${names.slice(0, mostNamed).join(', ')}${more}`;
  const asked = `${platformName(wanted.platform)}${wanted.isolation === 'hyperv' ? ' with a kernel of its own' : ''}`;
  return new ImageError(`${reference} is not for ${asked}: ${has}`, {
    code: 'ERR_HC_IMAGE_PLATFORM',
    reference,
    remedy: remedyFor(images, wanted),
  });
}

function remedyFor(images: readonly Platform[], wanted: WantedPlatform): string {
  const { platform, isolation } = wanted;
  if (platform.os === 'windows' && !images.some(({ os }) => os === 'windows')) {
    return 'Only images for Windows run here: name one that is built on Nano Server or Server Core';
  }
  if (isolation === 'process' && images.some((image) => fits(image, { platform, isolation: 'hyperv' }))) {
    return "Run it with the isolation 'hyperv', or name a tag for this version of Windows";
  }
  return isText(platform.osVersion)
    ? `Name a tag for Windows ${platform.osVersion}, or for an older one and the isolation 'hyperv'`
    : 'Name a platform that it has';
}
