import assert from 'node:assert/strict';
import { homedir, hostname, userInfo } from 'node:os';
import { join } from 'node:path';

import { impersonal, impersonalValues, withoutNames } from './personal.js';

describe('What a result has of a machine', () => {
  it('is without the names of its user and its own, wherever they are words', () => {
    const { username } = userInfo();
    const text = `${join(homedir(), 'layers')} of ${username} on ${hostname().toUpperCase()}, x${username}x`;
    const slash = process.platform === 'win32' ? '\\' : '/';
    assert.equal(impersonal(text), `<home>${slash}layers of <user> on <machine>, x${username}x`);
  });

  it('is without them in JSON, too', () => {
    const text = JSON.stringify({ path: homedir() });
    assert.equal(impersonal(text), '{"path":"<home>"}');
  });

  it('is without them in each text of a value, whose members keep their names', () => {
    const value = { [hostname()]: [homedir(), 1] };
    assert.deepEqual(impersonalValues(value), { [hostname()]: ['<home>', 1] });
  });

  it('has every other value as it is', () => {
    assert.equal(withoutNames('configuration.Count', 3), 3);
    assert.equal(withoutNames('configuration.Owner', 'D:\\layers'), 'D:\\layers');
  });
});
