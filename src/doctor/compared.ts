// What compatibility() is given, checked.
import { HcsArgumentError } from '../errors/errors.js';
import { isPlainObject, readOptions } from '../known-options.js';
import { parseVersion } from './windows-version.js';

/** What an image is for, as its configuration or an index of OCI has it. */
export interface ComparedPlatform {
  /** Default `windows`. */
  readonly os?: string;
  readonly architecture?: string;
  readonly osVersion?: string;
  readonly 'os.version'?: string;
}

/** An index of OCI, of which nothing but the platforms is looked at. */
export interface ComparedIndex {
  readonly manifests: readonly { readonly platform?: ComparedPlatform }[];
}

export type ComparedImage = string | ComparedPlatform | ComparedIndex | readonly ComparedPlatform[];

/** A host, by its version: `10.0.20348.2700`. */
export interface ComparedHost {
  readonly osVersion: string;
  /** As images name it (`amd64`), or Windows (`x64`). */
  readonly architecture?: string;
}

/** As many entries an index may have. */
const mostEntries = 4096;

export function hostOf(host: unknown): ComparedHost {
  if (typeof host === 'string') return { osVersion: versionOf(host, 'host') };
  const { osVersion, architecture } = readOptions(host as ComparedHost, ['osVersion', 'architecture'], 'host');
  if (architecture !== undefined && typeof architecture !== 'string') {
    throw new HcsArgumentError('host.architecture', 'must be a string', architecture);
  }
  return { osVersion: versionOf(osVersion, 'host.osVersion'), ...(architecture !== undefined && { architecture }) };
}

function versionOf(text: unknown, field: string): string {
  if (typeof text === 'string' && parseVersion(text) !== undefined) return text;
  throw new HcsArgumentError(field, 'must be a version of Windows', text, 'Such as 10.0.20348.2700.');
}

/** At least one. */
export function platformsOf(image: unknown): readonly ComparedPlatform[] {
  if (typeof image === 'string') return [{ os: 'windows', osVersion: versionOf(image, 'image') }];
  if (Array.isArray(image)) return listOf(image, 'image', platformOf);
  if (!isPlainObject(image)) throw notAnImage('image', image);
  if (!('manifests' in image)) return [platformOf(image, 'image')];
  const { manifests } = image;
  if (!Array.isArray(manifests)) throw new HcsArgumentError('image.manifests', 'must be an array', manifests);
  return listOf(manifests, 'image.manifests', (entry, field) => {
    if (!isPlainObject(entry)) throw new HcsArgumentError(field, 'must be an object', entry);
    const { platform } = entry as { readonly platform?: unknown };
    return platform === undefined ? { os: 'unknown' } : platformOf(platform, `${field}.platform`);
  });
}

function listOf(
  list: readonly unknown[],
  field: string,
  read: (item: unknown, field: string) => ComparedPlatform,
): readonly ComparedPlatform[] {
  if (list.length === 0 || list.length > mostEntries) {
    throw new HcsArgumentError(field, `must have 1 to ${mostEntries} entries`, list.length);
  }
  return list.map((item, index) => read(item, `${field}[${index}]`));
}

// Other members, such as variant and os.features, are not looked at. What an index says of a version need not be one.
function platformOf(given: unknown, field: string): ComparedPlatform {
  if (!isPlainObject(given)) throw notAnImage(field, given);
  const platform = given as Readonly<Record<string, unknown>>;
  const text = (name: string): string | undefined => {
    const value = platform[name];
    if (value === undefined || typeof value === 'string') return value === '' ? undefined : value;
    throw new HcsArgumentError(`${field}.${name}`, 'must be a string', value);
  };
  const [os = 'windows', architecture, osVersion] = [text('os'), text('architecture'), text('osVersion')];
  const version = osVersion ?? text('os.version');
  return {
    os,
    ...(architecture !== undefined && { architecture }),
    ...(version !== undefined && { osVersion: version }),
  };
}

const notAnImage = (field: string, given: unknown): HcsArgumentError =>
  new HcsArgumentError(field, 'must be a version, a platform, an index, or an array of platforms', given);
