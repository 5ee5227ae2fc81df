import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { AuditFile } from '../../src/audit/audit-file.js';
import { auditLine } from '../../src/audit/audit-line.js';
import { anna, ben, Bench, caller, container, policyOf } from '../support/broker.js';

describe('the audit', () => {
  it('has a line before each call and one for its result', async () => {
    const bench = new Bench();
    const { hostId } = await bench.connect(anna, { processId: 77 }).create('web');
    const [connect, decision, result, ...rest] = bench.lines;
    const time = '1970-01-01T00:00:00.000Z';
    const who = { connection: 1, user: anna, logon: '0:999', unprovenProcessId: 77, elevated: false };
    const verdict = { allowed: true, rule: 'everybody' };
    assert.deepEqual(connect, { time, event: 'connect', ...who, ...verdict });
    const call = { number: 1, connection: 1, call: 'vmcompute.HcsCreateComputeSystem' };
    assert.deepEqual(decision, { time, event: 'decision', ...call, ...who, ...verdict, object: hostId });
    assert.deepEqual(result, { time, event: 'result', ...call, user: anna, status: 0 });
    assert.deepEqual(rest, []);
  });

  it('says why a call is refused', async () => {
    const bench = new Bench();
    await bench.connect().refused('HcsOpenComputeSystem', { id: 'no' });
    const { allowed, status, reason, rule } = bench.lines.at(-1)!;
    const expected = { allowed: false, status: 0x8037010e, reason: 'There is no such system.', rule: 'everybody' };
    assert.deepEqual({ allowed, status, reason, rule }, expected);
  });

  it('has the paths that the host gets', async () => {
    const bench = new Bench();
    const layers = [{ Id: '00000000-0000-0000-0000-000000000001', Path: 'D:\\base\\one' }];
    await bench.connect().create('web', container({ Storage: { Layers: layers } }));
    assert.deepEqual(bench.lines.at(-2)!.paths, ['D:\\base\\one']);
  });

  it('has no control character, nor a second line, of what clients write', () => {
    const hostile = 'a\nb\r\u0000\u001b[2J\u0085\u2028\u2029\u202e\u200b\u007f"}\n{"event":"decision"';
    const verdict = { allowed: false, reason: hostile, object: hostile };
    const line = auditLine({ event: 'connect', connection: 1, caller: caller(hostile), verdict }, new Date(0), 256);
    assert.doesNotMatch(line, /[^\x20-\x7e]/);
    assert.equal((JSON.parse(line) as { reason: string }).reason, hostile);
  });

  it('cuts what clients write', () => {
    const verdict = { allowed: false, reason: 'x'.repeat(100_000) };
    const line = auditLine({ event: 'connect', connection: 1, caller: caller(anna), verdict }, new Date(0), 32);
    assert.ok(line.length < 512);
    assert.match(line, /x{32}… \(100000 characters\)/);
  });

  it('has to be written before a call is made', async () => {
    const bench = new Bench();
    const client = bench.connect();
    const { handle } = await client.create('web');
    bench.auditFails = true;
    const { status, message } = await client.refused('HcsStartComputeSystem', { computeSystem: handle, options: null });
    assert.deepEqual([status, message], [0x80070005, 'The audit cannot be written.']);
    assert.equal(bench.broker.connected(9, caller(ben)), false);
    bench.auditFails = false;
    await client.allowed('HcsStartComputeSystem', { computeSystem: handle, options: null });
  });

  it('leaves nothing counted of a call that it stopped', async () => {
    const bench = new Bench(policyOf({ limits: { systems: 1, callsInFlight: 1 } }));
    const client = bench.connect();
    bench.auditFails = true;
    for (let turn = 0; turn < 3; turn++) assert.match(await client.refusal(container()), /The audit cannot be written/);
    bench.auditFails = false;
    await client.create('web');
  });

  it('may be lost where the policy says so', async () => {
    const bench = new Bench(policyOf({}, { audit: { required: false } }));
    bench.auditFails = true;
    await bench.connect().create('web');
  });
});

describe('AuditFile', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hostcompute-broker-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('adds to what is there', () => {
    const path = join(folder, 'audit.jsonl');
    for (const line of ['one', 'two']) {
      const file = new AuditFile(path);
      file.write(line);
      file.close();
    }
    assert.equal(readFileSync(path, 'utf8'), 'one\ntwo\n');
  });

  it('begins a new file when one is full, and keeps as many as it is told', () => {
    const path = join(folder, 'audit.jsonl');
    const file = new AuditFile(path, { bytes: 10, files: 2 });
    for (const line of ['line 1', 'line 2', 'line 3', 'line 4']) file.write(line);
    file.close();
    assert.deepEqual(readdirSync(folder).sort(), ['audit.jsonl', 'audit.jsonl.1', 'audit.jsonl.2']);
    assert.equal(readFileSync(path, 'utf8'), 'line 4\n');
    assert.equal(readFileSync(`${path}.2`, 'utf8'), 'line 2\n');
  });

  it('throws when it cannot write', () => {
    const file = new AuditFile(join(folder, 'audit.jsonl'));
    file.close();
    assert.throws(() => file.write('x'), /The audit is closed/);
  });
});
