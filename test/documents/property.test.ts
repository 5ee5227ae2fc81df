import assert from 'node:assert/strict';

import { pathText } from '#dist/documents/issue.js';
import { parseJson, printJson } from '#dist/documents/json.js';
import type { ObjectType } from '#dist/documents/schema.js';
import { second } from '#dist/documents/hcs-schemas.js';
import { validateDocument } from 'hostcompute/documents';
import fc from 'fast-check';

import { placesIn, replaced, valueOf, wrongFor } from '../support/arbitrary-documents.js';

// Settings of a change depend on its other members, which the tables do not tell.
const names = second.names.filter(
  (name) => second.type(name)?.kind === 'object' && !name.endsWith('ModifySettingRequest'),
);
const typed = fc
  .constantFrom(...names)
  .chain((kind) => valueOf(second.object(kind)).map((value) => ({ kind, value: value as object })));

// What the tables alone tell; how members go together is for the rules.
const structural = new Set(['value', 'unknown-member', 'newer-member', 'needs-build']);

/** The same document with some member emptied, or taken out. */
const emptied = (type: ObjectType, value: object): fc.Arbitrary<unknown> =>
  fc
    .constantFrom(...placesIn(type, value))
    .chain(({ steps }) =>
      fc
        .constantFrom(undefined, null, '', [])
        .map((empty) => (steps.length === 0 ? {} : replaced(value, steps, empty))),
    );

const pathOf = (steps: readonly (string | number)[]): string => pathText(steps);

describe('Documents generated from the schema', () => {
  it('have no structural issues', () => {
    fc.assert(
      fc.property(typed, ({ kind, value }) => {
        const issues = validateDocument(value, { kind });
        assert.deepEqual(
          issues.filter(({ rule }) => structural.has(rule)),
          [],
        );
      }),
      { numRuns: 2000 },
    );
  });

  it('have the same issues whatever was validated before', () => {
    const pairs = typed.chain(({ kind, value }) =>
      fc.record({ kind: fc.constant(kind), one: fc.constant(value), other: emptied(second.object(kind), value) }),
    );
    fc.assert(
      fc.property(pairs, ({ kind, one, other }) => {
        const look = (document: unknown): unknown => validateDocument(document as object, { kind });
        const before = [look(one), look(other)];
        assert.deepEqual([look(one), look(other)], before);
        assert.deepEqual([look(other), look(one)], before.reverse());
      }),
      { numRuns: 1000 },
    );
  });

  it('have the same issues after a JSON round trip', () => {
    fc.assert(
      fc.property(typed, ({ kind, value }) => {
        const issues = (document: object): unknown => validateDocument(document, { kind });
        assert.deepEqual(issues(parseJson(printJson(value)!) as object), issues(value));
      }),
      { numRuns: 500 },
    );
  });

  it('have an issue at the path of one wrong value', () => {
    const mutated = typed.chain(({ kind, value }) => {
      const places = placesIn(second.object(kind), value).filter((place) => place.steps.length > 0);
      const choices = places.flatMap((place) => {
        const wrong = wrongFor(place);
        return wrong === undefined ? [] : [wrong.map((each) => ({ kind, value, place, wrong: each }))];
      });
      return choices.length === 0 ? fc.constant(undefined) : fc.oneof(...choices);
    });
    fc.assert(
      fc.property(mutated, (mutation) => {
        fc.pre(mutation !== undefined);
        const { kind, value, place, wrong } = mutation;
        const issues = validateDocument(replaced(value, place.steps, wrong) as object, { kind });
        assert.ok(
          issues.some(({ path }) => path === pathOf(place.steps)),
          JSON.stringify(issues),
        );
      }),
      { numRuns: 2000 },
    );
  });

  it('have an issue at the path of one unknown member', () => {
    fc.assert(
      fc.property(typed, fc.nat(), ({ kind, value }, choice) => {
        const inside = placesIn(second.object(kind), value).filter((place) => place.type.kind === 'object');
        const { steps, value: members } = inside[choice % inside.length]!;
        const document = replaced(value, steps, { ...(members as object), Zqx9: 1 }) as object;
        const issues = validateDocument(document, { kind });
        const path = pathOf([...steps, 'Zqx9']);
        assert.ok(
          issues.some((issue) => issue.rule === 'unknown-member' && issue.path === path),
          JSON.stringify(issues),
        );
      }),
      { numRuns: 1000 },
    );
  });
});
