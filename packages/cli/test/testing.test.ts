import assert from 'node:assert/strict';

import { Folder } from './support/folder.js';
import { hostcompute } from './support/hostcompute.js';
import { started } from './support/started.js';

const simulated = { HOSTCOMPUTE_HOST: 'simulated' };

describe('hostcompute simulate', () => {
  const folder = new Folder();
  after(() => folder[Symbol.dispose]());
  let count = 0;
  const name = (): string =>
    process.platform === 'win32'
      ? `\\\\.\\pipe\\hostcompute-cli-${process.pid}-${++count}`
      : folder.pathOf(`${++count}`);

  it('serves a host to other processes until Ctrl+C, and says how to use it', async () => {
    const at = name();
    await using serving = await started(
      ['simulate', '--name', at, '--fault', 'start-never-returns'],
      /Ctrl\+C ends it/,
    );
    assert.match(serving.stdout(), new RegExp(`hostcompute --host .*${at.slice(-1)} ps`));
    const other = await hostcompute(['version', '--json', '--host', at]);
    assert.equal((JSON.parse(other.stdout) as { host: { name: string } }).host.name, 'simulated');
    assert.deepEqual(await serving.end('SIGINT'), { exitCode: 0, stderr: '' });
    assert.equal((await hostcompute(['bench', '--host', at])).exitCode, 125, 'nothing is served any more');
  });

  it('begins with the faults of a file', async () => {
    const at = name();
    const faults = [{ function: 'vmcompute.HcsCreateComputeSystem', status: '0x80370102', count: 0 }, 'service-gone'];
    const file = folder.write('faults.json', JSON.stringify({ configure: { seed: 7 }, faults: faults.slice(0, 1) }));
    await using serving = await started(['simulate', '--name', at, '--faults', file, '--json'], /\n/);
    assert.equal((JSON.parse(serving.stdout()) as { name: string }).name, at);
    const { exitCode, stdout } = await hostcompute(['bench', '--host', at, '--json']);
    assert.equal(exitCode, 1);
    assert.equal((JSON.parse(stdout) as { code: string }).code, 'HCS_E_HYPERV_NOT_INSTALLED');
    await serving.end('SIGTERM');
  });

  it('refuses what it does not know before it serves', async () => {
    const unknown = folder.write('unknown.json', JSON.stringify({ fault: [] }));
    const wrong = folder.write('wrong.json', JSON.stringify({ faults: [{ function: 'nothing' }] }));
    const cases = [
      [['--fault', 'never-returns'], 2, /No fault is called "never-returns"\. Is it .*start-never-returns/],
      [['--fault', 'start-never-returns='], 2, /must be NAME, or NAME=ID/],
      [['--profile', 'fast'], 2, /There are none, nanoserver-process/],
      [['--faults', unknown], 1, /"fault" is no member of a file of faults/],
      [['--faults', wrong], 1, /wrong\.json: "faults\[0\]" is refused: /],
      [['--name', 'here'], 2, /--name is "here"\. It must be /],
    ] as const;
    for (const [words, code, message] of cases) {
      const { exitCode, stderr } = await hostcompute(['simulate', '--timeout', '20s', ...words]);
      assert.deepEqual([exitCode, message.test(stderr)], [code, true], stderr);
    }
  });

  it('ends with 124 when its time has passed', async () => {
    const { exitCode } = await hostcompute(['simulate', '--name', name(), '--timeout', '1ms']);
    assert.equal(exitCode, 124);
  });

  it('is served for one at a time', async () => {
    const at = name();
    await using first = await started(['simulate', '--name', at], /served at/);
    const { exitCode, stderr } = await hostcompute(['simulate', '--name', at]);
    assert.equal(exitCode, 125);
    assert.match(stderr, /can be used as it is/);
    assert.match(first.stdout(), /served at/);
  });
});

describe('hostcompute record and replay', () => {
  const folder = new Folder();
  after(() => folder[Symbol.dispose]());
  const file = folder.pathOf('host.jsonl');

  it('plays back what was recorded', async () => {
    const recorded = await hostcompute(['record', '-o', file, '--', 'bench', '-n', '1'], simulated);
    assert.equal(recorded.exitCode, 0, recorded.stderr);
    assert.match(recorded.stderr, /^Recorded in .*host\.jsonl/m);
    const replayed = await hostcompute(['replay', file, 'bench', '-n', '1', '--json']);
    assert.deepEqual([replayed.exitCode, replayed.stderr], [0, '']);
    assert.equal((JSON.parse(replayed.stdout) as { host: string }).host, 'replayed');
  });

  it('says what was not called, and fails where the command does otherwise', async () => {
    await hostcompute(['record', '-o', file, '--', 'bench', '-n', '2'], simulated);
    const fewer = await hostcompute(['replay', file, '--', 'bench', '-n', '1']);
    assert.equal(fewer.exitCode, 0);
    assert.match(fewer.stderr, /\d+ recorded calls were not made, the first in line \d+/);
    const more = await hostcompute(['replay', '--json', file, '--', 'bench', '-n', '3']);
    assert.equal(more.exitCode, 1);
    assert.match(more.stderr, /^hostcompute: .*diverges from the recording/m);
    assert.equal((JSON.parse(more.stdout.trimEnd().split('\n').at(-1)!) as { code: string }).code, 'ERR_HC_REPLAY');
  });

  it('leaves the options of the command to it, and its exit code', async () => {
    const { exitCode, stdout, stderr } = await hostcompute(['record', '-o', file, 'explain', '5', '--json']);
    assert.deepEqual([exitCode, (JSON.parse(stdout) as { given: string }).given], [0, '5']);
    assert.match(stderr, /asked no host/);
    assert.equal((await hostcompute(['record', '-o', file, 'explain', 'nothing-at-all'])).exitCode, 2);
    assert.equal((await hostcompute(['record', '-o', file, 'record', '-o', file, 'ps'])).exitCode, 2);
  });
});

describe('hostcompute bench', () => {
  it('measures each step', async () => {
    const { exitCode, stdout } = await hostcompute(['bench', '-n', '3', '--json'], simulated);
    assert.equal(exitCode, 0);
    const { count, phases } = JSON.parse(stdout) as { count: number; phases: Record<string, { medianMs: number }> };
    assert.equal(count, 3);
    assert.deepEqual(Object.keys(phases), ['create', 'start', 'terminate', 'close']);
    for (const { medianMs } of Object.values(phases)) assert.ok(medianMs > 0);
  });

  it('takes a document, and refuses what is none', async () => {
    const { exitCode, stderr } = await hostcompute(['bench', '--document', '-'], simulated, '{"Owner":"me"}');
    assert.equal(exitCode, 1);
    assert.match(stderr, /must have one of Container, VirtualMachine/);
  });
});
