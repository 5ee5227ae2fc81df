/**
 * Records: a JSON file for each thing that the store has. One that is there is whole.
 *
 * @module
 */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { readIfThere, writeDurably } from './durable-file.js';
import { storeError } from './store-error.js';

const ending = '.json';

export class Records<T extends object> {
  readonly #folder: string;
  readonly #isRecord: (value: Partial<T>, name: string) => boolean;
  readonly #remedy: string;

  /** @param isRecord - whether what was read, an object, is such a record */
  constructor(folder: string, isRecord: (value: Partial<T>, name: string) => boolean, remedy: string) {
    this.#folder = folder;
    this.#isRecord = isRecord;
    this.#remedy = remedy;
  }

  async get(name: string): Promise<T | undefined> {
    const path = this.#pathOf(name);
    const bytes = await readIfThere(path).catch((cause: unknown) => {
      if ((cause as NodeJS.ErrnoException).code !== 'EISDIR') throw cause;
      throw storeError(`${path} is damaged: it is a folder`, this.#remedy, cause);
    });
    return bytes === undefined ? undefined : this.#parsed(bytes, name, path);
  }

  /** All, by name, in the order of the names. */
  async all(): Promise<Map<string, T>> {
    const records = new Map<string, T>();
    for (const name of await this.names()) {
      const record = await this.get(name);
      // Gone meanwhile.
      if (record !== undefined) records.set(name, record);
    }
    return records;
  }

  async names(): Promise<string[]> {
    const files = await readdir(this.#folder);
    return files
      .filter((file) => file.endsWith(ending))
      .map((file) => file.slice(0, -ending.length))
      .sort();
  }

  async put(name: string, record: T): Promise<void> {
    await writeDurably(this.#pathOf(name), `${JSON.stringify(record, null, 2)}\n`);
  }

  async delete(name: string): Promise<void> {
    await rm(this.#pathOf(name), { force: true });
  }

  #pathOf(name: string): string {
    return join(this.#folder, `${name}${ending}`);
  }

  #parsed(bytes: Buffer, name: string, path: string): T {
    let value: unknown;
    try {
      value = JSON.parse(bytes.toString());
    } catch (cause) {
      throw storeError(`${path} is damaged`, this.#remedy, cause);
    }
    if (typeof value === 'object' && value !== null && this.#isRecord(value, name)) return value as T;
    throw storeError(`${path} is damaged`, this.#remedy);
  }
}
