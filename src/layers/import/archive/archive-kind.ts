// What the beginning of a file says that it is, where it is no tar and nothing that is decompressed: people give what their
// tools wrote, and it is reported by its name.
import { fetchAgain, Refusal } from '../refusal.js';

/** How much of a file is looked at: the first header of a tar. */
export const headSize = 512;

const asTar = 'Decompress it and import the tar, or compress the tar by gzip or zstd.';
const layerOnly = 'Import the tar of a layer, plain or compressed by gzip or zstd.';
const fromRegistry = 'Fetch the blob of the layer: its digest is in the `layers` of the manifest of the image.';

/** What is wrong, as the rest of a sentence, and what helps. */
type Verdict = readonly [reason: string, remedy: string];

const compressed = (name: string): Verdict => [`is compressed by ${name}, which is not supported`, asTar];
const other = (what: string): Verdict => [`is ${what}, and not the tar of a layer`, layerOnly];

const magics: readonly (readonly [magic: string, verdict: Verdict])[] = [
  ['\xfd7zXZ\0', compressed('xz')],
  ['BZh', compressed('bzip2')],
  ['\x5d\0\0', compressed('lzma')],
  ['LZIP', compressed('lzip')],
  ['\x04"M\x18', compressed('lz4')],
  ['\x02!L\x18', compressed('lz4')],
  ['\xff\x06\0\0sNaPpY', compressed('snappy')],
  ['\x1f\x9d', compressed('compress (.Z)')],
  ['PK\x03\x04', other('a zip archive')],
  ['PK\x05\x06', other('a zip archive')],
  ['7z\xbc\xaf\x27\x1c', other('a 7z archive')],
  ['Rar!\x1a\x07', other('a rar archive')],
  ['MSCF', other('a cabinet (.cab)')],
  ['MSWIM\0\0\0', other('a Windows image (.wim)')],
  ['vhdxfile', other('a virtual disk (.vhdx)')],
  ['conectix', other('a virtual disk (.vhd)')],
  ['QFI\xfb', other('a virtual disk (.qcow2)')],
  ['KDMV', other('a virtual disk (.vmdk)')],
  ['hsqs', other('a squashfs image')],
  ['SQLite format 3\0', other('a SQLite database')],
  ['MZ', other('a program of Windows')],
  ['\x7fELF', other('a program of Linux')],
  ['version https://git-lfs', ['is a pointer of Git LFS, and not the file itself', 'Run "git lfs pull" for it.']],
];

/**
 * Refuses the beginning of a file that is certainly no tar. A damaged one is not told from others here.
 *
 * @param head - the first bytes, {@link headSize} of them or all that there are
 */
export function checkHead(head: Buffer): void {
  if (head.toString('latin1', 257, 262) === 'ustar') return;
  if (head.length === 0) throw new Refusal('is empty: it has no bytes', fetchAgain, null);
  const text = head.toString('latin1');
  const verdict = magics.find(([magic]) => text.startsWith(magic))?.[1] ?? verdictOfText(text);
  if (verdict !== undefined) throw new Refusal(...verdict, null);
}

/** Refuses what is compressed again in what was decompressed. */
export function checkDecompressed(head: Buffer, outer: string, inner: string): void {
  if (inner !== 'none') {
    throw new Refusal(`is compressed twice: by ${outer}, and below that by ${inner}`, 'Decompress it once.', null);
  }
  checkHead(head);
}

/** What registries, proxies and web servers answer in place of a layer. A name at the start of a tar has no line of text. */
function verdictOfText(text: string): Verdict | undefined {
  const start = text.replace(/^\xef\xbb\xbf/, '').trimStart();
  if (/^(?:<!doctype|<html|<\?xml|<error)/i.test(start)) {
    return [
      `is a page of HTML or XML that begins with ${excerpt(start)}`,
      `It may be an error of a server. ${fromRegistry}`,
    ];
  }
  if (/^[{[]\s*["{[\]}]/.test(start)) {
    const isManifest = /"(?:schemaVersion|mediaType|manifests|config|layers)"/.test(start);
    const what = isManifest ? 'the JSON of a manifest or an index' : 'JSON';
    return [`is ${what} that begins with ${excerpt(start)}`, fromRegistry];
  }
  if (!/^[\t\r\n\x20-\x7e]+$/.test(text) || !/\s/.test(text)) return undefined;
  return [`is text that begins with ${excerpt(start)}`, `It may be an error of a server. ${fromRegistry}`];
}

function excerpt(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}...` : text.trimEnd());
}
