import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { runIn } from '../support/child.js';
import { examples } from '../support/docs/blocks.js';
import { hasInOrder, printed, rejection } from '../support/docs/claims.js';
import { namesInTables } from '../support/docs/names.js';
import { compiledExamples, compileExamples, moduleName } from '../support/docs/compiler.js';
import type { ExampleResult } from './programs/run-examples.js';

const runner = fileURLToPath(new URL('programs/run-examples.js', import.meta.url));
const all = [...examples(), namesInTables('docs/migrating-from-hcsshim.md')];
const programs = all.filter(({ notRun, isTest }) => notRun === undefined && !isTest);
const tests = all.filter(({ notRun, isTest }) => notRun === undefined && isTest);
const fileOf = (example: (typeof all)[number]): string => join(compiledExamples, `${moduleName(example)}.js`);

describe('Examples in the documentation', function () {
  this.timeout(120_000);
  let folder: string;
  let complaints: string[];
  let results: ExampleResult[];

  before(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'hostcompute-docs-')));
    complaints = compileExamples(all, folder);
    const file = join(folder, 'results');
    const { code, stderr } = await runIn(folder, runner, [file, ...programs.map(fileOf)]);
    results = readFileSync(file, 'utf8')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as ExampleResult);
    assert.equal(code, 0, `${programs[results.length]?.place ?? 'the end'}: ${stderr}`);
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  it('compile against the types of the public entries', () => {
    assert.ok(all.length > 40);
    assert.deepEqual(complaints, []);
  });

  for (const [index, { place, code }] of programs.entries()) {
    const rejects = rejection(code);

    it(`${place} ${rejects === undefined ? 'runs' : `rejects with ${rejects.code}`}`, () => {
      const { output, error, issues } = results[index]!;
      assert.equal(error?.code, rejects?.code, error?.message);
      if (rejects !== undefined) assert.ok(hasInOrder(error!.message, [rejects.message]), error!.message);
      assert.ok(hasInOrder(output, printed(code)), `${printed(code).join('\n')}\nis not what it printed:\n${output}`);
      assert.deepEqual(issues, []);
    });
  }

  for (const example of tests) {
    it(`${example.place} is a passing test`, async () => {
      const { code, stdout } = await runIn(folder, fileOf(example), [], ['--test', '--test-reporter=tap']);
      assert.equal(code, 0, stdout);
      assert.match(stdout, /^# pass [1-9]/m);
    });
  }

  for (const { place, notRun } of all) {
    if (notRun !== undefined) it(`${place} is compiled but not run: ${notRun}`, () => assert.notEqual(notRun, ''));
  }
});
