// Compares which notifications two hosts sent of each system and process, and in which order.
import { notificationType } from '#dist/host/notification.js';
import type { CallLine } from '#dist/recorder/format.js';

import { statusText } from './codes.js';
import type { Divergence, Found } from './divergence.js';
import { compareTexts } from './divergence.js';
import type { Notified, Transcript } from './transcript.js';

const none = 'is not notified';

/** Leaves out what the calls in `differing` have opened, what completes them, and systems that are in another state. */
export function orderDivergences(
  real: Transcript,
  simulated: Transcript,
  differing: ReadonlySet<number>,
  astray: ReadonlySet<string>,
): Divergence[] {
  const found: Divergence[] = [];
  for (const [id, call] of real.calls) {
    if (differing.has(id) || astray.has(real.systemOf(call))) continue;
    const of = (transcript: Transcript): Notified[] =>
      (transcript.notifications.get(id) ?? []).filter(
        ({ completes }) => completes === undefined || !differing.has(completes),
      );
    const place = { function: registering(call), line: real.lineOf.get(id)! };
    const sent = of(real);
    // What a late registration is notified of may come after the recorded program has closed its handle.
    const counted = isLate(call) ? within(of(simulated), sent) : of(simulated);
    found.push(...compareNotifications(sent, counted, real.ids).map((each) => ({ ...each, ...place })));
    const [left, right] = [exitsOf(real, id), exitsOf(simulated, id)];
    if (left !== undefined && right !== undefined && left !== right)
      found.push({ kind: 'order', what: 'exits', real: left, simulated: right, ...place });
  }
  return found;
}

/** The function by which the notifications come that a call has opened the way for. */
function registering({ function: name }: CallLine): string {
  return `vmcompute.HcsRegister${name.endsWith('Process') ? 'Process' : 'ComputeSystem'}Callback`;
}

function isLate({ function: name }: CallLine): boolean {
  return name.startsWith('vmcompute.HcsOpen');
}

/** Those of `these` of which there are as many in `those`. */
function within(these: readonly Notified[], those: readonly Notified[]): Notified[] {
  const left = those.map(({ type }) => type);
  return these.filter(({ type }) => {
    const at = left.indexOf(type);
    if (at >= 0) left.splice(at, 1);
    return at >= 0;
  });
}

function compareNotifications(
  real: readonly Notified[],
  simulated: readonly Notified[],
  ids: readonly string[],
): Found[] {
  const names = (of: readonly Notified[]): string[] => of.map(({ type }) => notificationType(type));
  const [left, right] = [names(real), names(simulated)];
  const more = [
    ...without(left, right).map((name) => ({ real: name, simulated: none })),
    ...without(right, left).map((name) => ({ real: none, simulated: name })),
  ];
  if (more.length > 0) return more.map((each) => ({ kind: 'order', what: 'notifications', ...each }));
  const at = left.findIndex((name, i) => name !== right[i]);
  if (at >= 0) {
    const after = (of: string[]): string => of.slice(at).join(', ');
    return [{ kind: 'order', what: 'notifications', real: after(left), simulated: after(right) }];
  }
  return real.flatMap((each, i) => compareNotification(each, simulated[i]!, ids));
}

/** What of `these` is more often there than in `those`. */
function without(these: readonly string[], those: readonly string[]): string[] {
  const left = [...those];
  return these.filter((each) => {
    const at = left.indexOf(each);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

function compareNotification(real: Notified, simulated: Notified, ids: readonly string[]): Found[] {
  if (real.completes !== undefined && simulated.completes !== undefined) return []; // compared with its call
  const name = notificationType(real.type);
  const [left, right] = [statusText(real.status), statusText(simulated.status)];
  if (left !== right) return [{ kind: 'code', what: `${name} status`, real: left, simulated: right }];
  return compareTexts(`${name} data`, real.data, simulated.data, ids);
}

/** Which of a process and its system is the first to exit, for the call that created or opened the process. */
function exitsOf(transcript: Transcript, id: number): string | undefined {
  const watch = transcript.handleOf(transcript.calls.get(id)!);
  if (watch === undefined) return undefined;
  const exit = (of: number, type: string): number | undefined =>
    transcript.notifications.get(of)?.find((each) => notificationType(each.type) === type)?.place;
  const [process, system] = [exit(id, 'ProcessExited'), exit(watch, 'SystemExited')];
  if (process === undefined || system === undefined) return undefined;
  return process < system ? 'ProcessExited, SystemExited' : 'SystemExited, ProcessExited';
}
