// Whether an image runs on a host, and how: the rules of Windows, with their sources. Needs no Windows.
import { HcsArgumentError } from '../errors/errors.js';
import { isPlainObject, readOptions } from '../known-options.js';
import type { ComparedHost, ComparedImage, ComparedPlatform } from './compared.js';
import { hostOf, platformsOf } from './compared.js';
import type { KnownPair } from './known-pairs.js';
import { baseTags, knownPairs } from './known-pairs.js';
import type { CompatibilityWarning, Judgement, Rule, Verdict } from './version-rules.js';
import { judge } from './version-rules.js';
import { newestFirst } from './windows-version.js';

/** An entry of an index that would run. */
export interface FittingEntry {
  /** Its place in the index. */
  readonly index: number;
  readonly verdict: 'process' | 'hyperv';
  readonly osVersion: string;
}

/** What {@link compatibility} says. */
export interface Compatibility {
  /** `process`: in either isolation; `hyperv`: with a kernel of its own only; `refused`: not at all. */
  readonly verdict: Verdict;
  /** Why it is not `process`, and what to do about it. */
  readonly cause?: string;
  readonly remedy?: string;
  readonly warnings: readonly CompatibilityWarning[];
  /** Tags of Microsoft's base images that run in process isolation on this host, the newest first. */
  readonly tags: readonly string[];
  /** Of an index, or a list: the entries that would run, the best first. */
  readonly entries: readonly FittingEntry[];
  /** The versions that were compared; that of the image is empty where it says none. */
  readonly host: string;
  readonly image: string;
  /** What decided, where it comes from, and of which day that is (YYYY-MM-DD). */
  readonly rule: Rule;
}

/** Options of {@link compatibility}. */
export interface CompatibilityOptions {
  /** Pairs that are known to fail, above the rules; default those that this version knows, and `[]` for the rules alone. */
  readonly pairs?: readonly KnownPair[];
}

/**
 * Whether an image runs on a host. Compares versions alone: whether Hyper-V can be used, the doctor says.
 *
 * @param image - a version (`os.version`), a platform, an index with its `manifests`, or a list of platforms
 * @param host - a version with the revision where it is known, or a version and an architecture
 * @throws HcsArgumentError for what is no version, or no image
 * @example
 * const { verdict, tags } = compatibility('10.0.17763.6000', '10.0.20348.2700');
 * console.log(verdict, tags); // hyperv [ 'ltsc2022' ]
 */
export function compatibility(
  image: ComparedImage,
  host: string | ComparedHost,
  options: CompatibilityOptions = {},
): Compatibility {
  const { pairs = knownPairs } = readOptions(options, ['pairs']);
  checkPairs(pairs);
  const on = hostOf(host);
  const platforms = platformsOf(image);
  const judged = platforms.map((platform, index) => ({ ...judge(platform, on, pairs), platform, index }));
  const fitting = judged.filter(({ verdict }) => verdict !== 'refused').sort(bestFirst);
  const best = fitting[0] ?? (judged.length === 1 ? judged[0]! : noneOf(judged));
  const { verdict, cause, warnings, rule, platform } = best;
  const tags = tagsFor(on, pairs);
  return {
    verdict,
    ...(cause !== undefined && { cause, remedy: remedyFor(best, tags) }),
    warnings,
    tags,
    entries: fitting.map((entry) => ({
      index: entry.index,
      verdict: entry.verdict as FittingEntry['verdict'],
      osVersion: entry.platform.osVersion ?? '',
    })),
    host: on.osVersion,
    image: platform.osVersion ?? '',
    rule,
  };
}

type Judged = Judgement & { readonly platform: ComparedPlatform; readonly index: number };

// Process isolation first, then what warns of nothing, then the newest. sort() is stable: equal ones stay in the order of the index.
function bestFirst(one: Judged, other: Judged): number {
  return (
    Number(one.verdict === 'hyperv') - Number(other.verdict === 'hyperv') ||
    one.warnings.length - other.warnings.length ||
    (one.version === undefined || other.version === undefined
      ? Number(one.version === undefined) - Number(other.version === undefined)
      : newestFirst(one.version, other.version))
  );
}

function noneOf(judged: readonly Judged[]): Judged {
  const versions = [...new Set(judged.map(({ platform }) => nameOf(platform)))];
  const more = versions.length > 8 ? ` and ${versions.length - 8} more` : '';
  const cause = `None of its images runs here: ${versions.slice(0, 8).join(', ')}${more}.`;
  return { ...judged[0]!, cause, platform: {} };
}

// An index may say anything.
const nameOf = ({ os = 'windows', osVersion = 'without version' }: ComparedPlatform): string =>
  `${os} ${osVersion}`.slice(0, 60).replace(/[^\x20-\x7e]/g, '?');

function remedyFor({ verdict, remedy }: Judged, tags: readonly string[]): string {
  if (remedy !== undefined) return remedy;
  const tag = tags.length === 0 ? 'build it for the version of this host' : `take the tag ${tags.join(' or ')}`;
  return verdict === 'hyperv' ? `Use Hyper-V isolation, or ${tag}.` : `${tag[0]!.toUpperCase()}${tag.slice(1)}.`;
}

function tagsFor(host: ComparedHost, pairs: readonly KnownPair[]): string[] {
  const runs = baseTags.filter(
    ({ build }) => judge({ os: 'windows', osVersion: `10.0.${build}` }, host, pairs).verdict === 'process',
  );
  return runs.map(({ tag }) => tag);
}

function checkPairs(pairs: unknown): void {
  const isBuilds = (builds: unknown): boolean =>
    Array.isArray(builds) && builds.length === 2 && builds.every((build) => Number.isInteger(build));
  if (!Array.isArray(pairs)) throw new HcsArgumentError('options.pairs', 'must be an array of pairs', pairs);
  for (const [index, pair] of pairs.entries()) {
    const { image, host, cause, remedy, source, date } = (isPlainObject(pair) ? pair : {}) as Partial<KnownPair>;
    const texts: unknown[] = [cause, remedy, source, date];
    if (isBuilds(image) && isBuilds(host) && texts.every((text) => typeof text === 'string')) continue;
    const form = 'must have image and host as [first, last] builds, and the texts cause, remedy, source and date';
    throw new HcsArgumentError(`options.pairs[${index}]`, form, pair);
  }
}
