/**
 * Keeps out of a recording what nobody else should read.
 *
 * @module
 */
import type { RecordedText } from './format.js';
import { encodeText, redacted } from './format.js';

/** What is left out of a recording besides the values of members with the name of a secret. */
export interface RedactionOptions {
  /** All values of environments too, whatever the name of the variable. */
  readonly environment?: boolean;
  /**
   * Called with each value of each document: gives back the same, or what is to be recorded in its place, such as
   * {@link redacted}. `path` begins with the parameter: `configuration.Container.Layers[0].Path`, `id`, `data.Status`.
   */
  readonly value?: (path: string, value: unknown) => unknown;
}

// Anywhere in a name, in any case.
const secretParts =
  /passw(or)?d|passphrase|credential|secret|token|authorization|connection_?string|private_?key|api_?key/i;
// As a word of its own, or at the end of one in capitals: SasKey, KEY_1, SSHKEY, keyProtector, and not Keyboard.
const keyWord = /(^|[^A-Za-z])keys?([^a-z]|$)|Keys?([^a-z]|$)|KEYS?([^A-Za-z]|$)/;
// The name of an environment, of Windows or of the Open Container Initiative.
const environmentName = /^(environment|env)$/i;

/** Whether the value of a member with this name is a secret: the one list there is. */
export function isSecretName(name: string): boolean {
  return secretParts.test(name) || keyWord.test(name);
}

// A text that has nothing of this has no member with the name of a secret, not even twice.
const suspicious = /passw|passphrase|credential|secret|token|authorization|connection|key|env|\\u/i;

// Shorter ones are part of too much that is none.
const soughtLength = 4;
const soughtVariableLength = 8;

type Walk = (value: unknown, path: string, name: string, inEnvironment: boolean) => unknown;

export class Redactor {
  readonly #options: RedactionOptions | undefined;
  // What has been left out once, and what stands for it: it is left out wherever it turns up later.
  readonly #known = new Map<string, string>();

  constructor(options: RedactionOptions | false) {
    this.#options = options === false ? undefined : options;
  }

  /** What is in force, for the header. */
  get inForce(): Readonly<Record<string, boolean>> | false {
    if (this.#options === undefined) return false;
    const { environment = false, value } = this.#options;
    return { names: true, environment, value: value !== undefined };
  }

  /** A text that is no document. */
  plain(text: string | null, path: string): string | null {
    if (this.#options === undefined || text === null) return text;
    const own = this.#own(path, text);
    if (own === text) return this.#scrubText(text);
    const shown = typeof own === 'string' ? own : redacted;
    this.#remember(text, shown, soughtLength);
    return shown;
  }

  /** A document. A text that is none is left out as a whole, because nothing in it can be found by its name. */
  document(text: string | null, path: string): RecordedText {
    if (this.#options === undefined || !text) return encodeText(text);
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch {
      return redacted;
    }
    const before = JSON.stringify(json);
    const shown = this.#scrub(this.#mask(json, path, '', false));
    const after = JSON.stringify(shown);
    return after === before && after !== text && !suspicious.test(text) ? this.#scrubText(text) : { json: shown };
  }

  readonly #mask: Walk = (value, path, name, inEnvironment) => {
    const own = this.#own(path, value);
    if (own !== value) {
      if (typeof value === 'string') this.#remember(value, typeof own === 'string' ? own : redacted, soughtLength);
      return own;
    }
    // The key of a registry is none that opens anything.
    const structure = typeof value === 'object' && value !== null;
    if (isSecretName(name) && !(structure && /^keys?$/i.test(name))) return this.#hide(value, soughtLength);
    if (!structure) return this.#maskLeaf(value, path, inEnvironment);
    const within = inEnvironment || environmentName.test(name);
    if (Array.isArray(value)) return value.map((item, i) => this.#mask(item, `${path}[${i}]`, '', within));
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [key, this.#mask(member, `${path}.${key}`, key, within)]),
    );
  };

  #maskLeaf(value: unknown, path: string, inEnvironment: boolean): unknown {
    const all = inEnvironment && this.#options?.environment === true;
    if (typeof value !== 'string') return all ? this.#hide(value, soughtVariableLength) : value;
    const variable = inEnvironment && path.endsWith(']') ? /^([^=]+)=(.*)$/s.exec(value) : null;
    if (variable !== null) {
      const [, name, content] = variable as unknown as [string, string, string];
      if (isSecretName(name)) return `${name}=${String(this.#hide(content, soughtLength))}`;
      return all ? `${name}=${String(this.#hide(content, soughtVariableLength))}` : value;
    }
    if (all) return this.#hide(value, soughtVariableLength);
    if (!/^\s*[[{]/.test(value)) return value;
    try {
      const inner = JSON.parse(value) as unknown;
      const before = JSON.stringify(inner);
      const after = JSON.stringify(this.#mask(inner, path, '', false));
      return before === after ? value : after;
    } catch {
      return value;
    }
  }

  // Whether there is a value is no secret.
  #hide(value: unknown, sought: number): unknown {
    if (value === null || value === '') return value;
    const leaves = (within: unknown): void => {
      if (typeof within === 'string') this.#remember(within, redacted, sought);
      else if (typeof within === 'object' && within !== null) Object.values(within).forEach(leaves);
    };
    leaves(value);
    return redacted;
  }

  // A function that fails, or gives back what is no JSON, has not said that the value may be recorded.
  #own(path: string, value: unknown): unknown {
    const own = this.#options?.value;
    if (own === undefined) return value;
    try {
      const copy = typeof value === 'object' ? structuredClone(value) : value;
      const shown = own(path, copy);
      const text = JSON.stringify(shown) as string | undefined;
      if (text === JSON.stringify(value)) return value;
      return text === undefined ? redacted : (JSON.parse(text) as unknown);
    } catch {
      return redacted;
    }
  }

  #remember(secret: string, shown: string, sought: number): void {
    if (secret.length < sought || secret === shown || secret === redacted) return;
    this.#known.set(secret, shown);
    const escaped = JSON.stringify(secret).slice(1, -1);
    if (escaped !== secret) this.#known.set(escaped, shown);
  }

  #scrub(value: unknown): unknown {
    if (this.#known.size === 0) return value;
    if (typeof value === 'string') return this.#scrubText(value);
    if (Array.isArray(value)) return value.map((item) => this.#scrub(item));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [this.#scrubText(key), this.#scrub(member)]),
    );
  }

  #scrubText(text: string): string {
    let shown = text;
    const found = [...this.#known.keys()].filter((secret) => text.includes(secret));
    for (const secret of found.sort((a, b) => b.length - a.length)) {
      shown = shown.replaceAll(secret, () => this.#known.get(secret)!);
    }
    return shown;
  }
}
