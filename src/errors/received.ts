/** How an error shows a value that somebody passed. */
import { shortened } from '../shortened.js';

const longestText = 80;

/** What something that was thrown says. It may be anything: a stream of the caller's can fail with a text. */
export function messageOf(thrown: unknown): string {
  if (typeof thrown === 'string') return shortened(thrown);
  const message: unknown = typeof thrown === 'object' && thrown !== null ? memberOf(thrown, 'message') : undefined;
  return typeof message === 'string' ? message : describeValue(thrown);
}

function memberOf(object: object, name: string): unknown {
  try {
    return (object as Readonly<Record<string, unknown>>)[name];
  } catch {
    return undefined; // a proxy, or a getter of the caller's
  }
}

/** A short description of any value. Nothing of the caller's runs, and a text that was cut short by a NUL stays out. */
export function describeValue(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return describeString(value);
    case 'bigint':
      return `${value}n`;
    case 'object':
      return value === null ? 'null' : describeObject(value);
    case 'function':
    case 'symbol':
      return `a ${typeof value}`;
    default:
      return Object.is(value, -0) ? '-0' : String(value);
  }
}

function describeString(text: string): string {
  const nul = text.indexOf('\0');
  if (nul >= 0) return `a string with a NUL character at index ${nul}`;
  if (text.length <= longestText) return JSON.stringify(text);
  return `a string of ${text.length} characters that begins with ${JSON.stringify(text.slice(0, longestText / 2))}`;
}

function describeObject(value: object): string {
  if (Array.isArray(value)) {
    if (value.length === 0) return 'an empty array';
    return `an array of ${value.length} ${value.length === 1 ? 'element' : 'elements'}`;
  }
  const name = classNameOf(value);
  return name === undefined || name === 'Object' ? 'an object' : `an instance of ${name}`;
}

function classNameOf(value: object): string | undefined {
  try {
    const { constructor } = (Object.getPrototypeOf(value) ?? {}) as { readonly constructor?: unknown };
    const name: unknown = typeof constructor === 'function' ? constructor.name : undefined;
    return typeof name === 'string' && name !== '' && name.length <= longestText ? name : undefined;
  } catch {
    return undefined; // a proxy, or a getter of the caller's
  }
}
