import assert from 'node:assert/strict';
import { homedir, hostname, userInfo } from 'node:os';
import { join } from 'node:path';

import { impersonal, impersonalValues, withoutNames } from './personal.js';

describe('Personal data in a result', () => {
  it('excludes the names of the user and the machine as whole words', () => {
    const { username } = userInfo();
    const text = `${join(homedir(), 'layers')} of ${username} on ${hostname().toUpperCase()}, x${username}x`;
    const slash = process.platform === 'win32' ? '\\' : '/';
    assert.equal(impersonal(text), `<home>${slash}layers of <user> on <machine>, x${username}x`);
  });

  it('excludes them in JSON', () => {
    const text = JSON.stringify({ path: homedir() });
    assert.equal(impersonal(text), '{"path":"<home>"}');
  });

  it('excludes them in each string of a value, but keeps member names', () => {
    const value = { [hostname()]: [homedir(), 1] };
    assert.deepEqual(impersonalValues(value), { [hostname()]: ['<home>', 1] });
  });

  it('leaves every other value unchanged', () => {
    assert.equal(withoutNames('configuration.Count', 3), 3);
    assert.equal(withoutNames('configuration.Owner', 'D:\\layers'), 'D:\\layers');
  });
});
