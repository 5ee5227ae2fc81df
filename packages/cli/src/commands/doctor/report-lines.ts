/**
 * The report of a doctor for people.
 *
 * @module
 */
import type { CheckResult, DoctorHost, DoctorReport, Outcome } from 'hostcompute/doctor';

import type { Paint, Style } from '../../output/color.js';
import { printableLine } from '../../output/printable.js';

interface Manner {
  readonly paint: Paint;
  /** Shows what was asked and answered, and what was skipped. */
  readonly isVerbose: boolean;
}

const marks: Readonly<Record<Outcome, string>> = { ok: '✓', warning: '!', problem: '✗', unknown: '?', skipped: '-' };
const styles: Readonly<Record<Outcome, Style>> = {
  ok: 'green',
  warning: 'yellow',
  problem: 'red',
  unknown: 'cyan',
  skipped: 'dim',
};

/** A line for the machine, one or more for each check, and one that counts. */
export function reportLines({ host, checks, summary, goals }: DoctorReport, manner: Manner): string[] {
  const shown = checks.filter(({ outcome }) => manner.isVerbose || outcome !== 'skipped');
  const width = Math.max(0, ...shown.map(({ id }) => id.length));
  const counts = (['ok', 'warning', 'problem', 'unknown', 'skipped'] as const)
    .filter((outcome) => outcome === 'ok' || summary[outcome] > 0)
    .map((outcome) => `${summary[outcome]} ${outcome}${summary[outcome] === 1 || !plural.has(outcome) ? '' : 's'}`);
  const more = manner.isVerbose ? '' : ' (--verbose shows what was asked)';
  return [
    printableLine(hostLine(host)),
    `For ${goals.join(', ')}`,
    ...shown.flatMap((check) => checkLines(check, width, manner)),
    `${checks.length} checks: ${counts.join(', ')}${more}`,
  ];
}

const plural: ReadonlySet<Outcome> = new Set(['warning', 'problem']);

function hostLine({ system, build, revision, arch, elevated, machine, simulated, recorded }: DoctorHost): string {
  const version = build === null ? undefined : `10.0.${build}${revision === null ? '' : `.${revision}`}`;
  const rights = elevated === null ? undefined : elevated ? 'elevated' : 'not elevated';
  const parts = [system, version, arch ?? undefined, machine ?? undefined].filter((part) => part !== undefined);
  const notes = [
    rights,
    simulated ? 'simulated host' : undefined,
    recorded === null ? undefined : `recorded ${recorded}`,
  ].filter((note) => note !== undefined);
  return [parts.join(', '), ...notes].join('; ');
}

function checkLines(
  { id, title, outcome, note, cause, remedy, evidence }: CheckResult,
  width: number,
  manner: Manner,
): string[] {
  const { paint, isVerbose } = manner;
  const said = printableLine(cause ?? (note === undefined ? title : `${title}: ${note}`));
  const asked = evidence.map(({ asked: question, answer }) =>
    paint('dim', printableLine(`    ${question} = ${JSON.stringify(answer)}`)),
  );
  return [
    `${paint(styles[outcome], marks[outcome])} ${id.padEnd(width)}  ${said}`,
    ...(remedy === undefined ? [] : [`  → ${printableLine(remedy)}`]),
    ...(isVerbose ? asked : []),
  ];
}
