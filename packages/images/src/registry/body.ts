/**
 * Bodies of answers that are read whole.
 *
 * @module
 */
import type { Answer } from './connections.js';
import { connectionFailure, contentError } from './failures.js';

/**
 * @param most - a longer one is not read
 * @param what - names it in errors
 * @throws Interruption, ImageError
 */
export async function readBody(answer: Answer, most: number, what: string, signal: AbortSignal): Promise<Buffer> {
  const { body, url } = answer;
  const announced = answer.header('content-length');
  const tooLong = () => contentError(`${url.host} sends more than ${most} bytes for ${what}`);
  if (announced !== undefined && Number(announced) > most) {
    body.destroy();
    throw tooLong();
  }
  const pieces: Buffer[] = [];
  let length = 0;
  try {
    for await (const piece of body as AsyncIterable<Buffer>) {
      length += piece.length;
      if (length > most) break;
      pieces.push(piece);
    }
  } catch (error) {
    signal.throwIfAborted();
    throw connectionFailure(url.host, error);
  }
  if (length > most) throw tooLong();
  return Buffer.concat(pieces, length);
}
