import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { PolicyFile, unixGuard } from '../../src/policy/policy-file.js';
import { users } from '../support/broker.js';

const text = (prefix: string): string =>
  JSON.stringify({ version: 1, rules: [{ name: 'a', groups: [users], prefix, calls: [] }] });

describe('PolicyFile', () => {
  let folder: string;
  let path: string;
  const options = { form: 'windows', guard: () => undefined } as const;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hostcompute-broker-'));
    path = join(folder, 'policy.json');
    writeFileSync(path, text('first'), { mode: 0o600 });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is not made of a file that is not a policy', () => {
    writeFileSync(path, '{}');
    assert.throws(() => new PolicyFile(path, options), /"policy.version" must be 1/);
    assert.throws(() => new PolicyFile(join(folder, 'no.json'), options), /ENOENT/);
  });

  it('counts anew when it is read again', () => {
    const policy = new PolicyFile(path, options);
    writeFileSync(path, text('second'));
    assert.equal(policy.reload(), undefined);
    assert.equal(policy.current.rules[0]!.prefix, 'second');
  });

  it('stays as it was when what is read is not valid', () => {
    const policy = new PolicyFile(path, options);
    for (const [given, message] of [
      ['{', /must/],
      [text('Second'), /prefix/],
      ['', /must/],
    ] as const) {
      writeFileSync(path, given);
      assert.match(policy.reload()!.message, message);
      assert.equal(policy.current.rules[0]!.prefix, 'first');
    }
  });

  it('asks who could have written it, each time', () => {
    let trusted = true;
    const guard = (): void => {
      if (!trusted) throw new Error('Users may write it.');
    };
    const policy = new PolicyFile(path, { form: 'windows', guard });
    trusted = false;
    assert.match(policy.reload()!.message, /Users may write it/);
    assert.throws(() => new PolicyFile(path, { form: 'windows', guard }), /Users may write it/);
  });

  it('asks the system by itself: access lists on Windows, modes elsewhere', () => {
    if (process.platform === 'win32') {
      assert.throws(
        () => new PolicyFile(path, { form: 'windows' }),
        /by a link|to an administrator|for others to change/,
      );
      return;
    }
    assert.equal(new PolicyFile(path, { form: 'windows' }).current.rules.length, 1);
    unixGuard(path);
    for (const mode of [0o620, 0o602]) {
      chmodSync(path, mode);
      assert.throws(() => unixGuard(path), /must not be for others to write/);
    }
  });
});
