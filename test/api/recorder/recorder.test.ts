import assert from 'node:assert/strict';
import fs, {
  chmodSync,
  closeSync,
  existsSync,
  fstatSync,
  openSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { mock } from 'node:test';

import type { HcsError, Notification, SystemDocument } from 'hostcompute';
import { ComputeSystem, Host } from 'hostcompute';
import type { RecordOptions } from 'hostcompute/recorder';
import { record } from 'hostcompute/recorder';

import { runProgram } from '../../support/child.js';
import { containerDocument } from '../../support/documents.js';
import { useSimulator } from '../../support/host.js';
import { listedFunctions } from '../../support/listed-functions.js';
import type { Line } from '../../support/recording.js';
import { recordInto, useFile } from '../../support/recording.js';
import { textOf } from '../../support/text.js';

describe('record()', () => {
  const bench = useSimulator();
  const file = useFile();

  const recorded = (play: (host: Host) => Promise<unknown>, options?: RecordOptions): Promise<Line[]> =>
    recordInto(file, play, options);

  async function created(host: Host, document: SystemDocument = containerDocument()): Promise<ComputeSystem> {
    return ComputeSystem.create(bench.id(), document, { host });
  }

  it('writes a header with what was recorded and where', async () => {
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
    const [header, ...rest] = await recorded(() => Promise.resolve());
    const { date, functions, release, ...said } = header!;
    assert.deepEqual(said, {
      kind: 'recording',
      version: 2,
      package: version,
      platform: `${process.platform}-${process.arch}`,
      node: process.version,
      host: 'simulated',
      redaction: { names: true, forms: true, environment: true, value: false },
    });
    assert.ok(Math.abs(Date.parse(date as string) - Date.now()) < 60_000);
    assert.equal((functions as string[]).length, listedFunctions());
    assert.equal(typeof release, 'string');
    assert.deepEqual(
      rest.map(({ kind }) => kind),
      ['end'],
    );
  });

  it('returns a host of the same kind as the recorded one', async () => {
    await recorded((host) => {
      assert.equal(host.kind, 'simulated');
      assert.equal(host.replay, undefined);
      return Promise.resolve();
    });
  });

  it('writes calls, completions, notifications and closes in order, with their times', async () => {
    const lines = await recorded(async (host) => {
      const system = await created(host);
      await system.start();
      await system.close();
    });
    assert.deepEqual(
      lines.map(({ kind, function: name }) => name ?? kind),
      [
        'recording',
        'vmcompute.HcsCreateComputeSystem',
        'notification',
        'completion',
        'vmcompute.HcsStartComputeSystem',
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

  it('writes which streams a process has, but not their data', async () => {
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

  it('writes a call whose wait was cancelled, and its completion', async () => {
    const lines = await recorded(async (host) => {
      const system = await created(host);
      const fault = await bench.simulator.inject({ function: 'vmcompute.HcsStartComputeSystem', block: true });
      const controller = new AbortController();
      const started = system.start({ signal: controller.signal });
      await bench.simulator.reached({ blockedCalls: 1 });
      controller.abort();
      await assert.rejects(started, { name: 'AbortError' });
      await fault.release();
      await bench.simulator.reached({ callsInside: 0 });
    });
    const start = lines.find((line) => line.function === 'vmcompute.HcsStartComputeSystem')!;
    const about = lines.filter((line) => line.id === start.id).map(({ kind }) => kind);
    assert.deepEqual(about, ['call', 'cancel', 'completion']);
  });

  it('omits the control calls of the simulator', async () => {
    const lines = await recorded(async (host) => {
      const { Simulator } = await import('hostcompute/simulator');
      await Simulator.of(host).state();
    });
    assert.equal(lines.length, 2);
  });

  it('overwrites an existing file', async () => {
    file.write(['{"kind":"recording"}', 'x'.repeat(100_000)]);
    assert.equal((await recorded(() => Promise.resolve())).length, 2);
  });

  it('writes a complete file when the host is closed, even twice', async () => {
    const host = await record(file.path, { host: 'simulated' });
    await host.serviceProperties();
    await Promise.all([host.close(), host.close()]);
    await host.close();
    const kinds = file.lines().map(({ kind }) => kind);
    assert.deepEqual(kinds, ['recording', 'call', 'completion', 'end']);
  });

  it('writes a file that can be replayed up to its last complete line after a crash', async () => {
    const ended = await runProgram('recording', [file.path]);
    assert.deepEqual([ended.code, ended.stdout], [1, '']);
    assert.match(ended.stderr, /Error: crashed/);
    const host = await Host.open({ replay: file.path });
    assert.ok(host.replay!.remaining.length <= 3);
    await host.close();
  });

  it('rejects when the file cannot be written, and closes the host', async () => {
    const path = `${file.path}/in-no-folder`;
    await assert.rejects(record(path, { host: 'simulated' }), (error: HcsError) => {
      assert.equal(error.name, 'HcsRecordingError');
      assert.equal(error.code, 'ERR_HC_RECORDING');
      assert.ok(error.message.includes(path));
      return true;
    });
  });

  if (existsSync('/dev/full')) {
    it('rejects when the disk is full', async () => {
      const full = record('/dev/full', { host: 'simulated' });
      await assert.rejects(full, { code: 'ERR_HC_RECORDING', file: '/dev/full' });
    });
  }

  it('makes close() reject when the disk has failed, but not other calls', async () => {
    const host = await record(file.path, { host: 'simulated' });
    const failing = mock.method(fs, 'write', (...given: unknown[]) => {
      (given.at(-1) as (error: Error) => void)(new Error('no space'));
    });
    const failingv = mock.method(fs, 'writev', (...given: unknown[]) => {
      (given.at(-1) as (error: Error) => void)(new Error('no space'));
    });
    try {
      await host.serviceProperties();
      await host.serviceProperties();
      await assert.rejects(host.close(), { code: 'ERR_HC_RECORDING', message: /is not whole: no space/ });
      await assert.rejects(host.close(), { code: 'ERR_HC_RECORDING' });
    } finally {
      failing.mock.restore();
      failingv.mock.restore();
    }
  });

  // Windows has no modes of files: there they inherit the access rights of their folder.
  if (process.platform !== 'win32') {
    it('creates a file that only its owner can read, replacing an existing one', async () => {
      await recorded(() => Promise.resolve());
      assert.equal(statSync(file.path).mode & 0o777, 0o600);
      chmodSync(file.path, 0o644);
      const reader = openSync(file.path, 'r');
      const before = fstatSync(reader).size;
      await recorded((host) => host.serviceProperties());
      assert.equal(statSync(file.path).mode & 0o777, 0o600);
      assert.equal(fstatSync(reader).size, before);
      closeSync(reader);
    });

    it('follows a symbolic link', async () => {
      const target = `${file.path}.target`;
      writeFileSync(target, '', { mode: 0o644 });
      symlinkSync(target, file.path);
      await recorded(() => Promise.resolve());
      assert.equal(file.lines().length, 2);
      assert.equal(statSync(target).mode & 0o777, 0o600);
    });
  }

  it('rejects a file that another recording is writing', async () => {
    const host = await record(file.path, { host: 'simulated' });
    await assert.rejects(record(file.path, { host: 'simulated' }), { code: 'ERR_HC_RECORDING' });
    await host.close();
    await recorded(() => Promise.resolve());
  });

  it('does not touch the file when the host cannot be opened', async () => {
    file.write(['{"a":1}']);
    await assert.rejects(record(file.path, { host: { libraries: { vmcompute: '/no-such-library' } } }), {
      code: 'ERR_HC_LIBRARY',
    });
    assert.equal(readFileSync(file.path, 'utf8'), '{"a":1}\n');
  });

  for (const [what, options, field] of [
    ['an empty path', { path: '' }, 'file'],
    ['true as redact', { redact: true }, 'options.redact'],
    ['a string as redact.environment', { redact: { environment: 'no' } }, 'options.redact.environment'],
    ['an array as redact.value', { redact: { value: [] } }, 'options.redact.value'],
    ['an unknown option', { redaction: false }, 'options.redaction'],
    ['an unknown redact option', { redact: { environments: true } }, 'options.redact.environments'],
  ] as const) {
    it(`rejects ${what}`, async () => {
      const { path = file.path, ...rest } = options as { path?: string };
      await assert.rejects(record(path, { host: 'simulated', ...rest }), { field });
    });
  }

  it('preserves the text of documents that JSON.stringify() would change', async () => {
    const text = '{ "Owner": 12345678901234567890 }';
    const lines = await recorded((host) => host.modifyServiceSettings(text).catch(() => undefined));
    assert.deepEqual(lines[1]!.input, { settings: text });
  });

  it('records a replay, including overflow counts, which its listeners receive', async () => {
    const first = await recorded(async (host) => (await created(host)).start());
    const { batch, watch } = first[2]!;
    first.splice(3, 0, { t: 1, kind: 'overflow', batch, watch, count: 7 });
    file.write(first);
    const replayed = `${file.path}.2`;
    const host = await record(replayed, { host: { replay: file.path } });
    assert.equal(host.kind, 'replayed');
    const system = await created(host);
    const lost: Notification[] = [];
    system.on('notification', (notification) => {
      if (notification.type === 'Overflow') lost.push(notification);
    });
    await system.start();
    await host.close();
    assert.deepEqual(lost, [{ type: 'Overflow', number: 7, status: 0 }]);
    const lines = readFileSync(replayed, 'utf8').trimEnd().split('\n');
    const all = lines.map((line) => JSON.parse(line) as Line);
    assert.deepEqual(
      all.map(({ kind, count }) => [kind, count]),
      first.map(({ kind, count }) => [kind, count]),
    );
    await assert.rejects(Host.open({ replay: `${file.path}.3` }), { code: 'ERR_HC_RECORDING' });
  });
});
