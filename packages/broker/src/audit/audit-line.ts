/**
 * The lines of the audit: one before a call is made, or refused, and one for its result.
 *
 * @module
 */
import type { RemoteCall } from '../decision.js';

/** What decided about a call. */
export interface Verdict {
  readonly allowed: boolean;
  /** The name of the rule that counts for the caller. */
  readonly rule?: string;
  readonly status?: number;
  readonly reason?: string;
  /** What the call is about: the host's name of a system, or a path. */
  readonly object?: string;
  /** The paths that the host gets. */
  readonly paths?: readonly string[];
}

/** One event of the audit. */
export type AuditEvent =
  | {
      readonly event: 'connect';
      readonly connection: number;
      readonly caller: RemoteCall['caller'];
      readonly verdict: Verdict;
    }
  | { readonly event: 'disconnect'; readonly connection: number }
  | { readonly event: 'decision'; readonly number: number; readonly call: RemoteCall; readonly verdict: Verdict }
  | { readonly event: 'result'; readonly number: number; readonly call: RemoteCall; readonly status: number };

/** Takes lines. */
export interface AuditLog {
  /** Returns when the line is written, and throws when it is not. */
  write(line: string): void;
}

/** The text of a line. All that a client may have written is cut, and on one line whatever is in it. */
export function auditLine(event: AuditEvent, time: Date, textLength: number): string {
  return JSON.stringify({ time: time.toISOString(), ...membersOf(event) }, (_, value: unknown) =>
    typeof value === 'string' ? cut(value, textLength) : value,
  ).replace(beyondAscii, escaped);
}

function membersOf(event: AuditEvent): object {
  switch (event.event) {
    case 'connect':
      return { event: event.event, connection: event.connection, ...callerOf(event.caller), ...event.verdict };
    case 'disconnect':
      return event;
    case 'decision':
      return { ...callOf(event), ...callerOf(event.call.caller), ...event.verdict };
    case 'result':
      return { ...callOf(event), user: event.call.caller.user, status: event.status };
  }
}

function callOf({ event, number, call }: Extract<AuditEvent, { readonly number: number }>): object {
  return { event, number, connection: call.connection, call: `${call.library}.${call.name}` };
}

function callerOf({ user, logon, processId, elevated }: RemoteCall['caller']): object {
  return { user, logon, unprovenProcessId: processId, elevated };
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length)}… (${text.length} characters)`;
}

// JSON escapes what is below a blank. What terminals and readers of lines take for a control, or for the end of a line, is here.
const beyondAscii = /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]/g;

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
