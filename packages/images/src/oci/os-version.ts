/**
 * Versions of Windows, compared as numbers.
 *
 * @module
 */

/** Major, minor, build and revision. */
export interface OsVersion {
  readonly major: number;
  readonly minor: number;
  readonly build: number;
  /** What a host does not say of itself. */
  readonly revision?: number;
}

/** `10.0.20348.2966`, or `10.0.20348`; nothing where the text is no such version. */
export function parseOsVersion(text: string): OsVersion | undefined {
  if (!/^\d{1,9}(?:\.\d{1,9}){2,3}$/.test(text)) return undefined;
  const [major = 0, minor = 0, build = 0, revision] = text.split('.').map(Number);
  return { major, minor, build, ...(revision === undefined ? {} : { revision }) };
}

// Each of these began a line within which older images run on newer hosts.
const stableBuilds = [20_348, 26_100];

/**
 * Whether an image of one version runs in a container of its own kernel (`hyperv`) or of the host's (`process`). The revision does
 * not matter.
 */
export function runsOn(image: OsVersion, host: OsVersion, isolation: 'process' | 'hyperv'): boolean {
  if (image.major !== host.major || image.minor !== host.minor) return false;
  if (isolation === 'hyperv') return image.build <= host.build;
  const [first = 0] = stableBuilds;
  if (host.build < first) return image.build === host.build;
  const oldest = Math.max(...stableBuilds.filter((build) => build < host.build || build === first));
  return oldest <= image.build && image.build <= host.build;
}
