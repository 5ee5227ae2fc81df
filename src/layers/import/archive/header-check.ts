// What tar-stream takes that GNU tar refuses: an extended header whose records do not decode, which it reads up to the first
// wrong one, and sizes that are negative, which it takes for zero. The blocks pass through here before they go to it.
import { isUtf8 } from 'node:buffer';

/** A header that is refused. */
export interface HeaderProblem {
  /** Where its block begins in the archive. */
  readonly at: number;
  /** The rest of a sentence that begins with the entry. */
  readonly reason: string;
}

const blockSize = 512;
/** tar-stream refuses larger ones itself. */
const largestExtended = 4 * 2 ** 20;
const [space, newline, equals] = [0x20, 0x0a, 0x3d];

/** Finds the first header of an archive that is wrong, in time and space for one header. */
export class HeaderCheck {
  /** The first that is wrong. Nothing after it is looked at. */
  problem: HeaderProblem | undefined;
  #offset = 0;
  /** How much is left of a content, which is not looked at. */
  #skipped = 0;
  /** The pieces of what is collected, and how much is missing: a header block, or the body of an extended header. */
  #pieces: Buffer[] = [];
  #missing = blockSize;
  /** Of the extended header whose body is collected. */
  #extended: { readonly at: number; readonly size: number; readonly isGlobal: boolean } | undefined;
  /** The size that the records of the entry's extended header give it. */
  #recordedSize: number | undefined;
  #isOver = false;

  /** Takes the next bytes, which may not change any more. */
  take(chunk: Buffer): void {
    for (let at = 0; at < chunk.length && !this.#isOver;) {
      const length = Math.min(this.#skipped > 0 ? this.#skipped : this.#missing, chunk.length - at);
      if (this.#skipped > 0) this.#skipped -= length;
      else this.#collect(chunk.subarray(at, at + length));
      at += length;
      this.#offset += length;
    }
  }

  #collect(piece: Buffer): void {
    this.#missing -= piece.length;
    this.#pieces.push(piece);
    if (this.#missing > 0) return;
    const whole = this.#pieces.length === 1 ? piece : Buffer.concat(this.#pieces);
    this.#pieces = [];
    this.#missing = blockSize;
    const end = this.#offset + piece.length;
    const at = this.#extended?.at ?? end - blockSize;
    const reason = this.#extended === undefined ? this.#takeHeader(whole, end) : this.#takeRecords(whole);
    if (reason === undefined) return;
    this.problem = { at, reason };
    this.#isOver = true;
  }

  #takeHeader(block: Buffer, end: number): string | undefined {
    const size = numberOf(block.subarray(124, 136));
    if (size === undefined || size < 0) return 'has a size in its header that is not a number of bytes';
    const type = String.fromCharCode(block[156]!);
    if ('xgLKN'.includes(type)) return this.#beginExtended(type, size, end);
    if (numberOf(block.subarray(136, 148)) === undefined) {
      return 'has a time in its header that is not a number of seconds';
    }
    this.#skipped = padded(this.#recordedSize ?? size);
    this.#recordedSize = undefined;
    return undefined;
  }

  #beginExtended(type: string, size: number, end: number): string | undefined {
    if (size === 0) return 'has an extended header without content';
    if (size > largestExtended) this.#isOver = true;
    if (type === 'x' || type === 'g') {
      this.#extended = { at: end - blockSize, size, isGlobal: type === 'g' };
      this.#missing = padded(size);
    } else this.#skipped = padded(size);
    return undefined;
  }

  #takeRecords(body: Buffer): string | undefined {
    const { size, isGlobal } = this.#extended!;
    const records = body.subarray(0, size);
    if (!isGlobal) this.#recordedSize = undefined;
    for (let at = 0; at < size;) {
      const record = recordAt(records, at);
      if (typeof record === 'string') return `has an extended header that does not decode: ${record} at byte ${at}`;
      if (record.size !== undefined) {
        if (isGlobal) return 'has a size in an extended header that is for all entries';
        this.#recordedSize = record.size;
      }
      at = record.end;
    }
    this.#extended = undefined;
    return undefined;
  }
}

function padded(size: number): number {
  return Math.ceil(size / blockSize) * blockSize;
}

/** A number of a header: in octal digits, or with its highest bit set in base 256. */
function numberOf(field: Buffer): number | undefined {
  if ((field[0]! & 0x80) === 0) {
    const [, digits] = /^ *\0*([0-7]*)(?:[ \0]|$)/.exec(field.toString('latin1')) ?? [];
    return digits === undefined ? undefined : parseInt(`0${digits}`, 8);
  }
  if (field[0] !== 0x80 && field[0] !== 0xff) return undefined;
  const value = BigInt.asIntN(88, BigInt(`0x${field.toString('hex', 1)}`));
  const number = Number(field[0] === 0xff ? value : BigInt.asUintN(88, value));
  return Number.isSafeInteger(number) && number < 0 === (field[0] === 0xff) ? number : undefined;
}

/** The record that begins at a byte: its end, and its value where it is the size; or what is wrong with it. */
function recordAt(records: Buffer, at: number): { readonly end: number; readonly size?: number } | string {
  const blank = records.indexOf(space, at);
  // A length has few digits: nothing else is looked at.
  const digits = records.toString('latin1', at, blank < 0 ? at : Math.min(blank, at + 8));
  if (blank !== at + digits.length || !/^\d+$/.test(digits)) return 'a record has no length';
  const end = at + Number(digits);
  if (end > records.length || end <= blank + 1) return 'a record has a wrong length';
  if (records[end - 1] !== newline) return 'a record does not end in a line feed';
  const text = records.subarray(blank + 1, end - 1);
  const equal = text.indexOf(equals);
  if (equal <= 0) return 'a record has no key';
  const key = text.toString('utf8', 0, equal);
  const isText = isUtf8(key === 'path' || key === 'linkpath' ? text : text.subarray(0, equal));
  if (!isText) return 'a record is not UTF-8';
  if (key !== 'size') return { end };
  const value = text.toString('latin1', equal + 1);
  const size = /^\d+$/.test(value) ? Number(value) : NaN;
  return Number.isSafeInteger(size) ? { end, size } : 'the record of the size is not a number of bytes';
}
