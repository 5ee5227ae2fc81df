/**
 * Who has made which layer. It is in a file, since layers outlive the broker: each line is written before the act.
 *
 * @module
 */
import { appendFileSync, readFileSync, truncateSync } from 'node:fs';

import type { PathForm } from '../paths/lexical.js';

/** The owners of layers, in memory and, where it has a path, in a file that only the broker can write. */
export class LayerOwners {
  readonly #form: PathForm;
  readonly #path: string | undefined;
  readonly #owners = new Map<string, string>();

  constructor(form: PathForm, path?: string) {
    this.#form = form;
    this.#path = path;
    if (path !== undefined) this.#load(path);
  }

  ownerOf(layer: string): string | undefined {
    return this.#owners.get(this.#key(layer));
  }

  set(layer: string, user: string): void {
    this.#write(layer, user);
    this.#owners.set(this.#key(layer), user);
  }

  remove(layer: string): void {
    this.#write(layer, null);
    this.#owners.delete(this.#key(layer));
  }

  #key(layer: string): string {
    return this.#form === 'windows' ? layer.toUpperCase() : layer;
  }

  #write(layer: string, user: string | null): void {
    if (this.#path !== undefined) appendFileSync(this.#path, `${JSON.stringify({ layer, user })}\n`, { mode: 0o600 });
  }

  #load(path: string): void {
    let text: string;
    try {
      text = readFileSync(path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
      throw error;
    }
    // A broker that was killed may have left a part of its last line: then the act was not begun.
    const whole = text.slice(0, text.lastIndexOf('\n') + 1);
    if (whole.length < text.length) truncateSync(path, Buffer.byteLength(whole));
    for (const line of whole.split('\n').slice(0, -1)) {
      const { layer, user } = JSON.parse(line) as { layer: string; user: string | null };
      if (user === null) this.#owners.delete(this.#key(layer));
      else this.#owners.set(this.#key(layer), user);
    }
  }
}
