import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import { PolicyError } from '../../src/policy/fields.js';
import { readPolicy } from '../../src/policy/read-policy.js';
import { users } from '../support/broker.js';

const rule = { name: 'a', groups: [users], prefix: 'a', calls: ['look'] };
const read = (rules: unknown, rest: object = {}): unknown =>
  readPolicy(JSON.stringify({ version: 1, rules, ...rest }), 'windows');
const folder = { path: 'D:\\x', use: ['disks'], access: 'read' };

/** What is wrong, and the field that the error names. */
const wrong: Readonly<Record<string, readonly [field: string, rules: unknown, rest?: object]>> = {
  'no list of rules': ['policy.rules', {}],
  'another version': ['policy.version', [], { version: 2 }],
  'an unknown member': ['policy', [], { rule: [] }],
  'a misspelt member of a rule': ['policy.rules[0]', [{ ...rule, limit: {} }]],
  nobody: ['policy.rules[0].users', [{ ...rule, groups: [] }]],
  'a name in place of a SID': ['policy.rules[0].users[0]', [{ ...rule, users: ['DOMAIN\\anna'] }]],
  'a user among groups': ['policy.rules[0].groups[0]', [{ ...rule, groups: ['uid:1'] }]],
  'a prefix with a dash': ['policy.rules[0].prefix', [{ ...rule, prefix: 'a-b' }]],
  'no prefix': ['policy.rules[0].prefix', [{ ...rule, prefix: undefined }]],
  'a class that is not one': ['policy.rules[0].calls[0]', [{ ...rule, calls: ['everything'] }]],
  'a function that is for nobody': ['policy.rules[0].calls[1]', [{ ...rule, calls: ['look', 'GrantVmAccess'] }]],
  'a relative folder': ['policy.rules[0].folders[0].path', [{ ...rule, folders: [{ ...folder, path: 'x' }] }]],
  'a folder with a way up': [
    'policy.rules[0].folders[0].path',
    [{ ...rule, folders: [{ ...folder, path: 'D:\\x\\..' }] }],
  ],
  'a whole drive': ['policy.rules[0].folders[0].path', [{ ...rule, folders: [{ ...folder, path: 'D:\\' }] }]],
  'a folder for nothing': ['policy.rules[0].folders[0].use', [{ ...rule, folders: [{ ...folder, use: [] }] }]],
  'a use that is not one': ['policy.rules[0].folders[0].use[0]', [{ ...rule, folders: [{ ...folder, use: ['all'] }] }]],
  'an access that is not one': [
    'policy.rules[0].folders[0].access',
    [{ ...rule, folders: [{ ...folder, access: 'full' }] }],
  ],
  'a pipe of another machine': ['policy.rules[0].pipes[0]', [{ ...rule, pipes: ['\\\\server\\pipe\\x'] }]],
  'a pipe with a pattern': ['policy.rules[0].pipes[0]', [{ ...rule, pipes: ['\\\\.\\pipe\\*'] }]],
  'a network that is no GUID': ['policy.rules[0].networks[0]', [{ ...rule, networks: ['nat'] }]],
  'a negative limit': ['policy.rules[0].limits.systems', [{ ...rule, limits: { systems: -1 } }]],
  'a limit that is a string': ['policy.rules[0].limits.memoryInMB', [{ ...rule, limits: { memoryInMB: '1' } }]],
  'an unknown limit': ['policy.rules[0].limits', [{ ...rule, limits: { memory: 1 } }]],
  'two rules of a name': ['policy.rules[1].name', [rule, rule]],
  'an audit that may be lost by a string': ['policy.audit.required', [], { audit: { required: 'no' } }],
};

describe('readPolicy()', () => {
  for (const [what, [field, rules, rest]] of Object.entries(wrong)) {
    it(`refuses ${what}, and names the field`, () => {
      assert.throws(
        () => read(rules, rest),
        (error) => {
          assert.ok(error instanceof PolicyError);
          assert.equal(error.field, field);
          assert.match(error.message, /^"policy[^"]*" (?:must|or) .+; received .+\. [A-Z].+\.$/s);
          return true;
        },
      );
    });
  }

  it('refuses what is not JSON, and members that are there twice', () => {
    for (const text of ['', '{', '[]', 'null', '{"version":1,"rules":[],"rules":[]}', '// x\n{}']) {
      assert.throws(() => readPolicy(text, 'windows'), PolicyError, text);
    }
  });

  it('limits and allows nothing that it does not say', () => {
    const { rules, audit } = readPolicy(
      JSON.stringify({ version: 1, rules: [{ ...rule, calls: undefined }] }),
      'windows',
    );
    const [{ calls, folders, pipes, networks, limits }] = rules as [(typeof rules)[0]];
    assert.deepEqual({ calls, folders, pipes, networks }, { calls: [], folders: [], pipes: [], networks: [] });
    assert.equal(limits.systems, Number.MAX_SAFE_INTEGER);
    assert.deepEqual(audit, { required: true, textLength: 256 });
  });

  it('takes the policy of the documentation', () => {
    const page = readFileSync(new URL('../../../../../docs/broker.md', import.meta.url), 'utf8');
    const [, text] = /```json\r?\n([^`]*)```/.exec(page)!;
    assert.equal(readPolicy(text!, 'windows').rules[0]!.folders.length, 3);
  });

  it('takes paths as this machine writes them', () => {
    const rules = [{ ...rule, folders: [{ ...folder, path: '/var/lib/x' }] }];
    const text = JSON.stringify({ version: 1, rules });
    assert.equal(readPolicy(text, 'posix').rules[0]!.folders[0]!.path, '/var/lib/x');
    assert.throws(() => readPolicy(text, 'windows'), PolicyError);
  });
});
