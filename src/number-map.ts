/**
 * A map from numbers of calls and handles, for entries that come and go by the thousand.
 *
 * A `Map` makes a new table whenever so many entries have been added and deleted, and for a map that lives long the engine
 * makes it among the old objects, where the table before it keeps the entries of that moment until the next full collection:
 * every third call of a busy host outlived its end so. This one works in place.
 *
 * @module
 */

const smallest = 16;

// Of an empty map, and never written: most maps stay so.
const noKeys = new Float64Array(1);
const noValues: readonly undefined[] = [undefined];

/** Linear probing; numbers that follow each other have places that do. */
export class NumberMap<V> {
  #keys = noKeys;
  #values = noValues as (V | undefined)[];
  #mask = 0;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  get(key: number): V | undefined {
    return this.#values[this.#placeOf(key)];
  }

  has(key: number): boolean {
    return this.get(key) !== undefined;
  }

  set(key: number, value: V): void {
    if ((this.#size + 1) * 2 > this.#mask) this.#resize(Math.max(smallest, (this.#mask + 1) * 2));
    const place = this.#placeOf(key);
    if (this.#values[place] === undefined) this.#size++;
    this.#keys[place] = key;
    this.#values[place] = value;
  }

  /** Removes the entry; what it was, if there was one. */
  delete(key: number): V | undefined {
    const place = this.#placeOf(key);
    const value = this.#values[place];
    if (value === undefined) return undefined;
    this.#close(place);
    this.#size--;
    const capacity = this.#mask + 1;
    if (this.#size * 32 < capacity && capacity > smallest) this.#resize(capacity / 2);
    return value;
  }

  clear(): void {
    this.#size = 0;
    this.#keys = noKeys;
    this.#values = noValues as (V | undefined)[];
    this.#mask = 0;
  }

  /** In the order of their numbers. */
  entries(): (readonly [key: number, value: V])[] {
    const entries: (readonly [number, V])[] = [];
    for (const [place, value] of this.#values.entries()) {
      if (value !== undefined) entries.push([this.#keys[place]!, value]);
    }
    return entries.sort(([a], [b]) => a - b);
  }

  values(): V[] {
    return this.entries().map(([, value]) => value);
  }

  /** Where the entry is, or would be. */
  #placeOf(key: number): number {
    let place = key & this.#mask;
    while (this.#values[place] !== undefined && this.#keys[place] !== key) place = (place + 1) & this.#mask;
    return place;
  }

  /** Empties a place. What was put behind it because it was taken moves up. */
  #close(place: number): void {
    const mask = this.#mask;
    let next = place;
    for (;;) {
      next = (next + 1) & mask;
      const value = this.#values[next];
      if (value === undefined) break;
      const key = this.#keys[next]!;
      if (((next - key) & mask) < ((next - place) & mask)) continue; // it has its own place, or one behind the empty one
      this.#keys[place] = key;
      this.#values[place] = value;
      place = next;
    }
    this.#values[place] = undefined;
  }

  #resize(capacity: number): void {
    const keys = this.#keys;
    const values = this.#values;
    this.#keys = new Float64Array(capacity);
    this.#values = emptyPlaces(capacity);
    this.#mask = capacity - 1;
    for (const [place, value] of values.entries()) {
      if (value === undefined) continue;
      const to = this.#placeOf(keys[place]!);
      this.#keys[to] = keys[place]!;
      this.#values[to] = value;
    }
  }
}

function emptyPlaces<V>(count: number): (V | undefined)[] {
  return new Array<V | undefined>(count).fill(undefined);
}
