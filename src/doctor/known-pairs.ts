// What is known of images and hosts beyond the rules of compatibility.ts. Data: a line is added where one is reported.

/** Builds, both ends included. */
export type Builds = readonly [first: number, last: number];

/** Images that are reported to fail on hosts, though the rule lets them run. */
export interface KnownPair {
  readonly image: Builds;
  readonly host: Builds;
  /** How they fail. */
  readonly cause: string;
  readonly remedy: string;
  /** Who reported it, and on which day (YYYY-MM-DD). */
  readonly source: string;
  readonly date: string;
}

export const knownPairs: readonly KnownPair[] = [
  {
    image: [26100, 26100],
    host: [26200, 26200],
    cause:
      'Images of Windows Server 2025 are reported to fail on Windows 11 25H2 with 0xC0370112 in PrepareLayer, in either isolation.',
    remedy: 'Take an image of Windows Server 2022 (tag ltsc2022) with Hyper-V isolation.',
    source: 'microsoft/hcsshim#2566',
    date: '2025-11-24',
  },
];

/** Releases of which Microsoft publishes base images for servers: those that last are tagged so. */
export const baseTags: readonly { readonly tag: string; readonly build: number }[] = [
  { tag: 'ltsc2025', build: 26100 },
  { tag: 'ltsc2022', build: 20348 },
  { tag: 'ltsc2019', build: 17763 },
  { tag: 'ltsc2016', build: 14393 },
];
