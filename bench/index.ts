// The benchmarks: what the binding adds to a plain C++ client that makes the same calls to the same simulated host. Each
// trial runs in a process of its own, both sides in turn, several rounds; figures are medians over the rounds.
//
// npm run bench -- [--only e,f] [--rounds 5] [--cycles 2000] [--quick] [--report FOLDER]
// npm run bench -- --compare BEFORE.json AFTER.json
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { pageOf } from './page/page.js';
import { comparisonText } from './results/compare.js';
import type { SectionResult } from './results/figures.js';
import { commitOf, loadNow, machineOf } from './results/origin.js';
import type { Report } from './results/report.js';
import { format, readReport, ReportFileError, reportText, version } from './results/report.js';
import { tableOf } from './results/text.js';
import { sections } from './sections/index.js';
import type { Effort, Section } from './support/bench.js';
import { buildClient, root } from './support/bench.js';
import { table } from './support/statistics.js';

const { values, positionals } = parseArgs({
  options: {
    only: { type: 'string' },
    rounds: { type: 'string' },
    cycles: { type: 'string' },
    quick: { type: 'boolean', default: false },
    report: { type: 'string', default: join(root, 'bench', 'report') },
    compare: { type: 'boolean', default: false },
  },
  allowPositionals: true,
});

function fail(message: string): never {
  console.error(message);
  process.exit(2);
}

function wholeNumber(name: 'rounds' | 'cycles', otherwise: number): number {
  const number = Number(values[name] ?? otherwise);
  return Number.isInteger(number) && number > 0
    ? number
    : fail(`--${name} is "${values[name]}": pass a whole number from 1`);
}

function chosenSections(): readonly Section[] {
  const ids = values.only?.split(',');
  const unknown = ids?.find((id) => !sections.some((section) => section.id === id));
  if (unknown !== undefined) {
    const known = sections.map(({ id, title }) => `  ${id}  ${title}`).join('\n');
    fail(`there is no section "${unknown}". There are:\n${known}`);
  }
  return ids === undefined ? sections : sections.filter(({ id }) => ids.includes(id));
}

function compare(): void {
  const [before, after, ...more] = positionals;
  if (before === undefined || after === undefined || more.length > 0)
    fail('pass two files: --compare BEFORE.json AFTER.json');
  try {
    console.log(comparisonText(readReport(before), readReport(after)));
  } catch (error) {
    if (error instanceof ReportFileError) fail(error.message);
    throw error;
  }
}

function measure(section: Section, effort: Effort): SectionResult {
  const { id, title, about } = section;
  console.log(`\n(${id}) ${title}\n${about}`);
  const groups = section.measure(effort);
  for (const group of groups) console.log(`\n${group.title}\n${table(tableOf(group))}`);
  return { id, title, about, groups };
}

async function measureAll(): Promise<void> {
  const chosen = chosenSections();
  const effort: Effort = {
    rounds: wholeNumber('rounds', values.quick ? 3 : 5),
    cycles: wholeNumber('cycles', values.quick ? 200 : 2000),
    quick: values.quick,
  };
  const load = loadNow();
  const begun = { ...commitOf(), date: new Date().toISOString(), node: process.version };
  const { processors, processor } = machineOf(load);
  buildClient();
  console.log(`Node ${process.version} on ${processors} x ${processor}`);
  console.log(`Simulated host, no latency. ${effort.rounds} rounds, each side in turn, a process per trial.`);
  const results = chosen.map((section) => measure(section, effort));
  const report: Report = {
    format,
    version,
    ...begun,
    machine: machineOf(load),
    host: { kind: 'simulated', description: 'the simulated host in the same process; no Windows was involved' },
    ...effort,
    leftOut: sections.filter((section) => !chosen.includes(section)).map(({ id, title }) => ({ id, title })),
    sections: results,
  };
  mkdirSync(values.report, { recursive: true });
  writeFileSync(join(values.report, 'report.json'), reportText(report));
  writeFileSync(join(values.report, 'index.html'), await pageOf(report));
  console.log(`\nThe page of it: ${join(values.report, 'index.html')}`);
}

if (values.compare) compare();
else if (positionals.length > 0) fail(`"${positionals[0]}" is no option`);
else await measureAll();
