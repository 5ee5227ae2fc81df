// The first contact with a host:
//
//   npm run contact -- [--out FOLDER] [--deadline SECONDS]
//
// Runs what every host does on the host of this machine, with a recorder; makes the recorded calls on the simulated host; and
// writes what was found into one file (docs/contact.md). HOSTCOMPUTE_TEST_HOST names another host than that of Windows.
import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { release, version } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { layersOfDocker } from './docker-layers.js';
import { impersonalValues } from './personal.js';
import type { Findings, SuiteTest } from './result.js';
import { described, findingsOf, testsOf } from './result.js';

const { values } = parseArgs({
  options: { out: { type: 'string', default: 'out/contact' }, deadline: { type: 'string', default: '1200' } },
});
const deadline = Number(values.deadline);
if (!(deadline > 0)) throw new TypeError(`--deadline must be a number of seconds above 0, not ${values.deadline}`);
const folder = resolve(values.out);
const root = fileURLToPath(new URL('../../../', import.meta.url));
const host = process.env.HOSTCOMPUTE_TEST_HOST ?? (process.platform === 'win32' ? 'windows' : undefined);

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

interface Run {
  readonly tests: SuiteTest[];
  /** How the suite ended. */
  readonly ending: string;
}

// In a process of its own, so that a call that never returns ends with it. Its output goes to files, since Node for Windows
// cannot write to a pipe under Wine.
async function runSuite(name: string): Promise<Run> {
  const layers = process.env.HOSTCOMPUTE_TEST_LAYERS ?? (name === 'windows' ? layersOfDocker() : '');
  const env = {
    ...process.env,
    HOSTCOMPUTE_TEST_HOST: name,
    HOSTCOMPUTE_TEST_LAYERS: layers,
    HOSTCOMPUTE_TEST_MACHINES: '1',
    HOSTCOMPUTE_TEST_RECORDINGS: folder,
    HOSTCOMPUTE_TEST_TIMEOUT: process.env.HOSTCOMPUTE_TEST_TIMEOUT ?? String(Math.min(120_000, (deadline * 1000) / 4)),
  };
  const [output, errors] = [join(folder, 'suite.txt'), join(folder, 'suite-errors.txt')];
  const mocha = createRequire(import.meta.url).resolve('mocha/bin/mocha.js');
  const suite = fileURLToPath(new URL('../conformance/any-host.test.js', import.meta.url));
  const files = [openSync(output, 'w'), openSync(errors, 'w')] as const;
  const args = [mocha, '--no-config', '--forbid-only', '--reporter', 'json-stream', suite];
  const { status, signal, error } = spawnSync(process.execPath, args, {
    cwd: root,
    env,
    stdio: ['ignore', ...files],
    timeout: deadline * 1000,
    killSignal: 'SIGKILL',
  });
  for (const file of files) closeSync(file);
  const tests = await testsOf(output);
  if ((error as NodeJS.ErrnoException | undefined)?.code === 'ETIMEDOUT')
    return { tests, ending: `it was ended after ${deadline} seconds` };
  if (error !== undefined) return { tests, ending: `it could not be started: ${error.message}` };
  const said = tests.length === 0 ? readFileSync(errors, 'utf8').trim().slice(0, 2000) : '';
  return { tests, ending: `it ended with ${signal ?? status}${said && `: ${said}`}` };
}

function write(name: string, { tests, ending }: Run, findings: Findings): string {
  const { divergences, notCompared, problems, recordings } = findings;
  const result = {
    kind: 'contact',
    version: 1,
    date: new Date().toISOString(),
    host: name,
    platform: `${process.platform}-${process.arch}`,
    release: release(),
    system: version(),
    node: process.version,
    suite: impersonalValues({ ending, tests }),
    divergences,
    notCompared,
    problems: impersonalValues(problems),
  };
  const file = join(folder, `contact-${name}-${process.platform}-${release()}.json`);
  // Readable, and a line for each line of a recording.
  const lines = recordings.map(({ lines: each, ...rest }) => {
    const head = JSON.stringify(rest).slice(0, -1);
    return `${head},"lines":[\n${each.map((line) => JSON.stringify(line)).join(',\n')}\n]}`;
  });
  const head = JSON.stringify(result, undefined, 2).slice(0, -2);
  writeFileSync(file, `${head},\n  "recordings": [${lines.join(',\n')}]\n}\n`, { mode: 0o600 });
  return file;
}

function report({ tests, ending }: Run, { divergences, notCompared, problems, recordings }: Findings): void {
  const passed = tests.filter((test) => test.passed).length;
  print(`\nThe suite: ${passed} of ${tests.length} tests passed; ${ending}.`);
  for (const { title, error } of tests.filter((test) => !test.passed)) print(`  failed: ${title}: ${error ?? ''}`);
  for (const { name, whole, lines } of recordings)
    print(`Recording ${name}: ${lines.length} lines${whole ? '' : ', and then it breaks off'}.`);
  for (const problem of problems) print(`Not played: ${problem}`);
  const skipped = notCompared.reduce((sum, { places }) => sum + places.length, 0);
  if (skipped > 0) print(`Calls that were not compared: ${skipped}. The file says why.`);
  print(`Divergences from the simulated host: ${divergences.length}.`);
  for (const each of divergences) print(`  ${described(each)}`);
}

if (host === undefined) {
  print(
    'There is no Windows host here. On Windows, run this in an elevated prompt. HOSTCOMPUTE_TEST_HOST=simulated tries the\n' +
      'program itself: it runs the suite on the simulated host and compares that with itself, without a divergence.',
  );
  process.exitCode = 1;
} else {
  mkdirSync(folder, { recursive: true });
  // Of an earlier run.
  for (const name of readdirSync(folder).filter((each) => /^suite.*\.txt$|^contact-.*\.json$|\.jsonl$/.test(each)))
    rmSync(join(folder, name));
  print(`Running the suite on the ${host} host, for at most ${deadline} seconds ...`);
  const run = await runSuite(host);
  const recordings = readdirSync(folder).filter((name) => name.endsWith('.jsonl'));
  const findings = await findingsOf(recordings.sort().map((name) => join(folder, name)));
  const file = write(host, run, findings);
  report(run, findings);
  print(`\nThe result is in ${file}`);
  if (host === 'windows') print('Look through it, and please attach it to an issue of hostcompute.');
}
