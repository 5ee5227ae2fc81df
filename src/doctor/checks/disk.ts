// Where layers are to lie: the volume of the root, and the root itself.
import { isAbsent } from '../answer.js';
import type { Check, Facts, Finding } from '../check.js';
import { devDrive, registryValue, volume } from '../questions.js';
import { CannotTell, unknown, valueOf } from '../read-answer.js';
import { isDevDrive, isRegistry, isVolume } from '../shapes.js';

const elsewhere = 'Choose another root, on a local NTFS volume that is no Dev Drive, such as C:\\layers.';

/** Answers that say of a path that there is no such volume. */
function noVolume(facts: Facts): Finding {
  return { outcome: 'problem', cause: `There is no volume for ${facts.root}.`, remedy: elsewhere };
}

const kinds: ReadonlyMap<number, string> = new Map([
  [4, 'a network share'],
  [5, 'an optical disc'],
]);

// FILE_ATTRIBUTE_*, and the command that clears each below a folder.
const hindering = [
  { bit: 0x800, name: 'compressed', remedy: (folder: string) => `compact /u /s:"${folder}" /a /i` },
  { bit: 0x4000, name: 'encrypted', remedy: (folder: string) => `cipher /d /s:"${folder}"` },
  { bit: 0x200, name: 'sparse', remedy: () => undefined },
];

export const diskFilesystem: Check = {
  id: 'disk.filesystem',
  title: 'file system of the root',
  goals: ['hyperv', 'vm', 'lcow', 'layers'],
  blocks: ['layers'],
  rule:
    'GetVolumeInformationW and GetDriveTypeW of the root: layers need a local NTFS volume. Its folder must be neither compressed, ' +
    'encrypted nor sparse: virtual disks in it are refused with 0xC03A001A, and layers with "parameter is incorrect".',
  source:
    'containerd/containerd plugins/snapshots/windows; moby/moby daemon/graphdriver/windows; anthropics/claude-code#66772; docker/for-win#933',
  date: '2026-08-23',
  async find(facts) {
    const question = volume(facts.root);
    const answer = await facts.ask(question);
    if (isAbsent(answer)) return noVolume(facts);
    const { root, fileSystem, driveType, folder, attributes } = valueOf(question, answer, isVolume);
    const kind = kinds.get(driveType);
    if (kind !== undefined) {
      return { outcome: 'problem', cause: `${root} is ${kind}, and layers need a local volume.`, remedy: elsewhere };
    }
    const bad = hindering.find(({ bit }) => (attributes & bit) !== 0);
    if (bad !== undefined) {
      const command = bad.remedy(folder);
      return {
        outcome: 'problem',
        cause: `The folder ${folder} is ${bad.name}: virtual disks in it are refused with 0xC03A001A.`,
        remedy: command === undefined ? elsewhere : `Clear it in an elevated prompt: ${command}`,
        blocks: ['hyperv', 'vm', 'lcow', 'layers'],
      };
    }
    if (fileSystem.toUpperCase() === 'NTFS') return { outcome: 'ok', note: `${root} is NTFS` };
    return {
      outcome: 'problem',
      cause: `${root} is ${fileSystem || 'of no known file system'}, and layers need NTFS.`,
      remedy: elsewhere,
    };
  },
};

/** What a volume that knows nothing of Dev Drives says: invalid function, not supported, invalid parameter. */
const noDevDrive: ReadonlySet<number> = new Set([1, 50, 87, 0xc0000010, 0xc00000bb, 0xc000000d]);

export const diskDevDrive: Check = {
  id: 'disk.devdrive',
  title: 'Dev Drive',
  goals: ['hyperv', 'vm', 'lcow', 'layers'],
  blocks: ['layers'],
  rule:
    'FSCTL_QUERY_PERSISTENT_VOLUME_STATE of the root: a Dev Drive is ReFS, and has few filters: none of those that make layers. ' +
    'Virtual disks may lie on one, a warning.',
  source: 'Microsoft Learn, Set up a Dev Drive on Windows 11; fsutil devdrv',
  date: '2026-08-07',
  async find(facts) {
    const question = devDrive(facts.root);
    const answer = await facts.ask(question);
    if ('error' in answer && noDevDrive.has(answer.error)) return { outcome: 'ok' };
    if (isAbsent(answer)) return { outcome: 'skipped', cause: `There is no volume for ${facts.root}.` };
    const { flags } = valueOf(question, answer, isDevDrive);
    if ((flags & 0x2000) === 0) return { outcome: 'ok' };
    const trusted = (flags & 0x4000) === 0 ? 'not trusted' : 'trusted';
    const drive = /^[a-z]:/i.exec(facts.root)?.[0] ?? facts.root;
    return {
      outcome: 'problem',
      cause: `${facts.root} is on a Dev Drive (${trusted}), which attaches none of the filters that make layers.`,
      remedy: `${elsewhere} The filters that it allows are listed by: fsutil devdrv query ${drive}`,
    };
  },
};

const gibibyte = 2 ** 30;
const little = 20 * gibibyte;
const tooLittle = 5 * gibibyte;

export const diskSpace: Check = {
  id: 'disk.space',
  title: 'free space',
  goals: ['layers'],
  blocks: ['layers'],
  rule:
    'GetDiskFreeSpaceExW of the root: less than 20 GiB is a warning, less than 5 GiB a problem. One image of Server Core takes ' +
    'about 2 GB packed, and three times as much unpacked, besides what containers write.',
  source: 'sizes of Windows Server 2025 images, Microsoft Tech Community; the bounds are of this package',
  date: '2025-05-13',
  async find(facts) {
    const question = volume(facts.root);
    const answer = await facts.ask(question);
    if (isAbsent(answer)) return { outcome: 'skipped', cause: `There is no volume for ${facts.root}.` };
    const { root, freeBytes } = valueOf(question, answer, isVolume);
    const free = `${(freeBytes / gibibyte).toFixed(1)} GiB`;
    if (freeBytes >= little) return { outcome: 'ok', note: `${free} on ${root}` };
    const cause = `${root} has ${free} left, and images of Windows take gigabytes each.`;
    const remedy = `Free some, such as by "hostcompute images prune", or choose a root on another volume.`;
    return { outcome: freeBytes < tooLittle ? 'problem' : 'warning', cause, remedy };
  },
};

/** Paths in layers are long: what is before them has to be short. */
const longestRoot = 80;
export const longPaths = registryValue('SYSTEM\\CurrentControlSet\\Control\\FileSystem', 'LongPathsEnabled');

export const diskPaths: Check = {
  id: 'disk.paths',
  title: 'length of paths',
  goals: ['layers'],
  blocks: [],
  rule:
    `The root has at most ${longestRoot} characters, whatever LongPathsEnabled says: not all components of HCS take long paths ` +
    '(0x6F, 0xCE).',
  source: 'docker/for-win#5577; moby/moby#22449; the bound is of this package',
  date: '2026-08-23',
  async find(facts) {
    const answer = await facts.ask(longPaths);
    if (!('value' in answer) && !isAbsent(answer)) return unknown(longPaths, answer);
    const enabled = isAbsent(answer) ? 0 : valueOf(longPaths, answer, isRegistry).value;
    if (typeof enabled !== 'number') throw new CannotTell(`"${longPaths}" is no number.`);
    const note = `long paths are ${enabled === 1 ? 'on' : 'off'} for other programs`;
    const { length } = facts.root;
    if (length <= longestRoot) return { outcome: 'ok', note };
    const cause = `The root has ${length} characters: paths in its layers get too long for some components of HCS (0x6F, 0xCE).`;
    return { outcome: 'warning', cause, remedy: 'Choose a shorter root, such as C:\\layers.', note };
  },
};
