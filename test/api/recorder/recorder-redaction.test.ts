import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import type { HcsError, Host } from 'hostcompute';
import { ComputeSystem } from 'hostcompute';
import type { RecordOptions } from 'hostcompute/recorder';
import { record, redacted } from 'hostcompute/recorder';

import { withoutSecretForms } from '#dist/recorder/secret-forms.js';

import { containerDocument } from '../../support/documents.js';
import { useSimulator } from '../../support/host.js';
import type { Line } from '../../support/recording.js';
import { recordInto, useFile } from '../../support/recording.js';

describe('Redaction in a recording', () => {
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
    'DB_PASS',
    'dbPass',
    'MYSQL_PWD',
    'DATABASE_URL',
    'REDIS_URI',
    'SessionCookie',
    'NPM_AUTH',
    'SENTRY_DSN',
  ]) {
    it(`removes the value of ${name}`, async () => {
      assert.deepEqual(await settings({ A: [{ [name]: secret }] }), { A: [{ [name]: redacted }] });
    });
  }

  it('keeps members with other names', async () => {
    const document = {
      Keyboard: {},
      KEYBOARD: 1,
      Monkey: 'a',
      KeyboardLayout: 'b',
      Owner: 'c',
      Tokyo: 1,
      Passenger: true,
      Passthrough: 2,
      BypassIo: 3,
      Author: 'd',
      Url: 'https://example.com/a?b=c',
    };
    assert.deepEqual(await settings(document), document);
  });

  it('removes values of every type, including nested ones', async () => {
    assert.deepEqual(await settings({ Password: 12345, Credentials: { User: 'x', List: [secret] }, Secret: null }), {
      Password: redacted,
      Credentials: redacted,
      Secret: null,
    });
  });

  it('keeps registry keys', async () => {
    const document = { RegistryChanges: { AddValues: [{ Key: { Hive: 'System', Name: 'Services' }, Name: 'x' }] } };
    assert.deepEqual(await settings(document), document);
  });

  it('removes secrets from a JSON document within a document', async () => {
    assert.deepEqual(await settings({ Inner: JSON.stringify({ Password: secret, Name: 'a' }) }), {
      Inner: JSON.stringify({ Password: redacted, Name: 'a' }),
    });
  });

  it('removes all values of environments, or only secrets on request', async () => {
    const document = {
      Environment: { DB_PASSWORD: secret, LANG: 'en-GB-oxendict', DB: 'mysql://me:hidden-one@db/x' },
      env: ['DB_TOKEN=abc=def', 'TERM=xterm-256color'],
    };
    assert.deepEqual(await settings(document), {
      Environment: { DB_PASSWORD: redacted, LANG: redacted, DB: redacted },
      env: [`DB_TOKEN=${redacted}`, `TERM=${redacted}`],
    });
    assert.deepEqual(await settings(document, { environment: false }), {
      Environment: { DB_PASSWORD: redacted, LANG: 'en-GB-oxendict', DB: `mysql://${redacted}@db/x` },
      env: [`DB_TOKEN=${redacted}`, 'TERM=xterm-256color'],
    });
  });

  const R = redacted;
  const jwt = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl';
  for (const [what, given, expected] of [
    ['an option with its value', 'app --password hunter2 --verbose', `app --password ${R} --verbose`],
    ['an option with an equals sign', 'app --db-pass="a b" x', `app --db-pass="${R}" x`],
    ['an option of Windows', 'app.exe /password:hunter2 /v', `app.exe /password:${R} /v`],
    ['an assignment', 'cmd /c set PGPASSWORD=hunter2&& app', `cmd /c set PGPASSWORD=${R}&& app`],
    ['a connection string', 'Server=db;User Id=me;Password=hunter2;', `Server=db;User Id=me;Password=${R};`],
    ['a query', 'https://x/y?token=hunter2&z=1', `https://x/y?token=${R}&z=1`],
    ['the user of an address', 'postgres://me:hunter2@db:5432/x', `postgres://${R}@db:5432/x`],
    ['a signature', 'https://x/y?se=1&sig=hunter2%3D', `https://x/y?se=1&sig=${R}`],
    ['a cookie', 'GET / Cookie: sid=hunter2; b=2', `GET / Cookie: ${R}`],
    ['a bearer', 'curl -H "X: Bearer hunter2hunter2"', `curl -H "X: Bearer ${R}"`],
    ['a JSON web token', `run ${jwt} now`, `run ${R} now`],
    ['a token of GitHub', `git ghp_${'a'.repeat(36)}`, `git ${R}`],
    ['an id of an access key', 'x AKIAABCDEFGHIJKLMNOP y', `x ${R} y`],
    ['a private key', '-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----', R],
  ] as const) {
    it(`removes ${what} anywhere in a string`, async () => {
      assert.deepEqual(await settings({ CommandLine: given }), { CommandLine: expected });
    });
  }

  it('removes the argument after a secret option', async () => {
    const args = (value: string) => ({ CommandArgs: ['app', '--password', value, '--port', '80'] });
    assert.deepEqual(await settings(args('hunter2')), args(redacted));
  });

  it('keeps strings that only look similar', async () => {
    const document = {
      CommandLine: 'app --bypass-io 1 --keyboard de /k C:\\Windows\\System32 -p 80:80 a=b key: value',
      Path: '\\\\?\\Volume{0f3a6b52-7c1e-4f6f-9a27-1d5e8c0b4a11}\\',
      Address: 'https://example.com/@scope/name',
    };
    assert.deepEqual(await settings(document), document);
  });

  it('removes what is nested deeper than the limit', async () => {
    const deep = '['.repeat(200_000) + ']'.repeat(200_000);
    assert.equal(await settings(`{"A":${deep}}`), redacted);
  });

  it('takes time linear in the length of a string', () => {
    for (const text of [
      '-a',
      '--a=',
      'a://',
      'a',
      '"',
      'a:',
      '-----BEGIN PRIVATE KEY-----',
      'eyJ',
      ' ',
      '?sig=',
      '@',
      'Bearer ',
    ]) {
      const cpu = process.cpuUsage();
      withoutSecretForms(text.repeat(Math.ceil(2 ** 20 / text.length)), () => '');
      const { user } = process.cpuUsage(cpu);
      assert.ok(user < 10_000_000, `${text}: ${String(user)} µs of the processor`);
    }
  });

  it('removes an invalid document', async () => {
    assert.equal(await settings(`{"Password":"${secret}`), redacted);
  });

  it('removes a secret hidden by a duplicate member', async () => {
    assert.deepEqual(await settings('{ "Password": "first secret", "Password": null }'), { Password: null });
  });

  it('is turned off with redact: false', async () => {
    assert.deepEqual(await settings({ Password: secret }, false), { Password: secret });
    assert.equal(await settings('{"Password"', false), '{"Password"');
    assert.equal(file.lines()[0]!.redaction, false);
  });

  it('uses the value function of the caller', async () => {
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

  it('removes what a function of the caller returns that is not JSON, and warns once', async () => {
    const warnings: NodeJS.ErrnoException[] = [];
    const listen = (warning: Error): void => void warnings.push(warning);
    process.on('warning', listen);
    const late = (): Promise<never> => Promise.reject(new Error('late'));
    const answers = [late, () => NaN, () => new Map(), () => ({ a: [Infinity] }), () => 5n, () => late];
    const value = (path: string, given: unknown): unknown => {
      const index = /^settings\.List\[(\d)\]$/.exec(path)?.[1];
      return index === undefined ? given : answers[Number(index)]!();
    };
    const document = { List: answers.map(String) };
    assert.deepEqual(await settings(document, { value }), { List: answers.map(() => redacted) });
    await new Promise(setImmediate);
    process.off('warning', listen);
    assert.deepEqual(
      warnings.map(({ code, message }) => [
        code,
        /^.*received an instance of Promise for settings.List.0./.test(message),
      ]),
      [['HC_REDACTION', true]],
    );
    const waiting = record(file.path, { redact: { value: async () => Promise.resolve('x') } });
    await assert.rejects(waiting, { code: 'ERR_HC_ARGUMENT', field: 'options.redact.value' });
  });

  it('removes a secret wherever the host repeats it', async () => {
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

  it('replaces the id of a system everywhere', async () => {
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
