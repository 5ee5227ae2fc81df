import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';

import { useSimulator } from '../../support/host.js';

describe('An event', () => {
  const bench = useSimulator();

  it('of a system goes through an overridden emit(), also without listeners', async () => {
    const system = await bench.running();
    const emitted: unknown[] = [];
    const emit = system.emit.bind(system) as (...args: unknown[]) => boolean;
    system.emit = (...args: unknown[]) => {
      emitted.push(args[0]);
      return emit(...args);
    };
    await system.terminate();
    await system.exited;
    assert.deepEqual(emitted, ['notification', 'exit']);
  });

  it('of a process goes through an overridden emit()', async () => {
    const child = await bench.run('cmd /c exit 0');
    const emitted: unknown[] = [];
    child.emit = ((event: string) => emitted.push(event) > 0) as typeof child.emit;
    child.stdout!.resume();
    child.stderr!.resume();
    child.stdin!.end();
    await child.exited;
    assert.deepEqual(emitted.slice(0, 2), ['notification', 'exit']);
  });

  it('whose listener rejects becomes an error event with captureRejections', async () => {
    const before = EventEmitter.captureRejections;
    EventEmitter.captureRejections = true;
    const system = await bench.running().finally(() => (EventEmitter.captureRejections = before));
    const failure = new Error('of a listener');
    // eslint-disable-next-line @typescript-eslint/no-misused-promises -- what happens then is tested
    system.on('exit', () => Promise.reject(failure));
    const captured = new Promise((resolve) => (system as unknown as EventEmitter).on('error', resolve));
    await system.terminate();
    assert.equal(await captured, failure);
  });

  it('reaches the listeners after one that throws, and the error becomes an uncaught exception', async () => {
    const system = await bench.running();
    const failure = new Error('of a listener');
    const before = process.listeners('uncaughtException');
    process.removeAllListeners('uncaughtException');
    const uncaught = new Promise((resolve) => process.once('uncaughtException', resolve));
    system.on('exit', () => {
      throw failure;
    });
    const reached = new Promise((resolve) => system.on('exit', resolve));
    await system.terminate();
    await reached;
    assert.equal(await uncaught, failure);
    for (const listener of before) process.on('uncaughtException', listener);
  });
});
