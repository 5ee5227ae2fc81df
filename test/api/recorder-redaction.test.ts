import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import type { HcsError, Host } from 'hostcompute';
import { ComputeSystem } from 'hostcompute';
import type { RecordOptions } from 'hostcompute/recorder';
import { redacted } from 'hostcompute/recorder';

import { containerDocument } from '../support/documents.js';
import { useSimulator } from '../support/host.js';
import type { Line } from '../support/recording.js';
import { recordInto, useFile } from '../support/recording.js';

describe('A recording leaves out', () => {
  const bench = useSimulator();
  const file = useFile();

  const recorded = (play: (host: Host) => Promise<unknown>, options?: RecordOptions): Promise<Line[]> =>
    recordInto(file, play, options);

  const secret = 'correct horse "battery" staple';

  /** What the service was told, as it was recorded. */
  async function settings(document: object | string, redact?: RecordOptions['redact']): Promise<unknown> {
    const options = redact === undefined ? {} : { redact };
    const lines = await recorded((host) => host.modifyServiceSettings(document).catch(() => undefined), options);
    const { settings: text } = lines[1]!.input as { settings: unknown };
    return typeof text === 'object' ? (text as { json: unknown }).json : text;
  }

  for (const name of [
    'Password',
    'adminPassword',
    'PGPASSWORD',
    'passwd',
    'Passphrase',
    'Credential',
    'CredentialSpec',
    'ClientSecret',
    'secrets',
    'SasToken',
    'GITHUB_TOKEN',
    'Key',
    'AccountKey',
    'API_KEY',
    'apikey',
    'SSHKEY',
    'KEY_1',
    'Keys',
    'KeyProtector',
    'Authorization',
    'ConnectionString',
  ]) {
    it(`the value of ${name}`, async () => {
      assert.deepEqual(await settings({ A: [{ [name]: secret }] }), { A: [{ [name]: redacted }] });
    });
  }

  it('nothing of members with other names', async () => {
    const document = {
      Keyboard: {},
      KEYBOARD: 1,
      Monkey: 'a',
      KeyboardLayout: 'b',
      Owner: 'c',
      Tokyo: 1,
      Passenger: true,
    };
    assert.deepEqual(await settings(document), document);
  });

  it('values of every kind, and all that is in them', async () => {
    assert.deepEqual(await settings({ Password: 12345, Credentials: { User: 'x', List: [secret] }, Secret: null }), {
      Password: redacted,
      Credentials: redacted,
      Secret: null,
    });
  });

  it('not the place of a value in a registry', async () => {
    const document = { RegistryChanges: { AddValues: [{ Key: { Hive: 'System', Name: 'Services' }, Name: 'x' }] } };
    assert.deepEqual(await settings(document), document);
  });

  it('a secret in a document in a document', async () => {
    assert.deepEqual(await settings({ Inner: JSON.stringify({ Password: secret, Name: 'a' }) }), {
      Inner: JSON.stringify({ Password: redacted, Name: 'a' }),
    });
  });

  it('secrets of environments, and all their values on request', async () => {
    const document = {
      Environment: { DB_PASSWORD: secret, LANG: 'en-GB-oxendict' },
      env: ['DB_TOKEN=abc=def', 'TERM=xterm-256color'],
    };
    assert.deepEqual(await settings(document), {
      Environment: { DB_PASSWORD: redacted, LANG: 'en-GB-oxendict' },
      env: [`DB_TOKEN=${redacted}`, 'TERM=xterm-256color'],
    });
    assert.deepEqual(await settings(document, { environment: true }), {
      Environment: { DB_PASSWORD: redacted, LANG: redacted },
      env: [`DB_TOKEN=${redacted}`, `TERM=${redacted}`],
    });
  });

  it('a document that is none', async () => {
    assert.equal(await settings(`{"Password":"${secret}`), redacted);
  });

  it('a secret that is hidden by a second member of its name', async () => {
    assert.deepEqual(await settings('{ "Password": "first secret", "Password": null }'), { Password: null });
  });

  it('nothing on request', async () => {
    assert.deepEqual(await settings({ Password: secret }, false), { Password: secret });
    assert.equal(await settings('{"Password"', false), '{"Password"');
    assert.equal(file.lines()[0]!.redaction, false);
  });

  it('what a function of the caller says', async () => {
    const paths: string[] = [];
    const value = (path: string, given: unknown): unknown => {
      paths.push(path);
      if (path === 'settings.Owner') return 'somebody';
      if (path === 'settings.List[1]') return redacted;
      if (path === 'settings.Broken') throw new Error('cannot say');
      if (path === 'settings.Changed') return Object.assign(given as object, { Inner: 2 });
      return path === 'settings.None' ? undefined : given;
    };
    const document = { Owner: 'Jane Doe', List: ['a', 'b'], Broken: 'x', None: 'y', Changed: { Inner: 1 } };
    assert.deepEqual(await settings(document, { value }), {
      Owner: 'somebody',
      List: ['a', redacted],
      Broken: redacted,
      None: redacted,
      Changed: { Inner: 2 },
    });
    assert.ok(paths.includes('settings') && paths.includes('settings.List'));
  });

  it('a secret wherever the host says it afterwards', async () => {
    const message = `cannot log on with ${secret}`;
    const result = JSON.stringify({ Error: 1, ErrorEvents: [{ Message: message }], Inner: JSON.stringify([secret]) });
    const lines = await recorded(async (host) => {
      await host.modifyServiceSettings({ Password: secret } as object).catch(() => undefined);
      const system = await ComputeSystem.create(bench.id(), containerDocument(), { host });
      await bench.simulator.inject({ function: 'HcsStartComputeSystem', status: 0x80070005, result });
      await assert.rejects(system.start(), (error: HcsError) => error.events[0]?.Message === message);
      const heard = new Promise((resolve) => system.once('notification', resolve));
      await bench.simulator.notify({ system: system.id, type: 0x77, data: JSON.stringify({ Detail: message }) });
      await heard;
      await bench.simulator.inject({ function: 'HcsGetComputeSystemProperties', properties: secret });
      await assert.rejects(system.properties(), { code: 'ERR_HC_DOCUMENT' });
    });
    const text = readFileSync(file.path, 'utf8');
    assert.ok(!text.includes('battery'));
    assert.equal(text.split(`cannot log on with ${redacted}`).length - 1, 2);
    assert.deepEqual(lines[1]!.input, { settings: { json: { Password: redacted } } });
  });

  it('the id of a system, in all that names it', async () => {
    const name = bench.id();
    const value = (path: string, given: unknown): unknown => (path === 'id' ? 'system-1' : given);
    await recorded(
      async (host) => {
        const system = await ComputeSystem.create(name, containerDocument(), { host });
        assert.equal((await system.properties()).Id, name);
      },
      { redact: { value } },
    );
    const text = readFileSync(file.path, 'utf8');
    assert.ok(!text.includes(name));
    assert.ok(text.includes('"Id":"system-1"'));
  });
});
