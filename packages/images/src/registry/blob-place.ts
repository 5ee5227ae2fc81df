/**
 * One place where a blob is, which can be asked for what follows a byte.
 *
 * @module
 */
import type { Answer } from './connections.js';
import { contentError, Interruption, registryError } from './failures.js';
import { refuseEncoding } from './documents.js';

/** Answers a GET with these headers by 200, 206 or 416. */
export type AskBlob = (headers: Readonly<Record<string, string>>, signal: AbortSignal) => Promise<Answer>;

/** Bytes that follow one another from `at` on, and where they end. */
export interface BlobPart {
  readonly answer: Answer;
  /** So many of the first bytes are not asked for: the place sends all. */
  readonly skip: number;
  /** Whether the place has said where it ends, so that the end of the body comes with the last byte. */
  readonly ends: boolean;
}

export class BlobPlace {
  readonly #ask: AskBlob;
  /** Of what has been received so far, so that nothing else is taken for its rest. */
  #tag: string | undefined;

  constructor(ask: AskBlob) {
    this.#ask = ask;
  }

  /** @throws Interruption, ImageError */
  async from(at: number, size: number, what: string, signal: AbortSignal): Promise<BlobPart> {
    const answer = await this.#ask(this.#headersFor(at), signal);
    try {
      const part = partOf(answer, at, size, what);
      const tag = answer.header('etag');
      this.#tag = tag !== undefined && /^"[^"]*"$/.test(tag) ? tag : undefined;
      return part;
    } catch (error) {
      answer.body.destroy();
      throw error;
    }
  }

  #headersFor(at: number): Record<string, string> {
    if (at === 0) return {};
    return { range: `bytes=${at}-`, ...(this.#tag === undefined ? {} : { 'if-range': this.#tag }) };
  }
}

function partOf(answer: Answer, at: number, size: number, what: string): BlobPart {
  const { status, url } = answer;
  const length = answer.header('content-length');
  if (status === 416) throw contentError(`${url.host} has no more than ${at} bytes of ${what}, which has ${size}`);
  if (status === 206) {
    checkRange(answer, at, size, what);
    refuseEncoding(answer, what);
    return { answer, skip: 0, ends: true };
  }
  // Storage may say so of blobs that are compressed themselves; a proxy that has compressed it changes the length.
  if (length === undefined || Number(length) !== size) refuseEncoding(answer, what);
  if (length !== undefined && Number(length) !== size) {
    throw contentError(`${url.host} sends ${length} bytes for ${what}, which has ${size}`);
  }
  return { answer, skip: at, ends: length !== undefined };
}

function checkRange(answer: Answer, at: number, size: number, what: string): void {
  const said = answer.header('content-range') ?? '';
  const match = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)$/.exec(said);
  const [first, last, whole] = (match?.slice(1) ?? []).map((text) => (text === '*' ? size : Number(text)));
  if (whole !== undefined && whole !== size) {
    throw contentError(`${answer.url.host} has ${whole} bytes for ${what}, which has ${size}`);
  }
  if (at === 0 || first !== at || last === undefined || last < at || last >= size) {
    const range = said === '' ? 'no range' : `the range ${JSON.stringify(said.slice(0, 100))}`;
    throw registryError(`${answer.url.host} sends ${range} for bytes ${at}- of ${what}`, 'Check the registry');
  }
}

/** The connection has ended before the blob. */
export function endedEarly(host: string, what: string, at: number, size: number): Interruption {
  const failure = contentError(`${host} ends ${what} after ${at} of ${size} bytes`);
  return new Interruption(failure);
}
