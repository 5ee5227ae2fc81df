import assert from 'node:assert/strict';

import { rules } from '#dist/documents/rules.js';
import { validateNetworkDocument } from 'hostcompute/network';

import { networkRuleCases } from './rule-cases.js';
import { soundNetworkDocuments } from './sound-documents.js';

describe('The rules of validateNetworkDocument()', () => {
  for (const { rule, what, document, path, options, severity } of networkRuleCases) {
    it(`${rules[rule].row} ${rule}: ${what}`, () => {
      const issues = validateNetworkDocument(document, options);
      assert.deepEqual(
        issues.map((issue) => [issue.rule, issue.path, issue.severity]),
        [[rule, path, severity]],
      );
      const issue = issues[0]!;
      assert.ok(issue.message.startsWith(path === '' ? 'The document must ' : `"${path}" must `), issue.message);
      if (rules[rule].row > 50) {
        assert.equal(issue.remedy, rules[rule].remedy);
        assert.equal(issue.code, rules[rule].code);
      } else {
        // The network service has codes and remedies of its own.
        assert.notEqual(issue.code, 'HCS_E_INVALID_JSON');
        const remedies: Record<string, RegExp> = { 'unknown-member': /ignores/, 'newer-member': /supportsNetwork/ };
        assert.match(issue.remedy, remedies[rule] ?? /./);
      }
    });
  }

  for (const [what, document, options] of soundNetworkDocuments) {
    it(`accept ${what}`, () => assert.deepEqual(validateNetworkDocument(document, options), []));
  }

  it('report the same issues whatever was validated before', () => {
    const look = (): unknown[] =>
      networkRuleCases.map(({ document, options }) => validateNetworkDocument(document, options));
    const before = look();
    for (const [, document, options] of soundNetworkDocuments) validateNetworkDocument(document, options);
    assert.deepEqual(look(), before);
  });

  it('are all covered by a test', () => {
    const tested = new Set(networkRuleCases.map(({ rule }) => rule as string));
    const own = Object.entries(rules).filter(([, { row }]) => row > 50);
    assert.deepEqual(
      own.map(([rule]) => rule).filter((rule) => !tested.has(rule)),
      [],
    );
    assert.deepEqual(
      own.map(([, { row }]) => row),
      own.map((_, index) => 51 + index),
    );
  });
});

describe('validateNetworkDocument()', () => {
  const paths = (document: object, kind?: string): string[] =>
    validateNetworkDocument(document, kind === undefined ? {} : { kind }).map(({ path }) => path);

  it('reads a member that is null as one that is left out', () => {
    assert.deepEqual(paths({ Name: 'nat', Type: null, Ipams: null, MacPool: { Ranges: null } }), []);
  });

  it('takes the type of a document by its name', () => {
    assert.deepEqual(paths({ IpAddress: '1.2' }, 'IpConfig'), ['IpAddress']);
    assert.deepEqual(paths({ AddressPrefix: 'x' }, 'Hns.Subnet'), ['AddressPrefix']);
    assert.deepEqual(paths({ AddressPrefix: 'x' }, 'Subnet'), ['AddressPrefix']);
    assert.deepEqual(paths({ Type: 'NAT' }, 'Policy'), ['InternalPort']);
  });

  it('suggests a type for one that is not known', () => {
    assert.throws(() => validateNetworkDocument({}, { kind: 'HostComputeNetwrk' }), {
      remedy: 'Pass HostComputeNetwork.',
    });
    assert.throws(() => validateNetworkDocument({}, { kind: 'NetworkMode' }), { field: 'options.kind' });
    assert.throws(() => validateNetworkDocument({}, { kind: 'toString' }), { field: 'options.kind' });
  });

  it('throws for what is no document, and for options that are not known', () => {
    assert.throws(() => validateNetworkDocument([] as object), { field: 'document' });
    assert.throws(() => validateNetworkDocument({}, { hnsVersion: '15' }), { field: 'options.hnsVersion' });
    assert.throws(() => validateNetworkDocument({}, { osBuild: -1 }), { field: 'options.osBuild' });
    assert.throws(() => validateNetworkDocument({}, { build: 1 } as object), { field: 'options.build' });
  });
});
