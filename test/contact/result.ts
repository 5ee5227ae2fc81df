// The result of a first contact: what the suite showed, the recordings, and where the simulated host does something else.
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';

import type { HeaderLine, Line } from '#dist/recorder/format.js';
import type { Recording } from '#dist/recorder/reader.js';
import { readRecording } from '#dist/recorder/reader.js';

import { compare } from './compare.js';
import type { Divergence } from './divergence.js';
import type { NotPlayed } from './play.js';
import { playOnSimulatedHost } from './play.js';

/** A recording in a result. */
export interface RecordedSuite {
  readonly name: string;
  readonly header: HeaderLine;
  /** Whether it goes on until the host was closed. */
  readonly whole: boolean;
  readonly lines: readonly Line[];
}

/** A divergence, and each place where it was found: the recording and its line. */
export interface FoundDivergence extends Omit<Divergence, 'line'> {
  readonly places: readonly string[];
}

/** A call that was not made on the simulated host, or not compared with what it did. */
export interface NotCompared extends Omit<NotPlayed, 'line'> {
  readonly places: readonly string[];
}

export interface Findings {
  readonly divergences: readonly FoundDivergence[];
  readonly notCompared: readonly NotCompared[];
  /** Recordings that could not be read or played, and why. */
  readonly problems: readonly string[];
  readonly recordings: readonly RecordedSuite[];
}

/** Plays recordings on the simulated host, one after the other, and puts together what was found. */
export async function findingsOf(files: readonly string[]): Promise<Findings> {
  const divergences = new Map<string, FoundDivergence & { places: string[] }>();
  const notCompared = new Map<string, NotCompared & { places: string[] }>();
  const problems: string[] = [];
  const recordings: RecordedSuite[] = [];
  for (const file of files) {
    const name = basename(file, '.jsonl');
    try {
      const recording = await readRecording(file);
      recordings.push(suiteOf(name, recording));
      const found = compare(recording, await playOnSimulatedHost(recording));
      for (const each of found.divergences) gather(divergences, each, name);
      for (const each of found.notCompared) gather(notCompared, each, name);
    } catch (error) {
      problems.push(`${name}: ${(error as Error).message}`);
    }
  }
  return { divergences: [...divergences.values()], notCompared: [...notCompared.values()], problems, recordings };
}

function suiteOf(name: string, { header, lines }: Recording): RecordedSuite {
  return { name, header, whole: lines.at(-1)?.kind === 'end', lines };
}

// What is the same but for its place is one.
function gather<T extends { readonly line: number }>(
  into: Map<string, Omit<T, 'line'> & { places: string[] }>,
  { line, ...rest }: T,
  recording: string,
): void {
  const key = JSON.stringify(rest);
  const place = `${recording}:${line}`;
  const present = into.get(key);
  if (present === undefined) into.set(key, { ...rest, places: [place] });
  else if (!present.places.includes(place)) present.places.push(place);
}

/** A divergence in one line. */
export function described({ kind, function: name, what, real, simulated, places }: FoundDivergence): string {
  const value = (of: unknown): string =>
    typeof of === 'string' ? of : of === undefined ? 'nothing' : JSON.stringify(of);
  const more = places.length > 1 ? ` and ${places.length - 1} more` : '';
  const short = (text: string): string => (text.length > 120 ? `${text.slice(0, 119)}…` : text);
  const values = `here ${short(value(real))}; simulated ${short(value(simulated))}`;
  return `${kind}: ${name.split('.').at(-1)} ${what}: ${values} (${places[0]}${more})`;
}

/** How a test of the suite ended. */
export interface SuiteTest {
  readonly title: string;
  readonly passed: boolean;
  readonly error?: string;
}

/** The tests of a run of mocha, from the output of its reporter `json-stream`, as far as that goes. */
export async function testsOf(output: string): Promise<SuiteTest[]> {
  const lines = (await readFile(output, 'utf8')).split(/\r?\n/);
  return lines.flatMap((line): SuiteTest[] => {
    if (!line.startsWith('["pass"') && !line.startsWith('["fail"')) return [];
    try {
      const [event, { fullTitle, err }] = JSON.parse(line) as [string, { fullTitle: string; err?: string }];
      return [{ title: fullTitle, passed: event === 'pass', ...(err !== undefined && { error: err }) }];
    } catch {
      return []; // cut off
    }
  });
}
