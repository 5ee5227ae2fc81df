/**
 * Redaction: keeps secrets out of recordings.
 *
 * @module
 */
import { describeValue } from '../errors/received.js';
import { isPlainObject } from '../known-options.js';
import { isTooDeep } from '../nesting.js';
import { shortened } from '../shortened.js';
import type { RecordedText } from './format.js';
import { deepestDocument, encodeText, redacted } from './format.js';
import { KnownSecrets } from './known-secrets.js';
import { isSecretOption, withoutSecretForms } from './secret-forms.js';
import { isSecretName, mayNameSecret } from './secret-names.js';

/**
 * What a recording contains instead of secrets. Values are redacted by their name (`Password`, `DB_PASS`), by their form
 * (`--password x`, `postgres://user:x@host`, tokens), and if they are values of an environment.
 */
export interface RedactionOptions {
  /** `false`: values of environments are recorded unless their name or form is that of a secret. Default `true`. */
  readonly environment?: boolean;
  /**
   * Called with each value of each document. Returns the value, or what is recorded in its place, such as {@link redacted}.
   * `path` begins with the parameter: `configuration.Container.Layers[0].Path`, `id`, `data.Status`.
   */
  readonly value?: (path: string, value: unknown) => unknown;
}

// The name of an environment, of Windows or of the Open Container Initiative.
const environmentName = /^(environment(variables)?|env)$/i;

// Shorter values are parts of too much that is no secret.
const soughtLength = 4;
const soughtVariableLength = 8;

// In place of the name of a member, for an element of an array.
const item = '';

type Walk = (value: unknown, path: string, name: string, inEnvironment: boolean) => unknown;

export class Redactor {
  readonly #options: RedactionOptions | undefined;
  readonly #known = new KnownSecrets();
  #hasWarned = false;

  constructor(options: RedactionOptions | false) {
    this.#options = options === false ? undefined : options;
  }

  /** What is redacted, for the header. */
  get inForce(): Readonly<Record<string, boolean>> | false {
    if (this.#options === undefined) return false;
    const { environment = true, value } = this.#options;
    return { names: true, forms: true, environment, value: value !== undefined };
  }

  /** A text that is not a document: an id, a name, a path. */
  plain(text: string | null, path: string): string | null {
    if (this.#options === undefined || text === null) return text;
    const own = this.#own(path, text);
    if (own === text) return this.#known.redact(this.#withoutForms(text));
    const shown = typeof own === 'string' ? own : redacted;
    this.#remember(text, shown, soughtLength);
    return shown;
  }

  /** A document. A text that is not JSON is redacted as a whole, because nothing in it can be found by its name. */
  document(text: string | null, path: string): RecordedText {
    if (this.#options === undefined || !text) return encodeText(text);
    if (isTooDeep(text, deepestDocument)) return redacted;
    try {
      return this.#parsed(text, path);
    } catch {
      return redacted; // no JSON
    }
  }

  #parsed(text: string, path: string): RecordedText {
    const json = JSON.parse(text) as unknown;
    const before = JSON.stringify(json);
    const shown = this.#scrub(this.#mask(json, path, '', false));
    const after = JSON.stringify(shown);
    // A text is recorded to the letter unless it may have a second member of one name, which is not in `json`.
    const isUnchanged = after === before && after !== text;
    if (isUnchanged && !mayNameSecret(text) && this.#withoutForms(text) === text) return this.#known.redact(text);
    return { json: shown };
  }

  readonly #mask: Walk = (value, path, name, inEnvironment) => {
    const own = this.#own(path, value);
    if (own !== value) {
      if (typeof value === 'string') this.#remember(value, typeof own === 'string' ? own : redacted, soughtLength);
      return own;
    }
    // The key of a registry is not a secret.
    const structure = typeof value === 'object' && value !== null;
    if (isSecretName(name) && !(structure && /^keys?$/i.test(name))) return this.#hide(value, soughtLength);
    if (!structure) return this.#maskLeaf(value, path, name, inEnvironment);
    const within = inEnvironment || environmentName.test(name);
    if (Array.isArray(value)) {
      return value.map((element: unknown, i) =>
        typeof element === 'string' && isSecretOption(value[i - 1])
          ? this.#hide(element, soughtLength)
          : this.#mask(element, `${path}[${i}]`, item, within),
      );
    }
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [key, this.#mask(member, `${path}.${key}`, key, within)]),
    );
  };

  #maskLeaf(value: unknown, path: string, name: string, inEnvironment: boolean): unknown {
    const all = inEnvironment && this.#options?.environment !== false;
    if (typeof value !== 'string') return all ? this.#hide(value, soughtVariableLength) : value;
    const variable = inEnvironment && name === item ? /^([^=]+)=(.*)$/s.exec(value) : null;
    if (variable !== null) {
      const [, variableName, content] = variable as unknown as [string, string, string];
      if (isSecretName(variableName)) return `${variableName}=${String(this.#hide(content, soughtLength))}`;
      const shown = all ? String(this.#hide(content, soughtVariableLength)) : this.#withoutForms(content);
      return `${variableName}=${shown}`;
    }
    if (all) return this.#hide(value, soughtVariableLength);
    if (!/^\s*[[{]/.test(value)) return this.#withoutForms(value);
    try {
      const inner = JSON.parse(value) as unknown;
      const before = JSON.stringify(inner);
      const after = JSON.stringify(this.#mask(inner, path, '', false));
      return before === after ? value : after;
    } catch {
      return this.#withoutForms(value);
    }
  }

  #withoutForms(text: string): string {
    return withoutSecretForms(text, (secret) => String(this.#hide(secret, soughtLength)));
  }

  // Whether there is a value is not a secret.
  #hide(value: unknown, sought: number): unknown {
    if (value === null || value === '') return value;
    const leaves = (within: unknown): void => {
      if (typeof within === 'string') this.#remember(within, redacted, sought);
      else if (typeof within === 'object' && within !== null) Object.values(within).forEach(leaves);
    };
    leaves(value);
    return redacted;
  }

  // A function that throws, or returns what is not JSON, has not allowed the value to be recorded.
  #own(path: string, value: unknown): unknown {
    const own = this.#options?.value;
    if (own === undefined) return value;
    try {
      const copy = typeof value === 'object' ? structuredClone(value) : value;
      const shown = own(path, copy);
      const text = JSON.stringify(shown) as string | undefined;
      if (!isJson(shown)) return this.#refuse(path, shown);
      if (text === JSON.stringify(value)) return value;
      return JSON.parse(text!) as unknown;
    } catch {
      return redacted;
    }
  }

  #refuse(path: string, shown: unknown): string {
    if (shown instanceof Promise) shown.catch(() => undefined);
    if (!this.#hasWarned) {
      this.#hasWarned = true;
      const problem = `must return a value of JSON, at once; received ${describeValue(shown)}`;
      process.emitWarning(`"options.redact.value" ${problem} for ${shortened(path)}. Such values are redacted.`, {
        type: 'HostcomputeWarning',
        code: 'HC_REDACTION',
        detail: 'Return the value, `redacted`, or what is to be recorded in its place. This warning is given once.',
      });
    }
    return redacted;
  }

  #remember(secret: string, shown: string, sought: number): void {
    if (secret.length < sought || secret === shown || secret === redacted) return;
    this.#known.add(secret, shown);
    const escaped = JSON.stringify(secret).slice(1, -1);
    if (escaped !== secret) this.#known.add(escaped, shown);
  }

  #scrub(value: unknown): unknown {
    if (this.#known.empty) return value;
    if (typeof value === 'string') return this.#known.redact(value);
    if (Array.isArray(value)) return value.map((item) => this.#scrub(item));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [this.#known.redact(key), this.#scrub(member)]),
    );
  }
}

/** Whether JSON has the value, as it is. It has no circle: it has been printed. */
function isJson(value: unknown): boolean {
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || value === null) {
    return value === null || typeof value === 'string' || typeof value === 'boolean';
  }
  if (!Array.isArray(value) && !isPlainObject(value)) return false;
  return Object.values(value).every((member) => member === undefined || isJson(member));
}
