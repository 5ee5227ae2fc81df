// What the addon finds wrong with an archive, in words. The numbers are those of native/archive/unpack/pax.h.
import { fetchAgain, rebuild, Refusal } from '../refusal.js';

const record = (what: string) => (at: number) => `has an extended header that does not decode: ${what} at byte ${at}`;
const forAll = (what: string) => () => `has a ${what} in an extended header that is for all entries`;

/** The rest of a sentence that begins with the entry. */
const ofEntry: Readonly<Record<number, (at: number) => string>> = {
  1: () => 'has a size in its header that is not a number of bytes',
  2: () => 'has a time in its header that is not a number of seconds',
  3: () => 'has an extended header without content',
  4: forAll('size'),
  5: forAll('path'),
  6: forAll('linkpath'),
  10: record('a record has no length'),
  11: record('a record has a wrong length'),
  12: record('a record does not end in a line feed'),
  13: record('a record has no key'),
  14: record('a record is not UTF-8'),
  15: record('the record of the size is not a number of bytes'),
  20: () => 'comes after the end of the archive',
};

/** The same, of the last entry that was right, and what helps. */
const ofArchive: Readonly<Record<number, readonly [reason: string, remedy: string]>> = {
  30: ['ends inside the archive: it was cut off', fetchAgain],
  31: ['is followed by an extended header of more than 4 MiB', rebuild],
  32: ['is not a tar archive, or is damaged', fetchAgain],
  33: ['is followed by a damaged header', fetchAgain],
  34: ['ends without the mark of its end: it was cut off', fetchAgain],
  36: ['is followed by an extended header without an entry', rebuild],
  35: ['cannot be read: there is not enough memory', 'Free some memory.'],
};

/** Why an entry is refused for its header. */
export function entryRefusal(problem: number, at: number, entry: string): Refusal {
  return new Refusal(ofEntry[problem]!(at), rebuild, entry);
}

/** Why nothing more can be read. */
export function archiveRefusal(problem: number): Refusal {
  return new Refusal(...ofArchive[problem]!);
}
