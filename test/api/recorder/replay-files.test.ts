import assert from 'node:assert/strict';
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';

import type { HcsRecordingError } from 'hostcompute';
import { ComputeSystem, Host } from 'hostcompute';
import { record } from 'hostcompute/recorder';
import { Simulator } from 'hostcompute/simulator';

import { containerDocument } from '../../support/documents.js';
import { useSimulator } from '../../support/host.js';
import type { Line } from '../../support/recording.js';
import { useFile } from '../../support/recording.js';
import { textOf } from '../../support/text.js';
import { stopTime } from '../../support/time.js';

const header = {
  kind: 'recording',
  version: 2,
  functions: [
    'vmcompute.HcsCreateComputeSystem',
    'vmcompute.HcsRegisterComputeSystemCallback',
    'vmcompute.HcsUnregisterComputeSystemCallback',
    'vmcompute.HcsCloseComputeSystem',
    'vmcompute.HcsStartComputeSystem',
    'vmcompute.HcsGetServiceProperties',
  ],
};
const query = 'null';
const call = {
  t: 0,
  kind: 'call',
  id: 1,
  function: 'vmcompute.HcsGetServiceProperties',
  input: { propertyQuery: query },
};
const completion = {
  t: 1,
  kind: 'completion',
  batch: 0,
  id: 1,
  status: 0,
  ending: 'returned',
  registration: 0,
  outputs: { properties: '{}', result: null },
};

/** The lines of systems that are made, one after the other, from the call with the number `from` on. */
function creation(t: number, ...ids: number[]): object[] {
  return ids.flatMap((id) => [
    {
      t,
      kind: 'call',
      id,
      function: 'vmcompute.HcsCreateComputeSystem',
      input: { id: `system-${id}`, configuration: { json: {} } },
    },
    { ...completion, t, batch: id, id, outputs: { computeSystem: id, result: null } },
  ]);
}

const start = (t: number, id: number, computeSystem: number): object => {
  return { t, kind: 'call', id, function: 'vmcompute.HcsStartComputeSystem', input: { computeSystem, options: null } };
};
const started = (t: number, id: number): object => ({ ...completion, t, batch: id, id, outputs: { result: null } });
const said = (t: number, watch: number, type: number): object => {
  return { t, kind: 'notification', batch: 1000 + type, watch, type, status: 0, data: null };
};

describe('Host.open({ replay }) with a file', () => {
  const file = useFile();

  const create = (host: Host, id: number): Promise<ComputeSystem> =>
    ComputeSystem.create(`system-${id}`, '{}', { host, validate: 'off' });

  it('rejects when the file does not exist', async () => {
    await assert.rejects(Host.open({ replay: file.path }), (error: HcsRecordingError) => {
      assert.deepEqual([error.name, error.code, error.file], ['HcsRecordingError', 'ERR_HC_RECORDING', file.path]);
      assert.equal(error.line, undefined);
      return true;
    });
  });

  const without = (line: object, name: string): object => {
    return Object.fromEntries(Object.entries(line).filter(([key]) => key !== name));
  };
  const malformed: readonly [what: string, lines: (object | string)[], line: number, problem: RegExp][] = [
    ['that is empty', [], 1, /no complete line/],
    ['without a header', [call], 1, /not the header/],
    ['of another version', [{ ...header, version: 3 }], 1, /version 3.*reads 1 and 2/],
    ['whose header names no functions', [without(header, 'functions')], 1, /"functions"/],
    ['with a line that is not JSON', [header, call, '{"t":', completion], 3, /must be JSON/],
    ['with an empty line', [header, call, '', completion], 3, /must be JSON/],
    ['with a line that is not an object', [header, '[]'], 2, /must be an object/],
    ['with values nested too deep', [header, `{"a":${'['.repeat(600)}${']'.repeat(600)}}`], 2, /nested more than 500/],
    ['with an event of no kind', [header, { t: 0 }], 2, /"kind" must be .*received undefined/],
    ['with an event without a time', [header, without(call, 't')], 2, /"t" must be .*received undefined/],
    ['with an unknown function', [header, { ...call, function: 'vmcompute.HcsExplode' }], 2, /"vmcompute.HcsExplode"/],
    [
      'with an input that is missing',
      [header, { ...call, input: {} }],
      2,
      /"input.propertyQuery" must be text or null; received undefined/,
    ],
    ['with an invalid handle', [header, start(0, 1, 'one' as unknown as number)], 2, /"input.computeSystem"/],
    ['with an id that is in use', [header, call, call], 3, /the id 1 is already in use/],
    ['with the completion of no call', [header, completion], 2, /no call with the id 1 has started/],
    ['with two completions of one call', [header, call, completion, completion], 4, /already completed/],
    [
      'with an unknown ending',
      [header, call, { ...completion, ending: 'well' }],
      3,
      /"ending" must be one of .*received "well"/,
    ],
    ['with a status below 0', [header, call, { ...completion, status: -1 }], 3, /"status" must be .*received -1/],
    ['with an output that is missing', [header, call, { ...completion, outputs: {} }], 3, /"outputs.properties"/],
    ['with a notification of no call', [header, said(0, 5, 1)], 2, /no call with the id 5/],
    [
      'with a notification of no type',
      [header, call, without(said(0, 1, 1), 'type')],
      3,
      /"type" must be .*received undefined/,
    ],
    ['with a cancel of no call', [header, { t: 0, kind: 'cancel', id: 4, watch: 4 }], 2, /no call with the id 4/],
    ['with a closed handle of no close', [header, call, { ...completion, kind: 'closed' }], 3, /not the id of a/],
  ];
  for (const [what, lines, line, problem] of malformed) {
    it(`rejects a file ${what}, and names the line`, async () => {
      file.write(lines);
      await assert.rejects(Host.open({ replay: file.path }), (error: HcsRecordingError) => {
        assert.equal(error.code, 'ERR_HC_RECORDING');
        assert.equal(error.line, line);
        assert.ok(error.message.includes(`${file.path}:${line} is malformed`));
        assert.match(error.message, problem);
        return true;
      });
    });
  }

  if (process.platform !== 'win32') {
    it('rejects a device', async () => {
      await assert.rejects(Host.open({ replay: '/dev/zero' }), { code: 'ERR_HC_RECORDING', message: /must be a file/ });
    });
  }

  it('rejects a file that is too large before reading it', async () => {
    file.write([header]);
    truncateSync(file.path, 256 * 2 ** 20 + 1);
    await assert.rejects(Host.open({ replay: file.path }), {
      code: 'ERR_HC_RECORDING',
      message: /more than 268435456/,
    });
  });

  for (const [choice, field] of [
    [{ replay: 1 }, 'options.replay'],
    [{ replay: '' }, 'options.replay'],
    [{ replay: 'x', speed: -1 }, 'options.speed'],
    [{ replay: 'x', speed: Infinity }, 'options.speed'],
    [{ replay: 'x', speed: '1' }, 'options.speed'],
    [{ replay: 'x', sped: 1 }, 'options.sped'],
  ] as const) {
    it(`rejects ${JSON.stringify(choice)}`, async () => {
      await assert.rejects(Host.open(choice as { replay: string }), { field });
    });
  }

  it('replays a file that is truncated within a line up to that line', async () => {
    file.write([header, call, completion, { ...call, id: 2 }, { ...completion, id: 2 }]);
    const text = readFileSync(file.path, 'utf8');
    writeFileSync(file.path, text.slice(0, -30));
    const host = await Host.open({ replay: file.path });
    const [first, second] = [host.serviceProperties(query), host.serviceProperties(query)];
    assert.deepEqual(await first, {});
    const closed = assert.rejects(second, { code: 'ERR_HC_CLOSED' });
    await host.close({ timeoutMs: Infinity });
    await closed;
  });

  it('accepts CRLF line endings', async () => {
    file.write([header, call, completion]);
    writeFileSync(file.path, readFileSync(file.path, 'utf8').replaceAll('\n', '\r\n'));
    await using host = await Host.open({ replay: file.path });
    assert.deepEqual(await host.serviceProperties(query), {});
  });

  it('accepts version 1, whose function names have no library', async () => {
    const old = { ...header, version: 1, functions: ['HcsGetServiceProperties'] };
    file.write([old, { ...call, function: 'HcsGetServiceProperties' }, completion]);
    await using host = await Host.open({ replay: file.path });
    assert.equal(host.functions['vmcompute.HcsGetServiceProperties'], true);
    assert.deepEqual(await host.serviceProperties(query), {});
  });

  it('opens a host with the functions of the recorded one', async () => {
    file.write([header]);
    await using host = await Host.open({ replay: file.path });
    assert.equal(host.kind, 'replayed');
    assert.equal(host.functions['vmcompute.HcsCreateComputeSystem'], true);
    assert.equal(host.functions['vmcompute.HcsModifyServiceSettings'], false);
    await assert.rejects(host.modifyServiceSettings({}), { code: 'ERR_HC_SYMBOL' });
    assert.throws(() => Simulator.of(host), { field: 'host' });
    assert.equal(host.threads, 0);
  });

  it('completes calls in the order of the recording, whatever the order of the calls', async () => {
    file.write([header, ...creation(0, 1, 2), start(0, 3, 1), start(0, 4, 2), started(0, 4), started(0, 3)]);
    await using host = await Host.open({ replay: file.path });
    const systems = [await create(host, 1), await create(host, 2)];
    const order: string[] = [];
    await Promise.all(systems.map(async (system) => order.push((await system.start(), system.id))));
    assert.deepEqual(order, ['system-2', 'system-1']);
  });

  it('sends a notification only after the calls that were recorded before it', async () => {
    file.write([header, ...creation(0, 1), said(0, 1, 7), start(0, 2, 1), said(0, 1, 8), started(0, 2), said(0, 1, 9)]);
    await using host = await Host.open({ replay: file.path });
    const system = await create(host, 1);
    const heard: number[] = [];
    const all = new Promise<void>((resolve) => {
      system.on('notification', ({ number }) => {
        heard.push(number);
        if (number === 7) setImmediate(() => setImmediate(() => void system.start().then(() => heard.push(0))));
        if (number === 8) assert.deepEqual(heard, [7, 8]);
        if (number === 9) resolve();
      });
    });
    await all;
    assert.deepEqual(heard, [7, 8, 0, 9]);
  });

  it('does not wait for a recorded close that the program does not make', async () => {
    const close = { t: 0, kind: 'close', id: 3, of: 'System', handle: 1, collected: true };
    const closed = { t: 0, kind: 'closed', batch: 3, id: 3, status: 0 };
    file.write([header, ...creation(0, 1, 2), close, closed, start(0, 4, 2), started(0, 4)]);
    await using host = await Host.open({ replay: file.path });
    const first = await create(host, 1);
    await (await create(host, 2)).start();
    await first.close();
    assert.deepEqual(host.replay?.remaining, []);
  });

  it('allows a close at another point than in the recording, or none', async () => {
    const close = { t: 0, kind: 'close', id: 4, of: 'System', handle: 1 };
    const closed = { t: 0, kind: 'closed', batch: 4, id: 4, status: 0x80070005 };
    file.write([header, ...creation(0, 1, 2), start(0, 3, 2), started(0, 3), close, closed]);
    await using host = await Host.open({ replay: file.path });
    const [first, second] = [await create(host, 1), await create(host, 2)];
    await assert.rejects(first.close(), { code: 'E_ACCESSDENIED' });
    await second.start();
    await second.close();
    assert.deepEqual(host.replay?.remaining, []);
  });

  it('does not complete a call that never completed, and closes within its timeout', async () => {
    file.write([header, ...creation(0, 1), start(0, 2, 1), { t: 9, kind: 'end' }]);
    const host = await Host.open({ replay: file.path });
    const system = await create(host, 1);
    await assert.rejects(system.start({ timeoutMs: 5 }), { code: 'ERR_HC_TIMEOUT' });
    assert.equal(host.stuckCalls, 1);
    await Promise.all([host.close(), host.close()]);
  });

  it('closes without waiting for calls that the program has not made', async () => {
    file.write([header, ...creation(0, 1), start(0, 2, 1), { ...call, id: 3 }, started(0, 2)]);
    const host = await Host.open({ replay: file.path });
    const system = await create(host, 1);
    const given = assert.rejects(system.start(), { code: 'ERR_HC_CLOSED' });
    await host.close({ timeoutMs: Infinity });
    await given;
    assert.equal(host.replay?.remaining.length, 1);
  });

  describe('with a speed', () => {
    /** How long a host takes that took so many milliseconds for its answers. What would take too long meets the limit of a test. */
    async function play(speed: number | undefined, took: number): Promise<number> {
      file.write([header, ...creation(0, 1), start(10, 2, 1), started(10 + took / 2, 2), said(10 + took, 1, 7)]);
      await using host = await Host.open({ replay: file.path, ...(speed !== undefined && { speed }) });
      const system = await create(host, 1);
      const heard = new Promise((resolve) => system.once('notification', resolve));
      const begun = performance.now();
      system.ref();
      await system.start();
      await heard;
      return performance.now() - begun;
    }

    it('of 0 does not wait', async () => assert.ok((await play(undefined, 3_600_000)) < 3_600_000));
    it('of 1 waits as long as the host did', async () => assert.ok((await play(1, 300)) >= 299));
    it('of 12,000 waits 1/12,000 of that time', async () => {
      assert.ok((await play(12_000, 3_600_000)) >= 299);
    });
  });
});

describe('A replayed process', () => {
  const bench = useSimulator();
  const file = useFile();

  async function recorded(play: (system: ComputeSystem) => Promise<void>): Promise<void> {
    await using host = await record(file.path, { host: 'simulated' });
    const system = await ComputeSystem.create('web', containerDocument(), { host });
    await system.start();
    await play(system);
  }

  async function system(host: Host): Promise<ComputeSystem> {
    const opened = await ComputeSystem.create('web', containerDocument(), { host });
    await opened.start();
    return opened;
  }

  it('has empty output streams and accepts input', async () => {
    await recorded(async (original) => {
      const process = await original.createProcess({ command: 'sim-cat' });
      process.stdin.end('hello');
      assert.equal(await textOf(process.stdout), 'hello');
      await process.exited;
    });
    await using host = await Host.open({ replay: file.path });
    const process = await (await system(host)).createProcess({ command: 'sim-cat' });
    const closed = new Promise((resolve) => process.once('close', resolve));
    process.stdin.write('x'.repeat(1_000_000));
    process.stdin.end('hello');
    assert.deepEqual(await Promise.all([textOf(process.stdout), textOf(process.stderr)]), ['', '']);
    assert.equal((await process.exited).exitCode, 0);
    await closed;
    assert.deepEqual(host.replay?.remaining, []);
  });

  it('does not diverge although its streams end early', async () => {
    await recorded(async (original) => {
      const process = await original.createProcess({ command: 'cmd /c exit 3' });
      await process.exited;
    });
    const lines = file.lines();
    const exit = lines.findIndex(({ kind, type }) => kind === 'notification' && type === 65536);
    const late = lines
      .slice(1)
      .map((line, i): Line => (i + 1 < exit ? line : { ...line, t: (line.t as number) + 1500 }));
    file.write([lines[0]!, ...late]);
    await using host = await Host.open({ replay: file.path, speed: 1 });
    const process = await (await system(host)).createProcess({ command: 'cmd /c exit 3' });
    await textOf(process.stdout);
    await textOf(process.stderr);
    assert.deepEqual(await process.exited, { exitCode: 3, status: 0 });
  });

  it('infers an exit that was inferred in the recording', async () => {
    const play = async (within: ComputeSystem): Promise<unknown> => {
      using time = stopTime();
      const process = await within.createProcess({ command: 'sim-sleep', stdio: 'ignore' });
      await process.kill();
      await time.pass(1000);
      return await process.exited;
    };
    let expected: unknown;
    await recorded(async (original) => {
      await bench.simulator.inject({ function: 'vmcompute.HcsCreateProcess', loseExit: true });
      expected = await play(original);
    });
    await using host = await Host.open({ replay: file.path });
    const actual = await play(await system(host));
    assert.deepEqual(actual, expected);
    assert.equal((actual as { inferred?: true }).inferred, true);
    assert.deepEqual(host.replay?.remaining, []);
  });

  it('is parsed in pieces, between which the event loop turns', async () => {
    const lines = Array.from({ length: 20_000 }, (_, i) => [
      { ...call, id: i + 1 },
      { ...completion, id: i + 1 },
    ]).flat();
    writeFileSync(file.path, [header, ...lines].map((line) => `${JSON.stringify(line)}\n`).join(''));
    const parse = JSON.parse;
    const turn = (): void => {
      parsed = 0;
      immediate = setImmediate(turn);
    };
    let [parsed, most, all] = [0, 0, 0];
    let immediate = setImmediate(turn);
    JSON.parse = (text: string): unknown => {
      parsed += text.length;
      all += text.length;
      most = Math.max(most, parsed);
      return parse(text);
    };
    try {
      await using host = await Host.open({ replay: file.path });
      assert.equal(host.replay!.remaining.length, 20_000);
    } finally {
      JSON.parse = parse;
      clearImmediate(immediate);
    }
    assert.ok(all > 4 * 2 ** 20, `it has ${all} characters`);
    assert.ok(most < 2 ** 17, `${most} characters are parsed in one turn`);
  });
});
