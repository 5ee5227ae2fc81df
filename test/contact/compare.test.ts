import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';

import { ComputeSystem } from 'hostcompute';
import { Simulator } from 'hostcompute/simulator';

import { containerDocument } from '../support/documents.js';
import type { Line } from '../support/recording.js';
import { recordInto, useFile } from '../support/recording.js';
import { findingsOf } from './result.js';

describe('A recording replayed on the simulated host', () => {
  const file = useFile();

  async function recordRun(): Promise<Line[]> {
    return recordInto(file, async (host) => {
      await Simulator.of(host).reset();
      const system = await ComputeSystem.create('played', containerDocument(), { host });
      await system.start();
      await using child = await system.createProcess({ command: 'cmd /c more', stdio: ['pipe', 'pipe', 'ignore'] });
      child.stdin.end('what was written is not in a recording');
      await child.exited;
      await system.terminate();
      await system.close();
    });
  }

  /** The lines, each changed or left out. */
  function rewrite(lines: readonly Line[], change: (line: Line) => Line | undefined): void {
    file.write(lines.flatMap((line) => change(structuredClone(line)) ?? []));
  }

  const idOf = (lines: readonly Line[], name: string): unknown =>
    lines.find((line) => line.function === `vmcompute.${name}`)!.id;

  it('has no divergence from the host that made it', async () => {
    await recordRun();
    const { divergences, notCompared, problems } = await findingsOf([file.path]);
    assert.deepEqual({ divergences, notCompared, problems }, { divergences: [], notCompared: [], problems: [] });
  });

  it('reports a call that never returned, and compares the calls before it', async () => {
    const lines = await recordRun();
    const start = idOf(lines, 'HcsStartComputeSystem');
    const at = lines.findIndex(({ kind, id }) => kind === 'call' && id === start);
    file.write(lines.slice(0, at + 1));
    const { divergences, recordings, problems } = await findingsOf([file.path]);
    assert.deepEqual(problems, []);
    assert.equal(recordings[0]!.whole, false);
    assert.deepEqual(
      divergences.map(({ kind, function: name, real }) => [kind, name, real]),
      [['code', 'vmcompute.HcsStartComputeSystem', 'no answer']],
    );
  });

  /** A recording with a call on layers before its other calls. */
  function withLayerCall(lines: readonly Line[], name: string, input: object): void {
    const call = { kind: 'call', t: 0, id: 1000, function: `vmcompute.${name}`, input };
    const completion = { kind: 'completion', t: 0, batch: 0, id: 1000, status: 0, ending: 'returned', registration: 0 };
    file.write([lines[0]!, call, { ...completion, outputs: {} }, ...lines.slice(1)]);
  }

  it('omits calls that need the files of layers', async () => {
    withLayerCall(await recordRun(), 'ProcessBaseImage', { folder: 'C:\\layers\\a' });
    const { divergences, notCompared } = await findingsOf([file.path]);
    assert.deepEqual(divergences, []);
    assert.deepEqual(
      notCompared.map(({ function: name, reason }) => [name, reason]),
      [['vmcompute.ProcessBaseImage', 'it works on the files of layers, and those of the recorded host are not here']],
    );
  });

  it('runs layer calls in temporary folders', async () => {
    const folder = dirname(file.path);
    withLayerCall(await recordRun(), 'DestroyLayer', { layer: folder });
    const { divergences } = await findingsOf([file.path]);
    assert.ok(existsSync(file.path), 'the folder is there');
    assert.deepEqual(
      divergences.map(({ function: name, real, simulated }) => [name, real, simulated]),
      [['vmcompute.DestroyLayer', '0x00000000', '0x80070003 ERROR_PATH_NOT_FOUND']],
    );
  });

  it('omits calls on objects that the simulated host did not open', async () => {
    const lines = await recordRun();
    const process = idOf(lines, 'HcsCreateProcess');
    rewrite(lines, (line) => {
      if (line.id === process && line.kind === 'call')
        line.input = { ...(line.input as object), processParameters: { json: { CommandLine: 'no-such-program' } } };
      return line;
    });
    const { divergences, notCompared } = await findingsOf([file.path]);
    assert.deepEqual(
      divergences.map(({ kind, function: name, what }) => [kind, name, what]),
      [['code', 'vmcompute.HcsCreateProcess', 'status']],
    );
    assert.ok(notCompared.some(({ reason }) => reason.startsWith('the simulated host has not opened')));
  });

  it('omits consequences of a start that one host refuses', async () => {
    await recordInto(file, async (host) => {
      const simulator = Simulator.of(host);
      await simulator.reset();
      await simulator.inject({ function: 'HcsStartComputeSystem', status: 0xc0370106 });
      await using system = await ComputeSystem.create('played', containerDocument(), { host });
      await assert.rejects(system.start());
      assert.equal((await system.properties()).State, 'Created');
      await system.terminate();
    });
    const { divergences, notCompared } = await findingsOf([file.path]);
    assert.deepEqual(
      divergences.map(({ kind, function: name }) => [kind, name]),
      [['code', 'vmcompute.HcsStartComputeSystem']],
    );
    assert.deepEqual(
      notCompared.map(({ function: name }) => name),
      ['vmcompute.HcsGetComputeSystemProperties', 'vmcompute.HcsTerminateComputeSystem'],
    );
  });

  it('reports exits in a different order', async () => {
    const lines = await recordRun();
    // As if the process had exited after its system.
    const process = idOf(lines, 'HcsCreateProcess');
    const exit = lines.find(({ kind, watch }) => kind === 'notification' && watch === process)!;
    const end = lines.findIndex(({ kind, type }) => kind === 'notification' && type === 1);
    const others = lines.filter((line) => line !== exit);
    file.write([...others.slice(0, end), exit, ...others.slice(end)]);
    const { divergences } = await findingsOf([file.path]);
    // What replays it does not wait for the process before it ends the system, which may kill it then: another exit code.
    assert.deepEqual(
      divergences.filter(({ kind }) => kind === 'order').map(({ what, real }) => [what, real]),
      [['exits', 'SystemExited, ProcessExited']],
    );
  });

  it('does not require notifications for a handle that is opened late', async () => {
    const lines = await recordInto(file, async (host) => {
      await Simulator.of(host).reset();
      await using system = await ComputeSystem.create('played', containerDocument(), { host });
      await using opened = await ComputeSystem.open('played', { host });
      await opened.properties();
      await system.terminate();
    });
    const open = idOf(lines, 'HcsOpenComputeSystem');
    const isLate = ({ kind, watch }: Line): boolean => kind === 'notification' && watch === open;
    assert.ok(lines.some(isLate));
    rewrite(lines, (line) => (isLate(line) ? undefined : line));
    assert.deepEqual((await findingsOf([file.path])).divergences, []);
  });

  it('reports functions that the recorded host does not export', async () => {
    const [header, ...lines] = await recordRun();
    const functions = (header!.functions as string[]).filter((name) => name !== 'vmcompute.HcsSignalProcess');
    file.write([{ ...header!, functions }, ...lines]);
    const { divergences } = await findingsOf([file.path]);
    assert.deepEqual(
      divergences.map(({ kind, function: name, what, places }) => [kind, name, what, places]),
      [['code', 'vmcompute.HcsSignalProcess', 'export', ['recording:1']]],
    );
  });

  it('is reported when malformed, while the others are compared', async () => {
    await recordRun();
    const { divergences, problems, recordings } = await findingsOf(['missing.jsonl', file.path]);
    assert.deepEqual(divergences, []);
    assert.equal(recordings.length, 1);
    assert.match(problems.join(), /^missing: .*missing\.jsonl/);
  });

  it('does not require redacted values', async () => {
    const lines = await recordRun();
    const value = (line: Line): Line => JSON.parse(JSON.stringify(line).replaceAll('ForcedExit', '<redacted>')) as Line;
    assert.notDeepEqual(lines.map(value), lines);
    rewrite(lines, value);
    const { divergences } = await findingsOf([file.path]);
    assert.deepEqual(divergences, []);
  });
});
