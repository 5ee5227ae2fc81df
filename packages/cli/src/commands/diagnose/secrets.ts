/**
 * What documents and records hold that is nobody's business: passwords, tokens, the environment of programs.
 *
 * @module
 */
import type { Json } from 'hostcompute/doctor';

const removed = '(removed)';
/** Members that are secret whatever they hold. */
const secret = /pass(?:word|wd|phrase)|secret|token|credential|private.?key|api.?key|^auth/i;
/** Members whose values are, while their names tell what is set. */
const values = /^(?:env|environment|registrychanges|registry|labels|annotations|mappings)$/i;
/** Lines of commands may hold anything. */
const commands = /^(?:command|commandline|commandargs|args|entrypoint|cmd)$/i;

/** The value without them. */
export function withoutSecrets(value: Json, isSecret = false): Json {
  if (typeof value === 'string') return isSecret && value !== '' ? withoutValue(value) : value;
  if (typeof value === 'number') return isSecret ? removed : value;
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
