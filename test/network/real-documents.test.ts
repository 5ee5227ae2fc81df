import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';

import { parseJson } from '#dist/documents/json.js';
import { validateNetworkDocument } from 'hostcompute/network';

interface Fixture {
  readonly kind: string;
  readonly host: string;
  readonly about?: string;
  readonly document: object;
}

const folder = new URL('../../../test/fixtures/network/', import.meta.url);
const fixtures = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => [file, parseJson(readFileSync(new URL(file, folder), 'utf8')) as Fixture] as const);

describe('Documents of networks from real hosts', () => {
  for (const [file, { kind, host, about, document }] of fixtures) {
    if (about === undefined) {
      it(`${file}: the validator says nothing`, () => {
        assert.deepEqual(validateNetworkDocument(document, { kind }), []);
      });
      it(`${file}: its type follows from its members`, () => {
        assert.deepEqual(validateNetworkDocument(document), []);
      });
    } else {
      it(`${file}: the validator names ${about}, as the host ${host}`, () => {
        const errors = validateNetworkDocument(document, { kind }).filter(({ severity }) => severity === 'error');
        assert.ok(
          errors.some(({ path }) => path.split(/[.[\]]/).includes(about)),
          JSON.stringify(errors),
        );
      });
    }
  }
});
