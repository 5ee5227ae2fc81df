// A run of the benchmarks, short, as a user starts it.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { readReport } from '../../bench/results/report.js';

const program = fileURLToPath(new URL('../../bench/index.js', import.meta.url));
const bench = (...args: string[]) => spawnSync(process.execPath, [program, ...args], { encoding: 'utf8' });

describe('npm run bench', () => {
  let folder: string;
  before(() => (folder = mkdtempSync(join(tmpdir(), 'hostcompute-run-'))));
  after(() => rmSync(folder, { recursive: true }));

  it('measures containers cold and warm in both isolations, and writes the page of a partial run', () => {
    const { status, stdout, stderr } = bench('--only', 'm', '--quick', '--rounds', '1', '--report', folder);
    assert.equal(status, 0, stderr);
    const { sections, leftOut, host } = readReport(join(folder, 'report.json'));
    const [containers, ...others] = sections;
    assert.deepEqual(others, []);
    assert.ok(leftOut.some(({ id }) => id === 'a'));
    assert.equal(host.kind, 'simulated');
    const titles = containers!.groups.map(({ title }) => title);
    for (const title of [
      'Warm, process-isolated',
      'Cold, process-isolated',
      'Warm, Hyper-V isolated',
      'Cold, Hyper-V isolated',
    ]) {
      assert.ok(titles.includes(title), title);
      assert.ok(stdout.includes(title), title);
    }
    for (const { figures } of containers!.groups) {
      for (const { series } of figures) assert.ok(series.every(({ rounds }) => rounds.every((value) => value >= 0)));
    }
    const page = readFileSync(join(folder, 'index.html'), 'utf8');
    assert.match(page, /A part of the benchmarks\. Not run: Latency of systems by phase/);
  });

  it('rejects invalid arguments, and names what to pass instead', () => {
    const refused = (...args: string[]): string => {
      const { status, stderr } = bench(...args);
      assert.equal(status, 2);
      return stderr;
    };
    assert.match(refused('--only', 'z'), /there is no section "z".*There are:/);
    assert.match(refused('--rounds', '0'), /pass a whole number from 1/);
    assert.match(refused('--host', 'mars'), /pass windows or simulated/);
    assert.match(refused('--compare', 'one.json'), /pass two files/);
    assert.match(refused('--compare', 'none.json', 'none.json'), /none\.json cannot be read/);
  });
});
