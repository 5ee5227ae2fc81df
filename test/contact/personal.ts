// What says whose machine it is, in texts: names of the user and of the machine. It is no secret, and of no use to others.
import { homedir, hostname, userInfo } from 'node:os';

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

function nameOfUser(): string {
  try {
    return userInfo().username;
  } catch {
    return ''; // it has none
  }
}

const names: readonly (readonly [name: string, shown: string])[] = [
  [homedir(), '<home>'],
  [homedir().replaceAll('\\', '\\\\'), '<home>'],
  [nameOfUser(), '<user>'],
  [hostname(), '<machine>'],
];

/** The text without the names of the user and of the machine, as words of their own. */
export function impersonal(text: string): string {
  return names.reduce(
    (shown, [name, instead]) =>
      name.length < 2 ? shown : shown.replace(new RegExp(`(?<!\\w)${escaped(name)}(?!\\w)`, 'gi'), instead),
    text,
  );
}

/** For `redact.value` of a recording. */
export function withoutNames(_path: string, value: unknown): unknown {
  return typeof value === 'string' ? impersonal(value) : value;
}

/** The same for all texts of a value. */
export function impersonalValues(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, withoutNames)) as unknown;
}
