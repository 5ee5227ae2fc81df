/**
 * `doctor`: whether a machine can do what it is wanted for, and why not.
 *
 * @module
 */
import { writeFile } from 'node:fs/promises';

import type { Host } from 'hostcompute';
import type { DoctorReport, Goal, RecordedAnswers } from 'hostcompute/doctor';
import { doctor, goals, recordMachine, replay } from 'hostcompute/doctor';

import type { Action } from '../../command-line/declare.js';
import type { GlobalOptions } from '../../command-line/global-options.js';
import { exitCodes } from '../../exit-codes.js';
import { Failure, usageFailure } from '../../failure.js';
import { openHostIfThere } from '../../host/host-if-there.js';
import { openLimits } from '../../host/limits.js';
import { readJsonObject } from '../../input/read-json.js';
import { painter } from '../../output/color.js';
import { Output } from '../../output/output.js';
import { isTaken } from '../../output/whole-file.js';
import { imageOf } from './checked-image.js';
import { reportLines } from './report-lines.js';

export interface DoctorCommandOptions {
  /** Goals with commas between them. */
  readonly for?: string;
  readonly image?: string;
  readonly record?: string;
  readonly replay?: string;
  readonly probe?: boolean;
}

/** Looks at this machine, or at a recording of one. */
export const examine: Action<DoctorCommandOptions> = async ({ options, globals }) => {
  const wanted = goalsOf(options.for);
  const { record: target, replay: source, probe = false } = options;
  if (source !== undefined && (target !== undefined || probe)) {
    throw usageFailure(
      `--replay cannot be used with ${probe ? '--probe' : '--record'}`,
      'It looks at another machine.',
    );
  }
  const { root } = globals;
  using limits = openLimits(globals);
  const { signal } = limits;
  const image = options.image === undefined ? undefined : await imageOf(options.image, globals);
  const asked = {
    signal,
    ...(wanted !== undefined && { goals: wanted }),
    ...(root !== undefined && { root }),
    ...(image !== undefined && { image }),
  };
  if (source !== undefined) return show(await doctor({ ...asked, answers: await recording(source, signal) }), globals);
  await using host = (await openHostIfThere(globals)).host;
  if (target !== undefined) await writeRecording(target, root, host, signal);
  return show(await doctor({ ...asked, probe, ...(host !== undefined && { host }) }), globals);
};

function goalsOf(given: string | undefined): Goal[] | undefined {
  const words = given?.split(',').map((word) => word.trim().toLowerCase());
  const wrong = words?.find((word) => !(goals as readonly string[]).includes(word));
  if (wrong !== undefined)
    throw usageFailure(`--for does not know ${JSON.stringify(wrong)}`, `Use ${goals.join(', ')}.`);
  return words as Goal[] | undefined;
}

async function recording(file: string, signal: AbortSignal): Promise<RecordedAnswers> {
  const read = await readJsonObject(file, signal);
  try {
    return replay(read as never);
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new Failure(`${file} is no recording of a machine: ${message}`, {
      code: 'ERR_HC_NO_RECORDING',
      remedy: 'Make one with "hostcompute doctor --record FILE" on that machine.',
      cause,
    });
  }
}

async function writeRecording(
  target: string,
  root: string | undefined,
  host: Host | undefined,
  signal: AbortSignal,
): Promise<void> {
  if (await isTaken(target))
    throw usageFailure(`${target} is there already`, 'Name another file by --record, or remove it.');
  const recorded = await recordMachine({
    signal,
    ...(root !== undefined && { root }),
    ...(host !== undefined && { host }),
  });
  await writeFile(target, `${JSON.stringify(recorded, null, 2)}\n`, { flag: 'wx', signal });
  const said = 'names of persons, computers and domains, their numbers and public addresses are taken out';
  process.stderr.write(`Recorded in ${target}: ${said}.\n`);
}

function show(report: DoctorReport, globals: GlobalOptions): number {
  const output = new Output(globals);
  const paint = painter(globals, process.stdout);
  const lines = output.isJson ? [] : reportLines(report, { paint, isVerbose: globals.verbose === true });
  output.one({ kind: 'doctor', ...report }, lines);
  const { problem } = report.summary;
  if (problem > 0) return exitCodes.failed;
  const { build, simulated } = report.host;
  return build === null && !simulated ? exitCodes.notAsked : exitCodes.done;
}
