import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { SystemDocument } from 'hostcompute';
import { validateDocument } from 'hostcompute/documents';

import { runIn } from '../support/child.js';
import { pages } from '../support/docs/blocks.js';
import { hasInOrder } from '../support/docs/claims.js';
import { commandsOf, programOf, scripts } from '../support/docs/shell.js';
import { useSimulator } from '../support/host.js';
import { readPage } from '../support/docs/markdown.js';

const everything = ['CONTRIBUTING.md', ...pages()].map(readPage);
const blocks = everything.flatMap((page) => page.blocks);
const of = (language: string): typeof blocks => blocks.filter((block) => block.language === language);

describe('Code blocks in the documentation', () => {
  it('name a known language', () => {
    const known = ['ts', 'json', 'sh', 'text'];
    const others = blocks.filter(({ language }) => !known.includes(language));
    assert.deepEqual(others, []);
  });

  for (const { file, line, code } of of('json')) {
    it(`${file}:${line} is valid JSON, and a valid document`, () => {
      const value = JSON.parse(code) as Partial<SystemDocument>;
      const isDocument = ['Container', 'VirtualMachine', 'HostedSystem', 'SystemType'].some((name) => name in value);
      assert.deepEqual(isDocument ? validateDocument(value) : [], []);
    });
  }

  it('that are inline requests are valid JSON', () => {
    const requests = everything.flatMap(({ spans }) => spans).filter((span) => /^\{"[^]*\}$/.test(span));
    assert.ok(requests.length > 10);
    for (const request of requests.filter((each) => !each.includes('...'))) JSON.parse(request);
  });
});

describe('Commands in the documentation', function () {
  this.timeout(120_000);
  const commands = of('sh').flatMap((block) => commandsOf(block.code).map((command) => ({ ...block, command })));
  const outputs = of('text').flatMap((block) => {
    const [, command] = /^prints: (.*)$/.exec(block.comment) ?? [];
    return command === undefined ? [] : [{ ...block, command }];
  });

  for (const { file, line, command } of [...commands, ...outputs]) {
    it(`${file}:${line} uses commands and flags of this package: ${command}`, () => {
      const { known, program, flags } = programOf(command);
      assert.ok(known, `${command} is no command that is known here`);
      if (program === undefined) return;
      assert.ok(existsSync(program), `${program} does not exist`);
      for (const flag of flags) assert.match(readFileSync(program, 'utf8'), new RegExp(`\\b${flag}\\b`));
    });
  }

  it('that are inline name existing scripts', () => {
    const named = everything.flatMap(({ spans }) => spans.flatMap((span) => [...span.matchAll(/npm run ([\w:-]+)/g)]));
    assert.ok(named.length > 10);
    for (const [command, name = ''] of named) assert.ok(name in scripts, command);
  });

  const run = [...commands, ...outputs].flatMap((block) => {
    const { runs } = programOf(block.command);
    return runs === undefined ? [] : [{ ...block, runs }];
  });
  for (const { file, line, command, runs, code } of run) {
    it(`${file}:${line} runs: ${command}`, async () => {
      const [program = '', ...args] = runs;
      const { code: exitCode, stdout, stderr } = await runIn(process.cwd(), join(process.cwd(), program), args);
      assert.equal(exitCode, 0, stderr);
      if (outputs.some((output) => output.line === line && output.file === file))
        assert.ok(sameShape(stderr + stdout, code));
    });
  }
});

// Figures differ from run to run.
function sameShape(output: string, shown: string): boolean {
  const shape = (text: string): string => text.replace(/[\d.,]+/g, '#');
  return hasInOrder(shape(output), shape(shown).trim().split('\n'));
}

describe('The simulator state in docs/simulator.md', () => {
  const bench = useSimulator();

  it('lists the members that the simulator returns', async () => {
    const shown = of('json').find(({ file, code }) => file === 'docs/simulator.md' && code.includes('"Rules"'));
    const members = Object.keys(JSON.parse(shown?.code ?? '{}') as object);
    assert.deepEqual(members.sort(), Object.keys(await bench.simulator.state()).sort());
  });
});
