import assert from 'node:assert/strict';

import { pathText } from '#dist/documents/issue.js';
import type { ValueType } from '#dist/documents/schema.js';
import { hcn, hns } from '#dist/network/documents/schema.js';
import { validateNetworkDocument } from 'hostcompute/network';
import fc from 'fast-check';

import { placesIn, replaced, valueOf, wrongFor } from '../support/arbitrary-documents.js';

const newer = hcn.names.filter((name) => hcn.type(name)?.kind === 'object');
const older = hns.names.filter((name) => ['object', 'union'].includes(hns.type(name)?.kind ?? ''));
const typed = fc
  .oneof(
    fc.constantFrom(...newer),
    fc.constantFrom(...older).map((name) => `Hns.${name}`),
  )
  .chain((kind) => valueOf(typeOf(kind)).map((value) => ({ kind, value: value as object })));

function typeOf(kind: string): ValueType {
  const [name = '', older] = kind.split('.');
  return (older === undefined ? hcn.type(name) : hns.type(older))!;
}

const structural = new Set(['value', 'unknown-member', 'unknown-value', 'newer-member', 'number-for-name']);

describe('Documents of networks generated from the schema', () => {
  it('have no structural issues', () => {
    fc.assert(
      fc.property(typed, ({ kind, value }) => {
        const issues = validateNetworkDocument(value, { kind });
        assert.deepEqual(
          issues.filter(({ rule }) => structural.has(rule)),
          [],
        );
      }),
      { numRuns: 1000 },
    );
  });

  it('have an issue at the path of one wrong value', () => {
    const mutated = typed.chain(({ kind, value }) => {
      const choices = placesIn(typeOf(kind), value)
        .filter((place) => place.steps.length > 0)
        .flatMap((place) => {
          const wrong = wrongFor(place);
          return wrong === undefined ? [] : [wrong.map((each) => ({ kind, value, place, wrong: each }))];
        });
      return choices.length === 0 ? fc.constant(undefined) : fc.oneof(...choices);
    });
    fc.assert(
      fc.property(mutated, (mutation) => {
        // A number may be one of a list, and another type may be that of another value.
        fc.pre(mutation !== undefined && !(mutation.place.type.kind === 'list' && mutation.wrong === 1));
        const { kind, value, place, wrong } = mutation;
        const issues = validateNetworkDocument(replaced(value, place.steps, wrong) as object, { kind });
        assert.ok(
          issues.some(({ path }) => path === pathText(place.steps)),
          JSON.stringify(issues),
        );
      }),
      { numRuns: 1000 },
    );
  });
});
