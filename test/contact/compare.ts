// Compares what a host did, by its recording, with what the simulated host did when the same calls were made on it.
import { notificationType } from '#dist/host/notification.js';
import type { CallLine, CompletionLine, RecordedProcess, RecordedText } from '#dist/recorder/format.js';
import { isTextual, parameters } from '#dist/recorder/format.js';
import type { Recording } from '#dist/recorder/reader.js';
import { statusText, succeeded } from './codes.js';
import type { Divergence, Found } from './divergence.js';
import { compareTexts } from './divergence.js';
import { orderDivergences } from './order.js';
import type { NotPlayed, Played } from './play.js';
import { Transcript } from './transcript.js';

export interface Comparison {
  readonly divergences: readonly Divergence[];
  /** Calls that were not made on the simulated host, or not compared. */
  readonly notCompared: readonly NotPlayed[];
}

// After one of these, which only one of the hosts fails, the system is in another state on each of them.
const changesState: ReadonlySet<string> = new Set(
  ['Create', 'Start', 'Shutdown', 'Terminate', 'Pause', 'Resume', 'Save'].map(
    (verb) => `vmcompute.Hcs${verb}ComputeSystem`,
  ),
);

/** Compares a recording with what was played from it. */
export function compare(recording: Recording, played: Played): Comparison {
  const real = new Transcript(recording.lines, recording.lines);
  const simulated = new Transcript(recording.lines, played.lines);
  const skipped = new Set(played.notPlayed.map(({ line }) => line));
  const divergences = missingFunctions(recording, played);
  const notCompared = [...played.notPlayed];
  // Systems whose state is another one since the call on this line, by their ids.
  const astray = new Map<string, number>();
  const differing = new Set<number>();
  for (const [place, call] of recording.lines.entries()) {
    const line = place + 2;
    if (call.kind !== 'call' || skipped.has(line)) continue;
    const system = real.systemOf(call);
    if (call.function === 'vmcompute.HcsCreateComputeSystem') astray.delete(system);
    const since = astray.get(system);
    if (since !== undefined) {
      const reason = `its system is in another state since the call on line ${since}`;
      notCompared.push({ line, function: call.function, reason });
      differing.add(call.id);
      continue;
    }
    const completions = [real.completions.get(call.id), simulated.completions.get(call.id)] as const;
    const found = compareCall(call, ...completions, real.ids);
    if (found.some(({ kind }) => kind === 'code')) differing.add(call.id);
    const isOneFailed = succeeded(completions[0]) !== succeeded(completions[1]);
    if (isOneFailed && changesState.has(call.function)) astray.set(system, line);
    for (const each of found) divergences.push({ ...each, function: call.function, line });
  }
  divergences.push(...orderDivergences(real, simulated, differing, new Set(astray.keys())));
  return { divergences: divergences.sort((a, b) => a.line - b.line), notCompared };
}

function missingFunctions({ header }: Recording, { functions }: Played): Divergence[] {
  const exported: readonly string[] = header.functions;
  const libraryOf = (name: string): string => name.split('.')[0]!;
  // Of a library that the recorder knew.
  const libraries = new Set(exported.map(libraryOf));
  const missing = functions.filter((name) => !exported.includes(name) && libraries.has(libraryOf(name)));
  const values = { real: 'is not exported', simulated: 'is exported' };
  return missing.map((name) => ({ kind: 'code', function: name, what: 'export', ...values, line: 1 }));
}

function compareCall(
  call: CallLine,
  real: CompletionLine | undefined,
  simulated: CompletionLine | undefined,
  ids: readonly string[],
): Found[] {
  const answers = [answerOf(real), answerOf(simulated)] as const;
  if (answers[0] !== answers[1]) return [{ kind: 'code', what: 'status', real: answers[0], simulated: answers[1] }];
  if (real === undefined || simulated === undefined) return [];
  const found: Found[] = [];
  if (real.registration !== simulated.registration) {
    const codes = { real: statusText(real.registration), simulated: statusText(simulated.registration) };
    found.push({ kind: 'code', what: 'registration', ...codes });
  }
  found.push(
    ...compareTexts('notification', real.notification?.data ?? null, simulated.notification?.data ?? null, ids),
  );
  for (const { name, shape } of parameters.get(call.function)!.outputs) {
    const [left, right] = [real.outputs[name] ?? null, simulated.outputs[name] ?? null];
    if (shape === 'Handle') continue; // there is one, or the status says why not
    if (shape === 'Streams')
      found.push(...compareStreams(left as RecordedProcess | null, right as RecordedProcess | null));
    else if (shape !== 'Guid' && isTextual(shape))
      found.push(...compareTexts(name, left as RecordedText, right as RecordedText, ids));
    else if (left !== right) found.push({ kind: 'members', what: name, real: left, simulated: right });
  }
  return found;
}

/** How a call ended, in one text. */
function answerOf(completion: CompletionLine | undefined): string {
  if (completion === undefined) return 'no answer';
  const { status, ending, notification } = completion;
  if (ending === 'cancelled') return 'cancelled before it was made';
  if (ending === 'abandoned' || ending === 'closed') return `${statusText(status)}, and nothing was notified`;
  if (notification === undefined) return statusText(status);
  return `${statusText(status)}, then ${notificationType(notification.type)} ${statusText(notification.status)}`;
}

function compareStreams(real: RecordedProcess | null, simulated: RecordedProcess | null): Found[] {
  return (['stdin', 'stdout', 'stderr'] as const).flatMap((name): Found[] => {
    const [left, right] = [real?.[name], simulated?.[name]];
    return left === right ? [] : [{ kind: 'members', what: name, real: left, simulated: right }];
  });
}
