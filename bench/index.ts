// The benchmarks: what the binding adds to a plain C++ client that makes the same calls to the same simulated host. Each
// trial runs in a process of its own, both sides in turn, several rounds; figures are medians over the rounds.
//
// npm run bench -- [--only e,f] [--rounds 5] [--cycles 2000] [--quick] [--report FOLDER]
// npm run bench -- [--host windows] [--layers FOLDER]... [--command TEXT]
// npm run bench -- --compare BEFORE.json AFTER.json
import { mkdirSync, writeFileSync } from 'node:fs';
import { release } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { pageOf } from './page/page.js';
import { comparisonText } from './results/compare.js';
import type { SectionResult } from './results/figures.js';
import { commitOf, loadNow, machineOf } from './results/origin.js';
import type { Report } from './results/report.js';
import { format, readReport, ReportFileError, reportText, version } from './results/report.js';
import { tableOf } from './results/text.js';
import { sections } from './sections/index.js';
import type { Effort, HostName, Section } from './support/bench.js';
import { buildClient, root } from './support/bench.js';
import { table } from './support/statistics.js';

const { values, positionals } = parseArgs({
  options: {
    only: { type: 'string' },
    rounds: { type: 'string' },
    cycles: { type: 'string' },
    quick: { type: 'boolean', default: false },
    host: { type: 'string', default: process.platform === 'win32' ? 'windows' : 'simulated' },
    layers: { type: 'string', multiple: true, default: [] },
    command: { type: 'string', default: 'cmd /c ver' },
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

function hostName(): HostName {
  const { host } = values;
  if (host !== 'simulated' && host !== 'windows') return fail(`--host is "${host}": pass windows or simulated`);
  if (host === 'windows' && process.platform !== 'win32') return fail('--host windows: this is not Windows');
  if (host === 'windows' && values.layers.length === 0) {
    return fail('pass the folders of the layers of an image, the nearest first: --layers FOLDER --layers FOLDER');
  }
  return host;
}

function chosenSections(host: HostName): readonly Section[] {
  const ids = values.only?.split(',');
  const possible = sections.filter(({ hosts = ['simulated'] }) => hosts.includes(host));
  const unknown = ids?.find((id) => !possible.some((section) => section.id === id));
  if (unknown !== undefined) {
    const known = possible.map(({ id, title }) => `  ${id}  ${title}`).join('\n');
    fail(`there is no section "${unknown}" for this host. There are:\n${known}`);
  }
  return ids === undefined ? possible : possible.filter(({ id }) => ids.includes(id));
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

const hosts: Readonly<Record<HostName, string>> = {
  simulated: 'the simulated host in the same process, without latency of its own; no Windows was involved',
  windows: `Windows ${release()}`,
};

function measure(section: Section, effort: Effort): SectionResult {
  const { id, title, about } = section;
  console.log(`\n(${id}) ${title}\n${about}`);
  const groups = section.measure(effort);
  for (const group of groups) console.log(`\n${group.title}\n${table(tableOf(group))}`);
  return { id, title, about, groups };
}

async function measureAll(): Promise<void> {
  const host = hostName();
  const chosen = chosenSections(host);
  const effort: Effort = {
    rounds: wholeNumber('rounds', values.quick ? 3 : 5),
    cycles: wholeNumber('cycles', values.quick ? 200 : 2000),
    quick: values.quick,
    host,
    layers: values.layers.map((folder) => resolve(folder)),
    command: values.command,
  };
  const load = loadNow();
  const begun = { ...commitOf(), date: new Date().toISOString(), node: process.version };
  const { processors, processor } = machineOf(load);
  if (host === 'simulated') buildClient();
  console.log(`Node ${process.version} on ${processors} x ${processor}`);
  console.log(`Host: ${hosts[host]}. ${effort.rounds} rounds, each side in turn, a process per trial.`);
  const results = chosen.map((section) => measure(section, effort));
  const report: Report = {
    format,
    version,
    ...begun,
    machine: machineOf(load),
    host: { kind: host, description: hosts[host] },
    rounds: effort.rounds,
    cycles: effort.cycles,
    quick: effort.quick,
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
