/**
 * JSON documents on their way to the host and back. What goes out is checked for what no host could accept; what comes
 * in may be anything.
 *
 * @module
 */
import { deepestNesting } from '../nesting.js';
import { parseJson, printJson, tooDeep } from './json.js';
import type { Requirement } from '../errors/errors.js';
import { HcsArgumentError } from '../errors/errors.js';
import { messageOf } from '../errors/received.js';

/** A document in HCS's own spelling, or its JSON text, which is passed on unchanged. */
export type HcsDocument = object | string;

/** The text of a document for the host. `field` names it in errors. */
export function documentText(document: HcsDocument, field: string): string {
  if (typeof document === 'string') return checkedText(document, field);
  if (!isDocument(document)) {
    throw new HcsArgumentError(field, "must be an object in HCS's own spelling, or its JSON text", document);
  }
  let text: unknown;
  try {
    const walk: Walk = { within: [], bigints: false };
    const flaw = flawOf(document, walk);
    if (flaw !== undefined) throw new HcsArgumentError(field + flaw.path, flaw.requirement, flaw.received);
    text = walk.bigints ? printJson(document) : JSON.stringify(document);
  } catch (error) {
    if (error instanceof HcsArgumentError) throw error;
    // A getter or toJSON() of the caller's, or nesting beyond what the engine can follow.
    const reason = messageOf(error);
    throw new HcsArgumentError(field, jsonData, document, `It could not be written: ${reason}`);
  }
  if (typeof text !== 'string' || !text.startsWith('{')) {
    throw new HcsArgumentError(field, 'must have a toJSON() that returns an object, where it has one', document);
  }
  return text; // JSON has no NUL
}

/** The same for an optional document; an absent one is no text at all. */
export function optionalDocumentText(document: HcsDocument | undefined, field: string): string | null {
  return document === undefined ? null : documentText(document, field);
}

/** A text without embedded NUL, which would silently end it inside the host. */
export function checkedText(text: unknown, field: string): string {
  if (typeof text !== 'string') throw new HcsArgumentError(field, 'must be a string', text);
  if (text.includes('\0')) throw new HcsArgumentError(field, 'must be a string without NUL characters', text);
  return text;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

function isDocument(value: unknown): value is object {
  return isObject(value) && !Array.isArray(value);
}

const jsonData = 'must be data that JSON can express';

interface Flaw {
  /** From the value down, such as `.Container.Memory`. */
  readonly path: string;
  readonly requirement: Requirement;
  readonly received: unknown;
}

function flawOfMember(key: string, value: unknown): Omit<Flaw, 'path'> | undefined {
  if (key.includes('\0')) return { requirement: 'must have a name without NUL characters', received: key };
  switch (typeof value) {
    case 'string':
      if (!value.includes('\0')) return undefined;
      return { requirement: 'must be a string without NUL characters', received: value };
    case 'number':
      return Number.isFinite(value) ? undefined : { requirement: jsonData, received: value };
    case 'function':
    case 'symbol':
      return { requirement: jsonData, received: value };
    default:
      return undefined;
  }
}

interface Walk {
  /** The objects around what is looked at. */
  readonly within: object[];
  bigints: boolean;
}

// The first member that JSON cannot express, or would express as something else.
function flawOf(value: object, walk: Walk): Flaw | undefined {
  const { within } = walk;
  if (within.includes(value)) return { path: '', requirement: 'must not contain itself', received: value };
  if (within.length === deepestNesting) return { path: '', requirement: `must not be ${tooDeep}`, received: value };
  if (typeof (value as { toJSON?: unknown }).toJSON === 'function') return undefined; // a Date, for one
  // JSON would have no member of it.
  if (value instanceof Map || value instanceof Set) return { path: '', requirement: jsonData, received: value };
  within.push(value);
  for (const key of Object.keys(value)) {
    const member = (value as Record<string, unknown>)[key];
    if (typeof member === 'bigint') walk.bigints = true;
    const own = flawOfMember(key, member);
    const flaw = own !== undefined ? { path: '', ...own } : isObject(member) ? flawOf(member, walk) : undefined;
    if (flaw === undefined) continue;
    const step = Array.isArray(value) ? `[${key}]` : `.${key.replaceAll('\0', '\\0')}`;
    return { ...flaw, path: step + flaw.path };
  }
  within.pop();
  return undefined;
}

/** Parses what a host sent, whole numbers beyond 2^53-1 as bigints; `undefined` when it is absent, empty or not JSON. */
export function parseDocument(text: string | null): unknown {
  if (!text) return undefined;
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}

/** The object that a JSON text of the caller's is of. */
export function objectOf(field: string, text: string): object {
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (error) {
    throw new HcsArgumentError(field, 'must be the JSON text of an object', text, messageOf(error));
  }
  if (isDocument(value)) return value;
  throw new HcsArgumentError(field, 'must be the JSON text of an object', text);
}
