import assert from 'node:assert/strict';

import { rules } from '#dist/documents/rules.js';
import type { RuleName } from 'hostcompute';
import { validateDocument } from 'hostcompute/documents';

import { ruleCases, soundDocuments } from './rule-cases.js';

describe('The rules of validateDocument()', () => {
  for (const { rule, what, document, path, options, severity = 'error' } of ruleCases) {
    it(`${rules[rule].row} ${rule}: ${what}`, () => {
      const issues = validateDocument(document, options);
      assert.deepEqual(
        issues.map((issue) => [issue.rule, issue.path, issue.severity]),
        [[rule, path, severity]],
      );
      const issue = issues[0]!;
      assert.ok(issue.message.startsWith(path === '' ? 'The document must ' : `"${path}" must `), issue.message);
      assert.equal(issue.remedy, rules[rule].remedy);
      assert.equal(issue.code, rules[rule].code);
    });
  }

  it('report the same issues whatever was validated before', () => {
    const all = ruleCases.map(
      ({ document, options }) =>
        () =>
          validateDocument(document, options),
    );
    const forth = all.map((look) => look());
    const back = all.toReversed().map((look) => look());
    assert.deepEqual(back.reverse(), forth);
    const between = all.map((look) => {
      for (const [, document, options] of soundDocuments) validateDocument(document, options);
      return look();
    });
    assert.deepEqual(between, forth);
  });

  it('are all covered by a test', () => {
    const tested = new Set(ruleCases.map(({ rule }) => rule));
    // Those of networks come after them.
    const own = Object.entries(rules).filter(([, { row }]) => row <= 50);
    assert.deepEqual(
      own.map(([rule]) => rule).filter((rule) => !tested.has(rule as RuleName)),
      [],
    );
    const rows = new Set(own.map(([, { row }]) => row));
    assert.deepEqual(
      [...rows],
      Array.from({ length: 50 }, (_, index) => index + 1),
    );
  });

  for (const [what, document, options] of soundDocuments) {
    it(`accept ${what}`, () => assert.deepEqual(validateDocument(document, options), []));
  }
});
