// Versions of Windows, compared as numbers.

/** Major, minor, build and revision. */
export interface WindowsVersion {
  readonly major: number;
  readonly minor: number;
  readonly build: number;
  /** Not everybody says it. */
  readonly revision?: number;
}

/** `10.0.20348.2966`, or `10.0.20348`; nothing where the text is no such version. */
export function parseVersion(text: string): WindowsVersion | undefined {
  if (!/^\d{1,9}(?:\.\d{1,9}){2,3}$/.test(text)) return undefined;
  const [major = 0, minor = 0, build = 0, revision] = text.split('.').map(Number);
  return { major, minor, build, ...(revision === undefined ? {} : { revision }) };
}

/** The higher build first, of one build the higher revision, in an order that sort() takes. */
export function newestFirst(one: WindowsVersion, other: WindowsVersion): number {
  return (
    other.major - one.major ||
    other.minor - one.minor ||
    other.build - one.build ||
    (other.revision ?? -1) - (one.revision ?? -1)
  );
}
