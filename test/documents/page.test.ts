import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import type { Issue, SystemDocument } from 'hostcompute';
import { ComputeSystem, supports, validateDocument } from 'hostcompute';
import ts from 'typescript';

import { useSimulator } from '../support/host.js';

type Run = (...values: unknown[]) => Promise<{ issues: Issue[]; seconds: number; huge: unknown }>;

const page = readFileSync('docs/documents.md', 'utf8').replaceAll('\r\n', '\n');
const names = ['ComputeSystem', 'validateDocument', 'supports', 'system'];

/** All examples of the page as one function. */
function examples(): Run {
  const code = [...page.matchAll(/```ts\n([^]*?)```/g)].map(([, block]) => block).join('\n');
  const options = { compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 } };
  const body = ts.transpileModule(code, options).outputText.replace(/^export \{\};$/m, '');
  const AsyncFunction = Object.getPrototypeOf(async () => Promise.resolve()) as {
    constructor: new (...text: string[]) => Run;
  };
  return new AsyncFunction.constructor(...names, `${body}\nreturn { issues, seconds, huge };`);
}

describe('The examples of docs/documents.md', () => {
  const bench = useSimulator();

  it('do what the page says', async () => {
    const said: string[] = [];
    const create = async (id: string, document: SystemDocument): Promise<void> => {
      await assert.rejects(ComputeSystem.create(id, document, { host: bench.simulator.host }), (error: Error) => {
        said.push(`${error.name}: ${error.message}`);
        return true;
      });
    };
    const answers: (boolean | undefined)[] = [];
    const ask = (...question: Parameters<typeof supports>): void => void answers.push(supports(...question));
    const system = await bench.running();
    const { issues, seconds, huge } = await examples()({ create }, validateDocument, ask, system);

    const comments = page.replaceAll('\n// ', ' ');
    assert.equal(said.length, 1);
    assert.ok(comments.includes(said[0]!), said[0]);
    assert.deepEqual(
      issues.map(({ path, rule, severity }) => [path, rule, severity]),
      [['VirtualMachine.ComputeTopology.Memory.SizeInMB', 'machine-memory', 'error']],
    );
    assert.deepEqual(
      answers,
      [...page.matchAll(/^supports\(.*\/\/ (\w+)$/gm)].map(([, answer]) => answer === 'true'),
    );
    assert.ok(seconds >= 0);
    assert.deepEqual(validateDocument(huge as object, { kind: 'RegistryValue' }), []);
  });
});
