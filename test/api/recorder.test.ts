import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import type { HcsError } from 'hostcompute';
import { ComputeSystem, Host } from 'hostcompute';
import type { RecordOptions } from 'hostcompute/recorder';
import { record, redacted } from 'hostcompute/recorder';

import { runProgram } from '../support/child.js';
import { containerDocument } from '../support/documents.js';
import { useSimulator } from '../support/host.js';
import type { Line } from '../support/recording.js';
import { useFile } from '../support/recording.js';
import { textOf } from '../support/text.js';

describe('record()', () => {
  const bench = useSimulator();
  const file = useFile();

  async function recorded(play: (host: Host) => Promise<unknown>, options: RecordOptions = {}): Promise<Line[]> {
    const host = await record(file.path, { host: 'simulated', ...options });
    try {
      await play(host);
    } finally {
      await host.close();
    }
    return file.lines();
  }

  async function created(host: Host, document: object = containerDocument()): Promise<ComputeSystem> {
    return ComputeSystem.create(bench.id(), document, { host });
  }

  it('begins with what was recorded, and where', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    const [header, ...rest] = await recorded(() => Promise.resolve());
    const { date, functions, release, ...said } = header!;
    assert.deepEqual(said, {
      kind: 'recording',
      version: 1,
      package: version,
      platform: `${process.platform}-${process.arch}`,
      node: process.version,
      host: 'simulated',
      redaction: { names: true, environment: false, value: false },
    });
    assert.ok(Math.abs(Date.parse(date as string) - Date.now()) < 60_000);
    assert.equal((functions as string[]).length, 26);
    assert.equal(typeof release, 'string');
    assert.deepEqual(
      rest.map(({ kind }) => kind),
      ['end'],
    );
  });

  it('is a host of the kind that it records', async () => {
    await recorded((host) => {
      assert.equal(host.kind, 'simulated');
      assert.equal(host.replay, undefined);
      return Promise.resolve();
    });
  });

  it('writes calls, completions, notifications and closes in their order, with their times', async () => {
    const lines = await recorded(async (host) => {
      const system = await created(host);
      await system.start();
      await system.close();
    });
    assert.deepEqual(
      lines.map(({ kind, function: name }) => name ?? kind),
      [
        'recording',
        'HcsCreateComputeSystem',
        'notification',
        'completion',
        'HcsStartComputeSystem',
        'notification',
        'completion',
        'close',
        'closed',
        'end',
      ],
    );
    const [create, , createdLine, start, said, started, close] = lines.slice(1) as Required<Line>[];
    assert.deepEqual((create!.input as Line).configuration, { json: containerDocument() });
    assert.deepEqual((createdLine!.outputs as Line).computeSystem, create!.id);
    assert.deepEqual(start!.input, { computeSystem: create!.id, options: null });
    assert.deepEqual([said!.watch, said!.type, said!.status, said!.data], [create!.id, 3, 0, null]);
    assert.deepEqual(
      [started!.id, started!.ending, started!.status, started!.notification],
      [start!.id, 'notified', 0xc0370103, { type: 3, status: 0, data: null }],
    );
    assert.deepEqual([close!.of, close!.handle], ['System', create!.id]);
    const times = lines.slice(1).map(({ t }) => t as number);
    assert.deepEqual(
      times,
      times.toSorted((a, b) => a - b),
    );
    for (const t of times) assert.equal(t, Math.round(t * 1000) / 1000);
  });

  it('writes which streams a process has, and nothing of what is in them', async () => {
    const lines = await recorded(async (host) => {
      const system = await created(host);
      await system.start();
      const process = await system.createProcess({ command: 'cmd /c echo %OS%', stdio: ['ignore', 'pipe', 'ignore'] });
      assert.equal(await textOf(process.stdout), 'Windows_NT\r\n');
      await process.exited;
    });
    const completion = lines.find(({ outputs }) => (outputs as Line | undefined)?.processInformation != null)!;
    const { pid, ...streams } = (completion.outputs as Record<string, Line>).processInformation!;
    assert.ok(Number.isInteger(pid));
    assert.deepEqual(streams, { stdin: false, stdout: true, stderr: false });
    assert.ok(!JSON.stringify(lines).includes('Windows_NT'));
  });

  it('writes a call that was given up, and its end', async () => {
    const lines = await recorded(async (host) => {
      const system = await created(host);
      const fault = await bench.simulator.inject({ function: 'HcsStartComputeSystem', block: true });
      const controller = new AbortController();
      const started = system.start({ signal: controller.signal });
      await bench.simulator.reached({ blockedCalls: 1 });
      controller.abort();
      await assert.rejects(started, { name: 'AbortError' });
      await fault.release();
      await bench.simulator.reached({ callsInside: 0 });
    });
    const start = lines.find((line) => line.function === 'HcsStartComputeSystem')!;
    const about = lines.filter((line) => line.id === start.id).map(({ kind }) => kind);
    assert.deepEqual(about, ['call', 'cancel', 'completion']);
  });

  it('leaves out what steers the simulator', async () => {
    const lines = await recorded(async (host) => {
      const { Simulator } = await import('hostcompute/simulator');
      await Simulator.of(host).state();
    });
    assert.equal(lines.length, 2);
  });

  it('replaces what the file held', async () => {
    file.write(['{"kind":"recording"}', 'x'.repeat(100_000)]);
    assert.equal((await recorded(() => Promise.resolve())).length, 2);
  });

  it('is whole when the host has been closed, also twice', async () => {
    const host = await record(file.path, { host: 'simulated' });
    await host.serviceProperties();
    await Promise.all([host.close(), host.close()]);
    await host.close();
    const kinds = file.lines().map(({ kind }) => kind);
    assert.deepEqual(kinds, ['recording', 'call', 'completion', 'end']);
  });

  it('can be played up to a last whole line when the program crashes', async () => {
    const ended = await runProgram('recording', [file.path]);
    assert.deepEqual([ended.code, ended.stdout], [1, '']);
    assert.match(ended.stderr, /Error: crashed/);
    const host = await Host.open({ replay: file.path });
    assert.ok(host.replay!.remaining.length <= 3);
    await host.close();
  });

  it('rejects when the file cannot be written, and leaves no host open', async () => {
    const path = `${file.path}/in-no-folder`;
    await assert.rejects(record(path, { host: 'simulated' }), (error: HcsError) => {
      assert.equal(error.name, 'HcsRecordingError');
      assert.equal(error.code, 'ERR_HC_RECORDING');
      assert.ok(error.message.includes(path));
      return true;
    });
  });

  it('leaves a file alone when there is no host to record', async () => {
    file.write(['{"a":1}']);
    await assert.rejects(record(file.path, { host: { vmcompute: '/no-such-library' } }), { code: 'ERR_HC_LIBRARY' });
    assert.equal(readFileSync(file.path, 'utf8'), '{"a":1}\n');
  });

  for (const [what, options, field] of [
    ['a path that is none', { path: '' }, 'file'],
    ['true as redaction', { redact: true }, 'options.redact'],
    ['a word as redaction of environments', { redact: { environment: 'no' } }, 'options.redact.environment'],
    ['a list as function', { redact: { value: [] } }, 'options.redact.value'],
  ] as const) {
    it(`refuses ${what}`, async () => {
      const { path = file.path, ...rest } = options as { path?: string };
      await assert.rejects(record(path, { host: 'simulated', ...rest }), { field });
    });
  }

  describe('leaves out', () => {
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
      const document = { Keyboard: {}, KEYBOARD: 1, Monkey: 'a', KeyboardLayout: 'b', Owner: 'c', Tokyo: 1, Passenger: true };
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
        await host.modifyServiceSettings({ Password: secret }).catch(() => undefined);
        const system = await created(host);
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

  it('keeps documents to the letter that JSON.stringify() would write otherwise', async () => {
    const text = '{ "Owner": 12345678901234567890 }';
    const lines = await recorded((host) => host.modifyServiceSettings(text).catch(() => undefined));
    assert.deepEqual(lines[1]!.input, { settings: text });
  });

  it('records a replay, and what is lost of a flood', async () => {
    const first = await recorded(async (host) => (await created(host)).start());
    const { batch, watch } = first[2]!;
    first.splice(3, 0, { t: 1, kind: 'overflow', batch, watch, count: 7 });
    file.write(first);
    const replayed = `${file.path}.2`;
    const host = await record(replayed, { host: { replay: file.path } });
    assert.equal(host.kind, 'replayed');
    await (await created(host)).start();
    await host.close();
    const lines = readFileSync(replayed, 'utf8').trimEnd().split('\n');
    const all = lines.map((line) => JSON.parse(line) as Line);
    assert.deepEqual(
      all.map(({ kind, count }) => [kind, count]),
      first.map(({ kind, count }) => [kind, count]),
    );
    await assert.rejects(Host.open({ replay: `${file.path}.3` }), { code: 'ERR_HC_RECORDING' });
  });
});
