/**
 * What documents and records hold that is nobody's business: passwords, tokens, the environment of programs.
 *
 * @module
 */
import type { Json } from 'hostcompute/doctor';

const removed = '(removed)';
/** Members that are secret whatever they hold. */
const secret =
  /pass(?:word|wd|phrase)|secret|token|credential|(?:private|api|access).?key|connection.?string|cookie|^(?:pwd|pass|sas|auth.*)$/i;
/** Members whose values are, while their names tell what is set. */
const values =
  /^(?:env|env(?:ironment)?[-_]?(?:variables|vars)?|registrychanges|registry|labels|annotations|mappings)$/i;
/** Lines of commands may hold anything. */
const commands = /^(?:command|commandline|commandargs|args|entrypoint|cmd)$/i;

/** The value without them. */
export function withoutSecrets(value: Json, isSecret = false): Json {
  if (typeof value === 'string') return isSecret && value !== '' ? withoutValue(value) : ofText(value);
  if (typeof value === 'number' || typeof value === 'boolean') return isSecret ? removed : value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((each: Json) => withoutSecrets(each, isSecret));
  return Object.fromEntries(
    Object.entries(value).map(([name, each]: [string, Json]) => {
      if (secret.test(name)) return [name, each === null ? null : removed];
      if (commands.test(name)) return [name, firstWord(each)];
      return [name, withoutSecrets(each, isSecret || values.test(name))];
    }),
  );
}

// Each begins at the beginning of a word: a long text is looked at once.
const inUrl = /(?<!\w)([a-z][\w+.-]{0,30}:\/\/)[^\s/?#]{1,300}@/gi;
const named =
  /(?<!\w)([\w-]{0,40}(?:password|passwd|passphrase|pwd|secret|token|credential|api.?key)\w{0,20}["']?\s?[=:]\s?)("[^"]*"|'[^']*'|[^\s,;]+)/gi;
const option = /(--?[\w-]{0,40}(?:password|passwd|passphrase|pwd|secret|token|credential|api-?key)\s)\S+/gi;

/** A text may hold a document, or tell of a command. */
function ofText(text: string): string {
  if (/^\s*[[{]/.test(text)) {
    try {
      return JSON.stringify(withoutSecrets(JSON.parse(text) as Json));
    } catch {
      // Not a document.
    }
  }
  return text.replace(inUrl, `$1${removed}@`).replace(named, `$1${removed}`).replace(option, `$1${removed}`);
}

/** Of NAME=VALUE the name stays. */
function withoutValue(text: string): string {
  const [, name] = /^([A-Za-z_][\w.()-]*)=/.exec(text) ?? [];
  return name === undefined ? removed : `${name}=${removed}`;
}

/** Which program it is; its words are not told. */
function firstWord(command: Json): Json {
  if (typeof command === 'string') {
    const [word = ''] = /^"[^"]*"|^\S*/.exec(command.trim()) ?? [];
    return word.length < command.trim().length ? `${word} ${removed}` : word;
  }
  if (!Array.isArray(command) || command.length < 2) return command;
  return [command[0] as Json, removed];
}
