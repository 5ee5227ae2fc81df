/**
 * What a host says of a failure: a result document, or whatever else came in its place. Nothing of it is relied on but for
 * people to read, and nothing of it is lost.
 *
 * @module
 */
import type { AttributionRecord, ErrorEvent } from '../errors/errors.js';
import { isMembers, type Members } from './check.js';
import { parseDocument } from './document-text.js';

/** The parts of a result document that an error carries. A document that is malformed has only `said`. */
export interface ResultDocument {
  readonly events: readonly ErrorEvent[];
  readonly attribution: readonly AttributionRecord[];
  /** `Error`: the code in the document, which may be another one than that of the call. */
  readonly error?: number;
  /** What is there for people to read, in one line. */
  readonly said?: string;
}

/** The most characters of a host's text in a message. */
const longest = 300;

/** The members of documents that are known. One that has none of them is quoted as it is. */
const knownMembers = [
  'ErrorEvents',
  'ErrorMessage',
  'Error',
  'ErrorRecords',
  'Attribution',
  'Status',
  'ExitType',
  'ErrorCode',
];

/** Reads what came with a failure, whatever it is. */
export function parseResult(text: string | null): ResultDocument {
  if (!text) return { events: [], attribution: [] };
  const document = parseDocument(text);
  if (isMembers(document)) {
    const isKnown = knownMembers.some((name) => name in document) || Object.keys(document).length === 0;
    return readMembers(document, isKnown ? undefined : text);
  }
  const isEmpty = document === null || (Array.isArray(document) && document.length === 0);
  const said = isEmpty ? undefined : typeof document === 'string' ? document : text;
  return { events: [], attribution: [], ...saidIn(said) };
}

/** The same of a document that has been parsed, whatever it is. */
export function resultOf(document: unknown): ResultDocument {
  return isMembers(document) ? readMembers(document) : { events: [], attribution: [] };
}

function readMembers(document: Members, unknown?: string): ResultDocument {
  const { Error: error } = document;
  const code = typeof error === 'string' ? document.ErrorCode : error; // the network service has both
  const events = objects(document.ErrorEvents);
  const attribution = objects(document.Attribution);
  return {
    events,
    attribution,
    ...(typeof code === 'number' && Number.isInteger(code) && { error: code >>> 0 }),
    ...saidIn(
      messageOf(events),
      document.ErrorMessage,
      error, // a text in the answers of the network service
      messageOf(objects(document.ErrorRecords)), // of a guest
      attributionText(attribution),
      unknown,
    ),
  };
}

// The first that is a text with something to read.
function saidIn(...candidates: readonly unknown[]): { readonly said?: string } {
  for (const candidate of candidates) {
    const said = typeof candidate === 'string' ? oneLine(candidate) : '';
    if (said !== '') return { said };
  }
  return {};
}

// Control characters and changes of direction could make a terminal or a log show something else.
function oneLine(text: string): string {
  const line = text
    .trimStart()
    .slice(0, 4 * longest)
    .replace(/[\s\p{Cc}\u202A-\u202E\u2066-\u2069]+/gu, ' ')
    .trim();
  return line.length <= longest ? line : `${line.slice(0, longest).replace(/[\uD800-\uDBFF]$/, '')}...`;
}

function messageOf(records: readonly Members[]): unknown {
  return records.map(({ Message }) => Message).find((message) => typeof message === 'string' && message.trim() !== '');
}

// `OperationFailure: Construct`, and `SystemExit: UnexpectedExit, GuestOS`.
function attributionText(records: readonly Members[]): string {
  const [record] = records;
  const [name, detail] = Object.entries(record ?? {})[0] ?? [];
  if (name === undefined) return '';
  const words = isMembers(detail)
    ? Object.values(detail)
        .filter((value) => typeof value === 'string')
        .slice(0, 4)
    : [];
  return words.length === 0 ? name : `${name}: ${words.join(', ')}`;
}

function objects(value: unknown): readonly Members[] {
  return Array.isArray(value) ? value.filter(isMembers) : [];
}
