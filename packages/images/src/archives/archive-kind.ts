/**
 * What a file is that is no archive of images: people give what their tools wrote, and it is reported by its name, with what takes
 * it.
 *
 * @module
 */
import type { ImageError } from '../image-error.js';
import { archiveError } from './archive-error.js';

const saveAgain = 'Save the image by "docker save" or "skopeo copy ... oci-archive:FILE".';
const asTar = 'Decompress it and load the tar, or compress the tar by gzip or zstd.';
const asDisk = 'Disks are attached by VirtualDisk of hostcompute/storage; images are archives of layers.';

type Verdict = readonly [what: string, remedy: string];

const magics: readonly (readonly [magic: string, verdict: Verdict])[] = [
  ['\xfd7zXZ\0', ['is compressed by xz, which is not supported', asTar]],
  ['BZh', ['is compressed by bzip2, which is not supported', asTar]],
  ['\x04"M\x18', ['is compressed by lz4, which is not supported', asTar]],
  ['PK\x03\x04', ['is a zip archive', saveAgain]],
  ['PK\x05\x06', ['is a zip archive', saveAgain]],
  ['7z\xbc\xaf\x27\x1c', ['is a 7z archive', saveAgain]],
  ['Rar!\x1a\x07', ['is a rar archive', saveAgain]],
  ['MSCF', ['is a cabinet (.cab)', saveAgain]],
  ['MSWIM\0\0\0', ['is a Windows image (.wim)', 'Build a container image of it, and save that.']],
  ['vhdxfile', ['is a virtual disk (.vhdx)', asDisk]],
  ['conectix', ['is a virtual disk (.vhd)', asDisk]],
  ['QFI\xfb', ['is a virtual disk (.qcow2)', asDisk]],
  ['KDMV', ['is a virtual disk (.vmdk)', asDisk]],
  ['hsqs', ['is a squashfs image', saveAgain]],
  ['MZ', ['is a program of Windows', saveAgain]],
  ['\x7fELF', ['is a program of Linux', saveAgain]],
  ['version https://git-lfs', ['is a pointer of Git LFS, and not the file itself', 'Run "git lfs pull" for it.']],
];

/** @param head - the first bytes, 512 of them or all that there are */
export function otherKind(archive: string, head: Buffer): ImageError {
  const text = head.toString('latin1');
  const [what, remedy] = magics.find(([magic]) => text.startsWith(magic))?.[1] ?? verdictOfText(head, text);
  return archiveError(`${archive} ${what}, and no archive of images`, remedy);
}

function verdictOfText(head: Buffer, text: string): Verdict {
  if (head.length === 0) return ['is empty', 'Save or copy the archive again.'];
  const start = text.replace(/^\xef\xbb\xbf/, '').trimStart();
  if (/^(?:<!doctype|<html|<\?xml|<error)/i.test(start)) {
    return ['is a page of HTML or XML', 'It may be an error of a server: fetch the archive again.'];
  }
  if (/^[{[]\s*["{[\]}]/.test(start)) {
    const isManifest = /"(?:schemaVersion|manifests|config|layers)"/.test(start);
    return isManifest
      ? ['is the JSON of a manifest or an index', 'Pull the image by its name, or load the folder that the file is in.']
      : ['is JSON', saveAgain];
  }
  return ['is no tar, or a damaged one', 'Save or copy the archive again.'];
}

/** What a tar or folder is by the names that it has. */
export function otherTree(archive: string, names: readonly string[]): ImageError {
  const has = (pattern: RegExp): boolean => names.some((name) => pattern.test(name));
  if (has(/^(?:Files|Hives|UtilityVM)(?:\/|$)/i)) {
    return archiveError(
      `${archive} is a single layer of Windows, and no archive of images`,
      'Import its tar by importLayer() of hostcompute.',
    );
  }
  if (has(/^(?:bin|etc|usr|lib)(?:\/|$)/)) {
    return archiveError(
      `${archive} is a file system of Linux ("docker export", or a layer), and no archive of images`,
      'Save an image for Windows by "docker save".',
    );
  }
  return archiveError(`${archive} has neither index.json nor manifest.json: it is no archive of images`, saveAgain);
}
