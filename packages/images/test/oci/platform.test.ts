import { equal, match, throws } from 'node:assert/strict';

import { ImageError } from '../../src/image-error.js';
import type { Descriptor, Platform } from '../../src/oci/descriptor.js';
import type { Isolation } from '../../src/oci/platform.js';
import { checkPlatform, choosePlatform, platformName } from '../../src/oci/platform.js';

let made = 0;
function entry(platform?: Platform): Descriptor {
  const digest = `sha256:${(made += 1).toString(16).padStart(64, '0')}` as const;
  return { mediaType: 'application/vnd.oci.image.manifest.v1+json', digest, size: 1, ...(platform && { platform }) };
}

const windows = (osVersion?: string, rest: Partial<Platform> = {}): Descriptor =>
  entry({ os: 'windows', architecture: 'amd64', ...(osVersion === undefined ? {} : { osVersion }), ...rest });
const linux = entry({ os: 'linux', architecture: 'amd64' });
const attestation = entry({ os: 'unknown', architecture: 'unknown' });

function wanted(osVersion?: string, isolation: Isolation = 'process', architecture = 'amd64') {
  return { platform: { os: 'windows', architecture, ...(osVersion === undefined ? {} : { osVersion }) }, isolation };
}

function chosen(entries: Descriptor[], host?: string, isolation?: Isolation): string | undefined {
  try {
    const { platform } = choosePlatform(entries, wanted(host, isolation), 'a:1');
    return platform?.osVersion ?? 'without version';
  } catch (error) {
    if (error instanceof ImageError && error.code === 'ERR_HC_IMAGE_PLATFORM') return undefined;
    throw error;
  }
}

function refusalOf(entries: Descriptor[], host: ReturnType<typeof wanted>): string {
  try {
    choosePlatform(entries, host, 'a:1');
  } catch (error) {
    return (error as ImageError).message;
  }
  throw new Error('it is accepted');
}

describe('choosePlatform()', () => {
  // Host, build of the image, in a container of the host's kernel, in one of its own.
  const table: [host: number, image: number, process: boolean, hyperv: boolean][] = [
    [17_763, 17_763, true, true],
    [17_763, 14_393, false, true],
    [17_763, 20_348, false, false],
    [19_045, 17_763, false, true],
    [19_045, 19_041, false, true],
    [20_348, 20_348, true, true],
    [20_348, 20_347, false, true],
    [20_348, 17_763, false, true],
    [22_621, 20_348, true, true],
    [22_621, 22_621, true, true],
    [22_621, 22_622, false, false],
    [22_621, 20_347, false, true],
    [26_100, 20_348, true, true],
    [26_100, 26_100, true, true],
    [26_100, 20_347, false, true],
    [26_200, 26_100, true, true],
    [26_200, 26_200, true, true],
    [26_200, 20_348, false, true],
    [26_200, 26_099, false, true],
  ];
  for (const [host, image, process, hyperv] of table) {
    it(`${process ? 'takes' : 'refuses'} ${image} on ${host}, ${hyperv ? 'takes' : 'refuses'} it with its own kernel`, () => {
      const entries = [windows(`10.0.${image}.7`)];
      const taken = `10.0.${image}.7`;
      equal(chosen(entries, `10.0.${host}`), process ? taken : undefined);
      equal(chosen(entries, `10.0.${host}`, 'hyperv'), hyperv ? taken : undefined);
    });
  }

  it('compares numbers, never texts', () => {
    const entries = [windows('10.0.20348.866'), windows('10.0.20348.3091'), windows('10.0.9600.9999')];
    equal(chosen(entries, '10.0.20348'), '10.0.20348.3091');
    equal(chosen(entries, '10.0.20348', 'hyperv'), '10.0.20348.3091');
  });

  it('prefers the highest build', () => {
    const entries = [windows('10.0.20348.9999'), windows('10.0.26100.1'), windows('10.0.22621.5')];
    equal(chosen(entries, '10.0.26100'), '10.0.26100.1');
    equal(chosen(entries, '10.0.22621', 'hyperv'), '10.0.22621.5');
  });

  it('prefers revisions that are not newer than a host that says its own', () => {
    const entries = [windows('10.0.20348.9'), windows('10.0.20348.7'), windows('10.0.20348.5')];
    equal(chosen(entries, '10.0.20348.8'), '10.0.20348.7');
    equal(chosen(entries, '10.0.20348.4'), '10.0.20348.9');
  });

  it('takes an entry without a version where there is no better one', () => {
    equal(chosen([windows(), windows('10.0.20348.1')], '10.0.20348'), '10.0.20348.1');
    equal(chosen([windows(), windows('10.0.17763.1')], '10.0.20348'), 'without version');
    equal(chosen([windows(''), windows('10.0.17763.1')], '10.0.20348'), '');
  });

  it('takes the newest for a host without a version', () => {
    equal(chosen([windows('10.0.17763.1'), windows('10.0.26100.1'), windows('10.0.20348.1')]), '10.0.26100.1');
  });

  it('takes the first of equal ones', () => {
    const [first, second] = [windows('10.0.20348.1'), windows('10.0.20348.1')];
    equal(choosePlatform([first, second], wanted('10.0.20348'), 'a:1'), first);
  });

  it('takes images with win32k, and none with another feature', () => {
    equal(chosen([windows('10.0.20348.1', { osFeatures: ['win32k'] })], '10.0.20348'), '10.0.20348.1');
    equal(chosen([windows('10.0.20348.1', { osFeatures: ['other'] })], '10.0.20348'), undefined);
  });

  it('skips Linux, attestations, entries without a platform, and other architectures', () => {
    const entries = [linux, attestation, entry(), windows('10.0.20348.9', { architecture: 'arm64' })];
    equal(chosen([...entries, windows('10.0.20348.1')], '10.0.20348'), '10.0.20348.1');
    equal(chosen(entries, '10.0.20348'), undefined);
  });

  it('takes no version that is malformed', () => {
    for (const osVersion of ['10.0', '10.0.20348.1.1', 'x', '10.0.-1.0', '10.0.20348.', '10.0.1e9.0']) {
      equal(chosen([windows(osVersion)], '10.0.20348'), undefined, osVersion);
    }
  });

  it('says what the index has, what the host is, and what to do', () => {
    const entries = [linux, windows('10.0.17763.1'), attestation];
    const message = refusalOf(entries, wanted('10.0.20348.5'));
    match(
      message,
      /a:1 is not for windows\/amd64 10\.0\.20348\.5: it is for linux\/amd64, windows\/amd64 10\.0\.17763\.1\./,
    );
    match(message, /isolation 'hyperv'/);
    match(refusalOf(entries, wanted('10.0.14393')), /Name a tag for Windows 10\.0\.14393/);
    match(refusalOf([linux], wanted('10.0.20348')), /Only images for Windows run here/);
  });

  it('names twelve platforms of an index that has thousands', () => {
    const entries = Array.from({ length: 5000 }, (_, build) => windows(`10.0.${build}.0`));
    const message = refusalOf(entries, wanted('10.0.20348'));
    match(message, / and 4988 more/);
    equal(message.length < 1000, true);
  });
});

describe('checkPlatform()', () => {
  it('refuses an image for Linux and names its platform', () => {
    throws(() => checkPlatform({ os: 'linux', architecture: 'arm64', variant: 'v8' }, wanted('10.0.20348'), 'a:1'), {
      code: 'ERR_HC_IMAGE_PLATFORM',
      message: /it is for linux\/arm64\/v8\. Only images for Windows run here/,
    });
  });

  it('accepts what the host runs', () => {
    checkPlatform({ os: 'windows', architecture: 'amd64', osVersion: '10.0.20348.1' }, wanted('10.0.20348'), 'a:1');
    checkPlatform({ os: 'windows', architecture: 'x86_64' }, wanted('10.0.20348'), 'a:1');
  });
});

describe('platformName()', () => {
  it('shows nothing that a terminal would obey', () => {
    equal(platformName({ os: '\u001b[2J', architecture: 'a'.repeat(500) }).includes('\u001b'), false);
    equal(platformName({ os: '', architecture: 'a'.repeat(500) }).length, 80);
  });
});
