import assert from 'node:assert/strict';

import { ComputeSystem, documents, validateDocument } from 'hostcompute';

import { useSimulator } from '../support/host.js';
import { codeBlocks } from '../support/markdown.js';

type Run = (...values: readonly unknown[]) => Promise<unknown>;

// There is no global of this name.
const { constructor: AsyncFunction } = (async () => Promise.resolve()) as unknown as {
  constructor: new (...parts: readonly string[]) => Run;
};

describe('The examples of docs/builders.md', () => {
  const bench = useSimulator();
  const blocks = codeBlocks('docs/builders.md', 'js');

  it('are there', () => assert.equal(blocks.length, 8));

  for (const [index, code] of blocks.entries()) {
    const first = code.split('\n')[0] ?? '';

    it(`run, and build what has no flaw: ${index + 1}, ${first}`, async () => {
      const result = `${code}\nreturn typeof document === 'undefined' ? [vm, ...attach, container] : [document];`;
      const run = new AsyncFunction('documents', 'ComputeSystem', 'host', 'console', result);
      const lines: string[] = [];
      const log = (line: string) => lines.push(line);
      const built = (await run(documents, ComputeSystem, bench.simulator.host, { log })) as readonly object[];
      for (const document of built) assert.deepEqual(validateDocument(document), []);
      const said = code.includes('notExpressed') ? ['process goes to createProcess()'] : [];
      assert.deepEqual(lines, said);
    });
  }
});
