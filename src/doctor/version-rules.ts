// The rules by which Windows lets an image run on a host, each with its source. What is reported against a rule stands above it
// (known-pairs.ts).
import type { ComparedHost, ComparedPlatform } from './compared.js';
import type { Builds, KnownPair } from './known-pairs.js';
import type { WindowsVersion } from './windows-version.js';
import { parseVersion } from './windows-version.js';

export type Verdict = 'process' | 'hyperv' | 'refused';

/** A rule, and where it comes from. */
export interface Rule {
  readonly says: string;
  readonly source: string;
  readonly date: string;
}

/** What may come wrong though the image runs. */
export interface CompatibilityWarning {
  readonly cause: string;
  readonly remedy: string;
  readonly source: string;
  readonly date: string;
}

export interface Judgement {
  readonly verdict: Verdict;
  readonly cause?: string;
  readonly remedy?: string;
  readonly warnings: readonly CompatibilityWarning[];
  readonly rule: Rule;
  /** That of the image. */
  readonly version?: WindowsVersion;
}

const hcsshim = { source: 'microsoft/hcsshim osversion/platform_compat_windows.go', date: '2026-08-20' };
const documentation = {
  source: 'MicrosoftDocs/Virtualization-Documentation deploy-containers/version-compatibility.md',
  date: '2026-08-07',
};

/** Each of these began a line within which older images run on newer hosts. */
const stableBuilds = [20348, 26100];
const [firstStable = 0] = stableBuilds;
/** Of Windows Server 2016, where revisions have to be equal as well. */
const oldestBuild = 14393;

const rules = {
  platform: {
    says: 'An image is for one system and one processor.',
    source: 'OCI image specification',
    date: '2026-11-30',
  },
  linux: {
    says: 'Linux runs in a virtual machine of its own.',
    source: 'microsoft/hcsshim internal/uvm',
    date: '2026-08-20',
  },
  noVersion: {
    says: 'An image without os.version is for any version.',
    source: 'OCI image specification',
    date: '2026-11-30',
  },
  numbers: { says: 'Major and minor versions have to be equal in either isolation.', ...hcsshim },
  newer: { says: 'No host runs an image of a newer build.', ...documentation },
  equal: {
    says: `Hosts older than ${firstStable} share their kernel with images of their own build only.`,
    ...hcsshim,
  },
  stable: {
    says:
      `Hosts from ${firstStable} on share their kernel with images from the newest long-term build below their own on ` +
      `(${stableBuilds.join(', ')}) up to their own.`,
    ...hcsshim,
  },
  revision: { says: `On build ${oldestBuild} the revision has to be equal as well.`, ...documentation },
} as const satisfies Record<string, Rule>;

const architectures: Readonly<Record<string, string>> = {
  x64: 'amd64',
  x86_64: 'amd64',
  aarch64: 'arm64',
  ia32: '386',
  x86: '386',
};
const architectureOf = (name: string): string => (Object.hasOwn(architectures, name) ? architectures[name]! : name);

export function judge(image: ComparedPlatform, host: ComparedHost, pairs: readonly KnownPair[]): Judgement {
  const { os = 'windows', architecture, osVersion } = image;
  if (architecture !== undefined && host.architecture !== undefined) {
    const [of, on] = [architectureOf(architecture), architectureOf(host.architecture)];
    if (of !== on) return refused(rules.platform, `The image is for ${shown(of)}, and this host is ${shown(on)}.`);
  }
  if (os === 'linux') return linux;
  if (os !== 'windows') return refused(rules.platform, `The image is for ${shown(os)}, and this host is Windows.`);
  if (osVersion === undefined) return { verdict: 'process', warnings: [unversioned], rule: rules.noVersion };
  const version = parseVersion(osVersion);
  if (version === undefined) {
    return refused(rules.numbers, `The version of the image, ${shown(osVersion)}, is no version of Windows.`);
  }
  return { ...judgeVersions(version, parseVersion(host.osVersion)!, pairs), version };
}

function judgeVersions(image: WindowsVersion, host: WindowsVersion, pairs: readonly KnownPair[]): Judgement {
  const [of, on] = [nameOf(image), nameOf(host)];
  if (image.major !== host.major || image.minor !== host.minor) {
    return refused(rules.numbers, `The image is of Windows ${of}, and this host of ${on}.`);
  }
  if (image.build > host.build) return refused(rules.newer, `The image, ${of}, is newer than this host, ${on}.`);
  const known = pairs.find((pair) => isIn(image.build, pair.image) && isIn(host.build, pair.host));
  if (known !== undefined) {
    const { cause, remedy, source, date } = known;
    const says = `Reported to fail: images of ${rangeOf(known.image)} on ${rangeOf(known.host)}.`;
    return { verdict: 'refused', cause, remedy, warnings: [], rule: { says, source, date } };
  }
  const oldest = oldestFor(host.build);
  const rule = host.build < firstStable ? rules.equal : rules.stable;
  if (image.build < oldest) {
    const cause = `The image, ${of}, cannot share the kernel of this host, ${on}: it takes ${oldest} at least.`;
    return hyperv(rule, cause);
  }
  return judgeRevisions(image, host, rule);
}

/** Of one build, or of an older one that shares the kernel. */
function judgeRevisions(image: WindowsVersion, host: WindowsVersion, rule: Rule): Judgement {
  const runs: Judgement = { verdict: 'process', warnings: [], rule };
  if (image.build !== host.build) return runs;
  const [of, on] = [image.revision, host.revision];
  if (of === undefined || on === undefined) {
    return host.build === oldestBuild ? { ...runs, warnings: [unknownRevision], rule: rules.revision } : runs;
  }
  if (host.build === oldestBuild && of !== on) {
    const cause = `The image has revision ${of}, and this host ${on}: on build ${oldestBuild} they have to be equal.`;
    return {
      ...hyperv(rules.revision, cause),
      remedy: `Use Hyper-V isolation, or take the tag 10.0.${oldestBuild}.${on}.`,
    };
  }
  return of > on ? { ...runs, warnings: [newerRevision(image, host)] } : runs;
}

/** The oldest build that a host shares its kernel with. */
function oldestFor(build: number): number {
  if (build < firstStable) return build;
  return Math.max(firstStable, ...stableBuilds.filter((stable) => stable < build));
}

const isIn = (build: number, [first, last]: Builds): boolean => build >= first && build <= last;
const rangeOf = ([first, last]: Builds): string => (first === last ? String(first) : `${first} to ${last}`);

const nameOf = ({ major, minor, build, revision }: WindowsVersion): string =>
  [major, minor, build, ...(revision === undefined ? [] : [revision])].join('.');

const shown = (text: string): string => JSON.stringify(text.slice(0, 40).replace(/[^\x20-\x7e]/g, '?'));

const refused = (rule: Rule, cause: string): Judgement => ({ verdict: 'refused', cause, warnings: [], rule });

const hyperv = (rule: Rule, cause: string): Judgement => ({ verdict: 'hyperv', cause, warnings: [], rule });

const linux: Judgement = {
  verdict: 'hyperv',
  cause: 'The image is for Linux.',
  remedy: 'Run it as a Linux container (LCOW), which needs Hyper-V and the files that "lcow.files" looks for.',
  warnings: [],
  rule: rules.linux,
};

const unversioned: CompatibilityWarning = {
  cause: 'The image does not say for which version of Windows it is.',
  remedy: 'Look at the layers that it stands on: a base of another version does not start.',
  source: rules.noVersion.source,
  date: rules.noVersion.date,
};

const unknownRevision: CompatibilityWarning = {
  cause: `On build ${oldestBuild} the revisions have to be equal, and one of them is not known.`,
  remedy: 'Give both versions with their fourth number.',
  ...documentation,
};

// Reported with 0xC0370106 and not with the code of a mismatch.
function newerRevision(image: WindowsVersion, host: WindowsVersion): CompatibilityWarning {
  const tag = nameOf(host);
  return {
    cause: `The image, ${nameOf(image)}, has a newer revision than this host, ${tag}: that is reported to fail with 0xC0370106.`,
    remedy: `Install the updates of Windows, or take the tag ${tag}.`,
    source: 'actions/runner-images#11582; microsoft/Windows-Containers#591',
    date: '2026-08-23',
  };
}
