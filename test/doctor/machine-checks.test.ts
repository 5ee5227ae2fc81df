// The checks of disks, filters, networks, neighbours, memory, policies, images and Linux, by what differs from a healthy server.
import assert from 'node:assert/strict';

import type { Answer, CheckedImage, CheckResult, Goal, Outcome } from 'hostcompute/doctor';
import { doctor, goals as allGoals, replay } from 'hostcompute/doctor';

import { absent, build, denied, healthy, hung, noService, number, service, text, value, version } from './healthy.js';
import type { Answered } from './hosts/server-2022.js';
import {
  addressed,
  attachedFilters,
  bootFiles,
  containersKey,
  exclusions,
  memoryOf,
  nat,
  recordingOf,
  root,
  runningDrivers,
  volumeOf,
} from './hosts/server-2022.js';

interface Looked {
  readonly goals?: readonly Goal[];
  readonly root?: string;
  readonly image?: CheckedImage;
}

async function checkOf(id: string, differs: Answered, options: Looked = {}): Promise<CheckResult> {
  const { checks } = await doctor({ goals: allGoals, answers: replay(recordingOf(differs)), ...options });
  return checks.find((check) => check.id === id)!;
}

type Row = [name: string, differs: Answered, outcome: Outcome, says: RegExp, options?: Looked];

const volume = `volume ${root}`;
const dev = `dev-drive ${root}`;
const failed = (error: number): Answer => ({ error, call: 'x' });
const gone = failed(3);
const prefix = (at: number, address: string, name = `Ethernet ${at}`) => ({
  name,
  type: 6,
  index: at,
  prefix: address,
});
const networksOf = (...all: object[]): Answered => ({ networks: value([nat, ...all]) });
const long = `C:\\${'x'.repeat(78)}`;
const at = (path: string): Answered => ({ [`volume ${path}`]: volumeOf({}), [`dev-drive ${path}`]: failed(1) });
const imageOf = (osVersion?: string, more = {}): Looked => ({
  image: { os: 'windows', ...(osVersion !== undefined && { osVersion }), ...more },
});
const docker = { 'service docker': service(2, 4) };

const table: Readonly<Record<string, readonly Row[]>> = {
  'disk.filesystem': [
    ['a share', { [volume]: volumeOf({ driveType: 4 }) }, 'problem', /network share/],
    ['an optical disc', { [volume]: volumeOf({ driveType: 5, fileSystem: 'UDF' }) }, 'problem', /optical disc/],
    ['FAT', { [volume]: volumeOf({ fileSystem: 'FAT32' }) }, 'problem', /is FAT32/],
    ['no name', { [volume]: volumeOf({ fileSystem: '' }) }, 'problem', /no known file system/],
    ['ReFS for machines alone', { [volume]: volumeOf({ fileSystem: 'ReFS' }) }, 'warning', /ReFS/, { goals: ['vm'] }],
    ['encrypted', { [volume]: volumeOf({ attributes: 0x4010 }) }, 'problem', /cipher \/d/],
    ['sparse', { [volume]: volumeOf({ attributes: 0x210 }) }, 'problem', /another root/],
    ['a folder that is read-only and indexed', { [volume]: volumeOf({ attributes: 0x2031 }) }, 'ok', /^$/],
    ['no drive', { [volume]: gone }, 'problem', /no volume/],
    ['a hang', { [volume]: hung }, 'unknown', /2000 ms/],
  ],
  'disk.devdrive': [
    ['untrusted', { [dev]: value({ flags: 0x2000 }) }, 'problem', /not trusted/],
    ['for machines alone', { [dev]: value({ flags: 0x6000 }) }, 'warning', /trusted/, { goals: ['vm'] }],
    ['flags of others', { [dev]: value({ flags: 0x4001 }) }, 'ok', /^$/],
    ['no such control', { [dev]: failed(50) }, 'ok', /^$/],
    ['no drive', { [dev]: gone }, 'skipped', /no volume/],
    ['denied', { [dev]: denied }, 'unknown', /elevat/],
  ],
  'disk.space': [
    ['enough', { [volume]: volumeOf({ freeBytes: 20 * 2 ** 30 }) }, 'ok', /^$/],
    ['little', { [volume]: volumeOf({ freeBytes: 20 * 2 ** 30 - 1 }) }, 'warning', /20\.0 GiB left/],
    ['still little', { [volume]: volumeOf({ freeBytes: 5 * 2 ** 30 }) }, 'warning', /5\.0 GiB/],
    ['too little', { [volume]: volumeOf({ freeBytes: 5 * 2 ** 30 - 1 }) }, 'problem', /images prune/],
    ['no drive', { [volume]: gone }, 'skipped', /no volume/],
  ],
  'disk.paths': [
    ['80 characters', at(long.slice(0, 80)), 'ok', /^$/, { root: long.slice(0, 80) }],
    ['81 characters', at(long), 'warning', /81 characters/, { root: long }],
    [
      'a text',
      { 'registry SYSTEM\\CurrentControlSet\\Control\\FileSystem:LongPathsEnabled': text('1') },
      'unknown',
      /number/,
    ],
    ['no value', { 'registry SYSTEM\\CurrentControlSet\\Control\\FileSystem:LongPathsEnabled': absent }, 'ok', /^$/],
  ],
  'filters.foreign': [
    ['a driver that is stopped', { drivers: value([{ name: 'cbfs6', state: 1 }]) }, 'ok', /^$/],
    [
      'a filter and no driver',
      { filters: attachedFilters({ cbfsfilter2020: '149999.99' }) },
      'problem',
      /cbfsfilter2020/,
    ],
    ['other letters', { drivers: runningDrivers('CBFS20') }, 'problem', /CBFS20.*Update/],
    ['Dropbox', { drivers: runningDrivers('dbx') }, 'warning', /Dropbox/],
    ['sync', { filters: attachedFilters({ AcmeSync: '186000' }) }, 'warning', /AcmeSync \(FSFilter HSM/],
    ['just below', { filters: attachedFilters({ Acme: '179999.9' }) }, 'ok', /^$/],
    ['no altitude', { filters: attachedFilters({ Acme: 'high' }) }, 'ok', /^$/],
    [
      'many',
      { filters: attachedFilters(Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`A${n}`, '140500']))) },
      'warning',
      /and 4 more/,
    ],
    ['drivers that hang', { drivers: hung }, 'unknown', /drivers/],
    ['filters that are denied', { filters: failed(0x80070005) }, 'unknown', /filters.*elevat/],
  ],
  antivirus: [
    ['a folder around the root', { [exclusions]: value({ keys: [], values: ['d:/'] }) }, 'ok', /^$/],
    ['an empty exclusion', { [exclusions]: value({ keys: [], values: [''] }) }, 'warning', /Add-MpPreference/],
    [
      'an empty exclusion, and a share',
      { [exclusions]: value({ keys: [], values: [''] }) },
      'warning',
      /server/,
      { root: '\\\\server\\layers' },
    ],
    ['no exclusions', { [exclusions]: absent }, 'warning', /Defender/],
    ['exclusions that are denied', { [exclusions]: denied }, 'unknown', /elevat/],
    ['a scanner of nobody known', { filters: attachedFilters({ AcmeScan: '320500' }) }, 'warning', /AcmeScan scans/],
    [
      'a scanner seen without elevation',
      { filters: failed(0x80070005), drivers: runningDrivers('CSAgent') },
      'warning',
      /CrowdStrike \(CSAgent\)/,
    ],
    ['an exclusion, and filters unseen', { filters: failed(0x80070005) }, 'unknown', /filters/],
    ['none', { filters: value([]), drivers: value([]) }, 'ok', /^$/],
  ],
  'net.nat': [
    ['an ICS network', networksOf({ name: 'Default Switch', type: 'ICS', prefixes: ['172.30.0.0/20'] }), 'ok', /^$/],
    [
      'two that overlap',
      networksOf({ name: 'b', type: 'nat', prefixes: ['172.24.8.0/24'] }),
      'problem',
      /network nat overlaps 172\.24\.8\.0\/24 of the network b/,
    ],
    ['a network of another kind', networksOf({ name: 'b', type: 'L2Bridge', prefixes: ['172.24.0.0/20'] }), 'ok', /^$/],
    [
      'IPv6 that overlaps',
      {
        ...addressed([prefix(30, '10.9.0.1/24')], [['fd00:7::/32', '::', 30]]),
        ...networksOf({ name: 'six', type: 'nat', prefixes: ['fd00:7:0:1::/64'] }),
      },
      'problem',
      /fd00:7::\/32/,
    ],
    [
      'IPv6 that does not',
      {
        ...addressed([], [['fd00:8::/32', '::', 30]]),
        ...networksOf({ name: 'six', type: 'nat', prefixes: ['fd00:7::/64'] }),
      },
      'ok',
      /^$/,
    ],
    ['adapters that overlap each other', addressed([prefix(30, '10.9.0.1/24'), prefix(31, '10.9.0.2/16')]), 'ok', /^$/],
    ['its prefix next to another', addressed([prefix(30, '172.24.16.1/20')]), 'ok', /^$/],
    [
      'an adapter with a like name',
      addressed([prefix(30, '172.24.0.9/28', 'vEthernet (nat 2)')]),
      'problem',
      /vEthernet \(nat 2\)/,
    ],
    ['a service that is gone', { networks: failed(0x800706ba) }, 'unknown', /networks/],
    ['prefixes that are none', { networks: value([{ ...nat, prefixes: ['odd', '1.2.3.4/33', ''] }]) }, 'ok', /^$/],
  ],
  neighbours: [
    ['Docker alone', { ...docker, 'service containerd': noService }, 'ok', /^$/],
    ['Docker, and containerd stopped', { ...docker, 'service containerd': service(3, 1) }, 'ok', /^$/],
    ['two with two networks', { ...docker, ...networksOf({ name: 'b', type: 'nat', prefixes: [] }) }, 'ok', /^$/],
    ['two where networks do not matter', docker, 'ok', /^$/, { goals: ['process'] }],
    ['two, and networks that cannot be listed', { ...docker, networks: denied }, 'unknown', /networks/],
    ['a service that hangs', { 'service docker': hung }, 'unknown', /service docker/],
    ['systems that cannot be listed', { systems: denied }, 'ok', /^$/],
  ],
  memory: [
    ['1 GiB left', { memory: memoryOf(8, 10, 9) }, 'ok', /^$/],
    ['less than 1 GiB left', { memory: memoryOf(8, 10, 9.01) }, 'problem', /1\.0 GiB can still.*enlarge/],
    ['more committed than there is', { memory: memoryOf(8, 10, 11) }, 'problem', /^0\.0 GiB/],
    ['no page file', { memory: memoryOf(8, 7.9, 2) }, 'warning', /AutomaticManagedPagefile/],
  ],
  'policy.containers': [
    [
      'no locks',
      { [`registry ${containersKey}:VSmbDisableOplocks`]: number(1) },
      'warning',
      /Remove-ItemProperty 'HKLM:.*' 'VSmbDisableOplocks'/,
    ],
    ['a value that is 0', { [`registry ${containersKey}:VSmbDisableOplocks`]: number(0) }, 'ok', /^$/],
    [
      'trials',
      { [`registry-key ${containersKey}`]: value({ keys: [], values: ['Other', 'zzTrial'] }) },
      'warning',
      /zzTrial/,
    ],
    ['no key', { [`registry-key ${containersKey}`]: absent }, 'ok', /^$/],
    ['a text', { [`registry ${containersKey}:VSmbDisableOplocks`]: text('0') }, 'unknown', /number/],
  ],
  image: [
    ['its own version', {}, 'ok', /^$/, imageOf('10.0.20348.2700', { architecture: 'amd64' })],
    ['an older build', {}, 'problem', /Hyper-V isolation.*ltsc2022/, imageOf('10.0.17763.1')],
    ['an older build, with a kernel of its own', {}, 'ok', /^$/, { ...imageOf('10.0.17763.1'), goals: ['hyperv'] }],
    ['a newer build', {}, 'problem', /newer than this host/, { ...imageOf('10.0.26100.1'), goals: ['hyperv'] }],
    ['another processor', {}, 'problem', /arm64/, imageOf('10.0.20348.1', { architecture: 'arm64' })],
    ['no version', {}, 'warning', /does not say/, imageOf()],
    ['no version of Windows', {}, 'problem', /no version of Windows/, imageOf('latest')],
    ['Linux', {}, 'problem', /LCOW/, { image: { os: 'linux' }, goals: ['process', 'hyperv'] }],
    ['Linux, for Linux containers', {}, 'ok', /^$/, { image: { os: 'linux' } }],
    ['a revision that is a text', { [`${version}:UBR`]: text('2700') }, 'unknown', /number/, imageOf('10.0.20348.1')],
    ['no revision', { [`${version}:UBR`]: absent }, 'unknown', /UBR/, imageOf('10.0.20348.1')],
  ],
  'lcow.files': [
    ['an uncompressed kernel', bootFiles('vmlinux', 'rootfs.vhd'), 'ok', /^$/],
    [
      'an uncompressed kernel on 17763',
      { ...bootFiles('vmlinux', 'rootfs.vhd'), system: build(17763) },
      'problem',
      /no kernel/,
    ],
    ['no root', bootFiles('kernel'), 'problem', /no root \(initrd\.img or rootfs\.vhd\) in C:\\Program Files/],
    [
      'an empty kernel',
      {
        ...bootFiles('kernel', 'initrd.img'),
        'file C:\\Program Files\\Linux Containers\\kernel': value({ kind: 'file', bytes: 0 }),
      },
      'problem',
      /no kernel/,
    ],
    ['nowhere to look', { 'environment ProgramFiles': value(null) }, 'unknown', /ProgramFiles/],
  ],
};

describe('The check', () => {
  for (const [id, rows] of Object.entries(table)) {
    for (const [name, differs, outcome, says, options] of rows) {
      it(`${id} is ${outcome}: ${name}`, async () => {
        const { cause = '', remedy = '', ...found } = await checkOf(id, differs, options);
        assert.equal(found.outcome, outcome, cause);
        assert.match(`${cause} ${remedy}`.trim(), says);
      });
    }
  }

  it('says who else is there', async () => {
    const { note } = await checkOf('neighbours', { 'service WSLService': service(2, 4) });
    assert.equal(note, 'containerd, WSL, 1 of containerd-shim-runhcs-v1.exe');
  });

  it('takes the time of a reader for 50,000 routes, and shows no text of a megabyte', async () => {
    const far = Array.from({ length: 50_000 }, (_, number): [string, string, number] => [
      `10.${number >> 8}.${number & 255}.0/24`,
      '10.8.0.1',
      9,
    ]);
    const many = { ...healthy, ...addressed([], far), networks: value([]) };
    const { outcome, remedy } = await checkOf('net.nat', many);
    assert.equal(outcome, 'warning');
    assert.match(remedy ?? '', /172\.16\.0\.0\/20/);
    const { cause = '' } = await checkOf('filters.foreign', { drivers: runningDrivers(`cbfs${'x'.repeat(2 ** 20)}`) });
    assert.ok(cause.length < 2100, `${cause.length} characters`);
  });
});
