import assert from 'node:assert/strict';
import { AsyncLocalStorage } from 'node:async_hooks';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';

import type { Span, Tracer } from '@opentelemetry/api';
import { trace } from '@opentelemetry/api';

import { attach } from '../../examples/attach-console.js';
import { traceHosts } from '../../examples/opentelemetry.js';
import { runExample } from '../support/child.js';
import { useSimulator } from '../support/host.js';

const lines = (text: string): string[] => text.trimEnd().split(/\r?\n/);

describe('The example run-process', () => {
  it('passes on the output, errors and exit code of the command', async () => {
    const { code, stdout, stderr } = await runExample('run-process', ['--', 'cmd /c echo out& echo err>&2& exit 4']);
    assert.deepEqual(lines(stdout), ['out']);
    assert.deepEqual(lines(stderr), ['Host: simulated; no container runs', 'err']);
    assert.equal(code, 4);
  });

  it('passes on its input, and ends it', async () => {
    const { code, stdout } = await runExample('run-process', ['--', 'sim-cat'], 'one\ntwo\n');
    assert.deepEqual(lines(stdout), ['one', 'two']);
    assert.equal(code, 0);
  });

  it('accepts a program and its arguments', async () => {
    const { stdout } = await runExample('run-process', ['--', 'sim-args', 'a b', '"']);
    assert.deepEqual(lines(stdout), ['"sim-args"', '"a b"', '"\\""']);
  });

  it('prints its usage', async () => {
    const { code, stderr } = await runExample('run-process', []);
    assert.equal(code, 2);
    assert.match(stderr, /^usage: run-process/);
  });
});

describe('The example attach-console', () => {
  const bench = useSimulator();

  it('works as an interactive console', async () => {
    const { code, stdout, stderr } = await runExample('attach-console', [], 'ver\r\nexit 3\r\n');
    assert.match(stdout, /C:\\>ver/);
    assert.match(stdout, /Microsoft Windows \[Version 10\.0\./);
    assert.deepEqual(lines(stderr), ['Host: simulated; no container runs']);
    assert.equal(code, 3);
  });

  it('follows the terminal size, and keeps raw mode until the end', async () => {
    const system = await bench.running();
    await using child = await system.createProcess('cmd', { tty: { rows: 25, columns: 80 } });
    const modes: boolean[] = [];
    const input = Object.assign(new PassThrough(), { isTTY: true, setRawMode: (raw: boolean) => modes.push(raw) });
    const output = Object.assign(new PassThrough(), { columns: 132, rows: 50 });
    const attached = attach(child, { input, output });
    let shown = '';
    output.on('data', (chunk: Buffer) => (shown += chunk.toString()));
    output.emit('resize');
    while ((await bench.simulator.state()).Calls['vmcompute.HcsModifyProcess'] !== 1);
    await bench.simulator.reached({ callsInside: 0 });
    while (!shown.includes('C:\\>')) await once(output, 'data');
    input.write('mode con\r\nexit\r\n');
    assert.equal((await attached).exitCode, 0);
    assert.match(shown, /Lines:\s+50\r\n\s+Columns:\s+132/);
    assert.deepEqual(modes, [true, false]);
  });
});

describe('The example opentelemetry', () => {
  const bench = useSimulator();

  it('creates a span for each call, as a child of the active one, and for each notification', async () => {
    const active = new AsyncLocalStorage<string>();
    const ended: unknown[][] = [];
    const startSpan: Tracer['startSpan'] = (name, { attributes } = {}) => {
      const line: unknown[] = [name, attributes?.['hcs.system.id'], active.getStore()];
      return Object.assign(Object.create(trace.getTracer('').startSpan('')) as Span, {
        addEvent(event: string) {
          line.push(event);
          return this;
        },
        setAttribute: (_name: string, value: unknown) => line.push(value),
        setStatus: ({ code }: { code: number }) => line.push(code),
        end: () => void ended.push(line),
      });
    };
    const stop = traceHosts({ ...trace.getTracer(''), startSpan });
    const system = await bench.running();
    ended.length = 0;
    await active.run('request', () => system.pause());
    await assert.rejects(system.pause());
    stop();
    await system.resume();
    assert.deepEqual(ended, [
      ['HCS notification', system.id, undefined, 'SystemPauseCompleted'],
      ['HcsPauseComputeSystem', system.id, 'request', 'S_OK', 1],
      ['HcsPauseComputeSystem', system.id, undefined, 'HCS_E_INVALID_STATE', 2],
    ]);
  });
});
