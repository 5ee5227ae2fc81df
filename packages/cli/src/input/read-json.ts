/**
 * JSON documents from files.
 *
 * @module
 */
import { Failure } from '../failure.js';
import { nameOf, readBytes } from './read-bytes.js';

/** The object in a file, in UTF-8 or as Windows PowerShell 5.1 writes it, in UTF-16. */
export async function readJsonObject(file: string, signal?: AbortSignal): Promise<object> {
  const text = textOf(await readBytes(file, signal));
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw notJson(file, `is not JSON: ${(error as Error).message}`, error);
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value;
  throw notJson(file, 'is not an object of JSON');
}

function textOf(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.toString('utf16le', 2);
  return bytes.toString('utf8').replace(/^\uFEFF/, '');
}

function notJson(file: string, why: string, cause?: unknown): Failure {
  return new Failure(`${nameOf(file)} ${why}`, { code: 'ERR_HC_NOT_JSON', cause });
}
