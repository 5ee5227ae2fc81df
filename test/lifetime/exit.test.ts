import assert from 'node:assert/strict';

import { limited } from '../support/backend.js';
import { runProgram } from '../support/child.js';

interface Expected {
  readonly code?: number;
  readonly stdout?: string;
  readonly stderr?: RegExp;
}

const end = 'end of program\n';
const cases: readonly [title: string, state: string, expected: Expected][] = [
  ['ends with systems open', 'open-systems', {}],
  ['ends while listeners, exited and an iterator wait', 'listening', {}],
  ['waits for a call in flight', 'call-in-flight', { stdout: `${end}started\n` }],
  limited('givenUpCalls')
    ? [
        'waits for a call that timed out, as koffiLimits says',
        'hung-call-timed-out',
        { stdout: `TimeoutError 1\n${end}still there\n` },
      ]
    : ['ends when the only call in flight timed out', 'hung-call-timed-out', { stdout: `TimeoutError 1\n${end}` }],
  [
    'waits for a close that timed out earlier',
    'close-timed-out-and-awaited-again',
    { stdout: `TimeoutError\n${end}closed\n` },
  ],
  ['can be ended while a call hangs in the host', 'exit-with-hung-call', { code: 3, stdout: '' }],
  ['can be ended while every thread hangs in the host', 'exit-with-many-hung-calls', { code: 4, stdout: '' }],
  ['can be ended during a burst of notifications', 'exit-in-a-storm', { code: 5 }],
  ['fails when a listener throws', 'throwing-listener', { code: 1, stderr: /Error: thrown by the listener/ }],
  ['waits for the exit of a system that has been ref()ed', 'ref-until-exit', { stdout: `${end}exit\n` }],
  ['does not wait for a system that has been unref()ed', 'ref-then-unref', {}],
  ['does not wait for a system that has been closed', 'ref-then-close', {}],
  ['does not wait for events of networks', 'network-events', {}],
  ['waits for events of networks that have been ref()ed', 'network-events-ref', { stdout: `${end}NetworkPreCreate\n` }],
  ['waits for the exit of a process', 'process-until-exit', { stdout: `${end}exit 0\nclose\n` }],
  ['waits for the output of a process', 'process-with-output', { stdout: `${end}1000000\n` }],
  ['does not wait for a process that has been unref()ed', 'process-unrefed', {}],
  ['does not wait for a process that has been closed', 'process-closed', {}],
  ['ends after its host was closed under a process', 'process-host-closed', { stdout: `true\n${end}` }],
  ['can be ended while processes run and write', 'exit-with-processes', { code: 6, stdout: '' }],
  ['ends after its host was closed', 'host-closed', {}],
  ['ends when its host was never closed', 'host-never-closed', {}],
];

describe('A process', () => {
  for (const [title, state, { code = 0, stdout = end, stderr = /^$/ }] of cases) {
    it(title, async () => {
      const ended = await runProgram('exit', [state]);
      assert.match(ended.stderr, stderr);
      assert.deepEqual([ended.code, ended.signal], [code, null]);
      if (code !== 1) assert.equal(ended.stdout.replaceAll('\r\n', '\n'), stdout);
    });
  }
});

describe('A Process without close()', () => {
  it('is closed when it has exited, its streams have ended, and it is collected', async () => {
    const { code, stdout, stderr } = await runProgram('collected-process', [], ['--expose-gc', '--no-warnings']);
    assert.equal(stderr, '');
    assert.equal(code, 0);
    assert.deepEqual(stdout.trim().split(/\r?\n/), [
      'read by way of stdout alone: whole',
      'HostcomputeWarning: A Process was garbage collected without close(). It has been closed now.',
      'closed: true',
    ]);
  });
});

describe('A ComputeSystem without close()', () => {
  it('is closed when it is collected, with one warning, unless it has a listener', async () => {
    const { code, stdout, stderr } = await runProgram('collected', [], ['--expose-gc', '--no-warnings']);
    assert.equal(stderr, '');
    assert.equal(code, 0);
    assert.deepEqual(stdout.trim().split(/\r?\n/), [
      'read SystemPauseCompleted',
      'TimeoutError',
      'HostcomputeWarning: A ComputeSystem was garbage collected without close(). It has been closed now.',
      'closed: true',
      'exited: ForcedExit',
      'left: 0',
    ]);
  });
});
