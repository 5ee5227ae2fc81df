// report.json: the results of a run, and what they were measured on.
import { readFileSync } from 'node:fs';

import type { Figure, Group, SectionResult, Series } from './figures.js';

export const format = 'hostcompute-bench';
/** Goes up when a reader of the one before would misread it. */
export const version = 1;

export interface Machine {
  readonly system: string;
  readonly processor: string;
  readonly processors: number;
  readonly memoryGiB: number;
  /** Over the minute before the run began, and before it ended; 0 where there is no such figure. */
  readonly load: readonly [before: number, after: number];
}

export interface Report {
  readonly format: typeof format;
  readonly version: typeof version;
  /** When it began, ISO 8601. */
  readonly date: string;
  readonly commit: string;
  /** Whether the tree had changes that are in no commit. */
  readonly changed: boolean;
  readonly node: string;
  readonly machine: Machine;
  readonly host: { readonly kind: 'simulated' | 'windows'; readonly description: string };
  readonly rounds: number;
  readonly cycles: number;
  readonly quick: boolean;
  /** What there is and was not run: identifier and title. */
  readonly leftOut: readonly { readonly id: string; readonly title: string }[];
  readonly sections: readonly SectionResult[];
}

/** A file that is no report, or one of another version. */
export class ReportFileError extends Error {
  override readonly name = 'ReportFileError';
}

/** The text of a report. Six digits of a number are more than any clock here has. */
export function reportText(report: Report): string {
  const rounded = (_: string, value: unknown): unknown =>
    typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(6)) : value;
  return `${JSON.stringify(report, rounded)}\n`;
}

export function readReport(path: string): Report {
  const fail = (reason: string): never => {
    throw new ReportFileError(`${path} ${reason}`);
  };
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    return fail(`cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    return fail('is not JSON: pass the report.json that "npm run bench" has written');
  }
  const report = content as Partial<Record<keyof Report, unknown>> | null;
  if (typeof report !== 'object' || report?.format !== format) {
    return fail('is no report of these benchmarks: pass the report.json that "npm run bench" has written');
  }
  if (report.version !== version) {
    return fail(
      `is of version ${String(report.version)} of the format, this is version ${version}: run both sides anew`,
    );
  }
  const flaw = Array.isArray(report.sections)
    ? report.sections.map(flawOf).find((each) => each !== undefined)
    : 'has no sections';
  return flaw === undefined ? (content as Report) : fail(`${flaw}: it is damaged`);
}

// What a comparison walks through.
function flawOf(section: Partial<SectionResult>): string | undefined {
  if (typeof section.id !== 'string' || !Array.isArray(section.groups)) return 'has a section without groups';
  for (const group of section.groups as readonly Partial<Group>[]) {
    if (!Array.isArray(group.figures)) return `has no figures in section ${section.id}`;
    for (const { name, series } of group.figures as readonly Partial<Figure>[]) {
      const whole = series?.every(({ rounds }: Partial<Series>) => Array.isArray(rounds)) === true;
      if (!whole) return `has no rounds in "${name}" of section ${section.id}`;
    }
  }
  return undefined;
}
