/**
 * Reads JSON that is not trusted: each member is checked when it is taken, and an error names it by its path.
 *
 * @module
 */
import { ImageError } from '../image-error.js';
import type { Digest } from './descriptor.js';
import { isDigest } from './descriptor.js';

/** As much as registries have to accept. */
export const longestDocument = 4 * 2 ** 20;

/** A value of a document, and where it is there. */
export class CheckedJson {
  readonly value: unknown;
  readonly #document: string;
  readonly #path: string;

  private constructor(value: unknown, document: string, path: string) {
    this.value = value;
    this.#document = document;
    this.#path = path;
  }

  /** @param document - names it in errors, such as `the manifest sha256:...` */
  static parse(bytes: Uint8Array, document: string): CheckedJson {
    if (bytes.length > longestDocument) {
      throw contentError(`${document} has ${bytes.length} bytes, and at most ${longestDocument} are read`);
    }
    let value: unknown;
    try {
      value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    } catch (cause) {
      throw contentError(`${document} is no JSON`, cause);
    }
    return new CheckedJson(value, document, '');
  }

  /** Throws an {@link ImageError} about this value. */
  fail(reason: string): never {
    throw contentError(`${this.#document}${this.#path === '' ? '' : `: ${this.#path}`} ${reason}`);
  }

  member(name: string): CheckedJson {
    const value = Object.hasOwn(this.object(), name) ? this.object()[name] : undefined;
    const path = /^\w+$/.test(name) ? `${this.#path === '' ? '' : '.'}${name}` : `[${JSON.stringify(name)}]`;
    return new CheckedJson(value, this.#document, `${this.#path}${path}`);
  }

  /** Undefined for what is not there, or null, as Go writes empty lists. */
  optional<T>(name: string, read: (member: CheckedJson) => T): T | undefined {
    const member = this.member(name);
    return member.value === undefined || member.value === null ? undefined : read(member);
  }

  object(): Readonly<Record<string, unknown>> {
    const { value } = this;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) this.fail('must be an object');
    return value as Record<string, unknown>;
  }

  text(longest = 4096): string {
    if (typeof this.value !== 'string' || this.value.length > longest) {
      this.fail(`must be a text of at most ${longest} characters`);
    }
    return this.value;
  }

  size(): number {
    if (!Number.isSafeInteger(this.value) || (this.value as number) < 0) this.fail('must be a number of bytes');
    return this.value as number;
  }

  digest(): Digest {
    if (isDigest(this.value)) return this.value;
    return this.fail('must be "sha256:" and 64 hexadecimal digits: other digests are not supported');
  }

  list<T>(most: number, read: (item: CheckedJson) => T): T[] {
    const { value } = this;
    if (!Array.isArray(value)) this.fail('must be a list');
    if (value.length > most) this.fail(`has ${value.length} entries, and at most ${most} are read`);
    return value.map((item, i) => read(new CheckedJson(item, this.#document, `${this.#path}[${i}]`)));
  }
}

function contentError(message: string, cause?: unknown): ImageError {
  const remedy = 'Whoever made the image has to build or push it again.';
  return new ImageError(message, { code: 'ERR_HC_IMAGE_CONTENT', remedy, cause });
}
