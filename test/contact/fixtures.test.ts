// Results of first contacts: each of their recordings is played on the simulated host, which has to differ from the recorded host
// in what the result accepts, and in nothing else (docs/contact.md).
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { FoundDivergence, RecordedSuite } from './result.js';
import { findingsOf } from './result.js';

interface Fixture {
  readonly recordings: readonly RecordedSuite[];
  /** The divergences that are to stay, and why. */
  readonly accepted?: readonly (Omit<FoundDivergence, 'places'> & { readonly why: string })[];
}

const fixtures = 'test/fixtures/contact';

/** A divergence as it is in a fixture: without its places, and JSON. */
function comparable({ kind, function: name, what, real, simulated }: Omit<FoundDivergence, 'places'>): string {
  return JSON.stringify({ kind, function: name, what, real, simulated });
}

describe('The simulated host compared with a recorded host', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hostcompute-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  for (const name of readdirSync(fixtures).filter((each) => each.endsWith('.json'))) {
    it(`differs only in the accepted divergences of ${name}`, async () => {
      const { recordings, accepted = [] } = JSON.parse(readFileSync(join(fixtures, name), 'utf8')) as Fixture;
      const files = recordings.map(({ name: suite, header, lines }) => {
        const file = join(folder, `${suite}.jsonl`);
        writeFileSync(file, [header, ...lines].map((line) => `${JSON.stringify(line)}\n`).join(''));
        return file;
      });
      const { divergences, problems } = await findingsOf(files);
      assert.deepEqual(problems, []);
      assert.deepEqual(divergences.map(comparable).sort(), accepted.map(comparable).sort());
      for (const { what, why } of accepted) assert.ok(why, `${what}: why it is accepted is not said`);
    });
  }
});
