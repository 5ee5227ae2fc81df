import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Readable } from 'node:stream';

import { HcsStreamError } from 'hostcompute';

import { useSimulator } from '../../support/host.js';
import { textOf } from '../../support/text.js';

const mebibyte = 1024 * 1024;

/** Reads what `sim-flood` writes, and finds out whether it is whole. */
async function countFlood(stream: Readable | null, slowly = false): Promise<number> {
  let count = 0;
  for await (const chunk of stream!) {
    for (const byte of chunk as Buffer) {
      if (byte !== count % 251) throw new Error(`byte ${count} is ${byte}`);
      count++;
    }
    if (slowly) await new Promise((resolve) => setImmediate(resolve));
  }
  return count;
}

describe('The streams of a process', () => {
  const bench = useSimulator();

  it('deliver stdout and stderr separately', async () => {
    const process = await bench.run('cmd /c echo out& echo err>&2');
    const [out, err] = await Promise.all([textOf(process.stdout), textOf(process.stderr)]);
    assert.deepEqual([out, err.trimEnd()], ['out\r\n', 'err']);
  });

  it('end the input of the process when stdin ends, while output continues', async () => {
    const process = await bench.run('sim-cat');
    const data = Buffer.alloc(5 * mebibyte, 'abcdefg');
    process.stdin!.end(data);
    assert.equal(await textOf(process.stdout), data.toString());
    assert.equal((await process.exited).exitCode, 0);
  });

  it('apply backpressure to a writer when the reader is slow', async () => {
    const process = await bench.run('sim-cat');
    const [block, count] = [Buffer.alloc(65_536), 512];
    let written = 0;
    const source = Readable.from(
      (function* () {
        for (let i = 0; i < count; i++) {
          written += block.length;
          yield block;
        }
      })(),
    );
    source.pipe(process.stdin!);
    let read = 0;
    let most = 0;
    for await (const chunk of process.stdout!) {
      read += (chunk as Buffer).length;
      most = Math.max(most, written - read);
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.equal(read, count * block.length);
    // Two pipes, what the guest has in hand, and a buffer of each stream.
    assert.ok(most < 4 * mebibyte, String(most));
  });

  it('deliver all output written before the exit to a slow, late reader', async () => {
    const process = await bench.run('sim-flood 60000');
    const closed = once(process, 'close');
    await process.exited;
    assert.equal(await countFlood(process.stdout, true), 60_000);
    await closed;
  });

  it('deliver output larger than the pipe before the process closes', async () => {
    const process = await bench.run(`sim-flood ${8 * mebibyte}`);
    const order: string[] = [];
    process.on('exit', () => order.push('exit'));
    process.on('close', () => order.push('close'));
    process.stdout!.on('end', () => order.push('end'));
    const closed = once(process, 'close');
    assert.equal(await countFlood(process.stdout, true), 8 * mebibyte);
    await closed;
    assert.equal(order.at(-1), 'close');
    assert.deepEqual(order.sort(), ['close', 'end', 'exit']);
  });

  it('do not delay exit and close when nobody reads, and keep their data', async () => {
    const process = await bench.run('cmd /c echo later');
    const order: string[] = [];
    process.on('exit', () => order.push('exit'));
    process.on('close', () => order.push('close'));
    await once(process, 'close');
    assert.deepEqual(order, ['exit', 'close']);
    assert.equal(await textOf(process.stdout), 'later\r\n');
  });

  it('release their handles when they are destroyed', async () => {
    const process = await bench.run('sim-sleep');
    for (const stream of [process.stdin!, process.stdout!, process.stderr!]) {
      stream.destroy();
      if (!stream.closed) await once(stream, 'close');
    }
    // What is left are the guest's own ends.
    assert.equal((await bench.simulator.state()).Pipes, 3);
    await process.kill();
    assert.ok(await bench.simulator.reached({ pipes: 0 }));
  });

  it('break the pipe of a process whose output is destroyed', async () => {
    const process = await bench.run(`sim-flood ${64 * mebibyte}`);
    process.stdout!.destroy();
    const { exitCode } = await process.exited;
    assert.notEqual(exitCode, 0);
  });

  it('emit HcsStreamError when the process has closed its end', async () => {
    const system = await bench.running();
    await bench.simulator.inject({ function: 'HcsCreateProcess', loseExit: true });
    const process = await bench.run('sim-sleep', system); // its exit would close stdin first
    await process.kill();
    const failed = once(process.stdin!, 'error') as Promise<[HcsStreamError]>;
    process.stdin!.write('x');
    const [error] = await failed;
    assert.ok(error instanceof HcsStreamError);
    assert.equal(error.code, 'EPIPE');
    assert.equal(error.processId, process.pid);
    assert.equal(error.systemId, system.id);
    assert.equal(error.stream, 'stdin');
    assert.match(error.message, new RegExp(`^stdin of process ${process.pid} in system "`));
  });

  it('emit the error passed to destroy()', async () => {
    const process = await bench.run('sim-sleep');
    const reason = new Error('enough');
    const failed = once(process.stdout!, 'error');
    process.stdout!.destroy(reason);
    assert.deepEqual(await failed, [reason]);
    await process.kill();
  });

  it('decode text without splitting characters when an encoding is set', async () => {
    const process = await bench.run(['cmd /c', ...Array.from({ length: 50 }, () => 'echo 漢字😀&')].join(' ') + 'ver');
    process.stdout!.setEncoding('utf8');
    let text = '';
    for await (const chunk of process.stdout!) text += chunk as string;
    assert.equal(text.match(/漢字😀/g)?.length, 50);
  });

  it('are destroyed when the process is closed', async () => {
    const process = await bench.run(`sim-flood ${64 * mebibyte}`);
    process.stdout!.once('data', () => undefined);
    await once(process.stdout!, 'data');
    await process.close();
    assert.ok(process.stdin!.destroyed && process.stdout!.destroyed && process.stderr!.destroyed);
  });

  describe('closeStdin()', () => {
    it('sends end-of-file after the data written before', async () => {
      const process = await bench.run('sim-cat');
      process.stdin!.write('last words');
      await process.closeStdin();
      await process.closeStdin();
      assert.equal(await textOf(process.stdout), 'last words');
      assert.equal((await bench.simulator.state()).Calls['vmcompute.HcsModifyProcess'], 1);
    });

    it('ends the input through an opened process', async () => {
      const created = await bench.run('sim-cat');
      await using opened = await created.system.openProcess(created.pid);
      await opened.closeStdin();
      assert.equal((await created.exited).exitCode, 0);
    });

    it('has no effect when the process has exited', async () => {
      const process = await bench.run('cmd /c exit 0');
      await process.exited;
      await process.closeStdin();
      assert.equal((await bench.simulator.state()).Calls['vmcompute.HcsModifyProcess'] ?? 0, 0);
    });

    it('rejects when the host fails it', async () => {
      const process = await bench.run('sim-sleep');
      await bench.simulator.inject({ function: 'HcsModifyProcess', status: 0x80070032 });
      await assert.rejects(process.closeStdin(), { code: 'ERROR_NOT_SUPPORTED', processId: process.pid });
      await process.kill();
    });

    it('applies the limits of each caller, and makes one host call', async () => {
      const created = await bench.run('sim-cat');
      await using opened = await created.system.openProcess(created.pid);
      const fault = await bench.simulator.inject({ function: 'HcsModifyProcess', block: true });
      const controller = new AbortController();
      const calls = [opened.closeStdin({ signal: controller.signal }), opened.closeStdin({ timeoutMs: 100 })];
      const patient = opened.closeStdin();
      await bench.simulator.reached({ blockedCalls: 1 });
      controller.abort();
      const [aborted, late] = await Promise.allSettled(calls);
      assert.equal(((aborted as PromiseRejectedResult).reason as Error).name, 'AbortError');
      assert.equal(((late as PromiseRejectedResult).reason as Error).name, 'TimeoutError');
      await fault.release();
      await patient;
      assert.equal((await created.exited).exitCode, 0);
      assert.equal((await bench.simulator.state()).Calls['vmcompute.HcsModifyProcess'], 1);
    });

    it('rejects when the process is closed first', async () => {
      const process = await bench.run('sim-sleep');
      process.stdin!.write(Buffer.alloc(mebibyte));
      const closed = assert.rejects(process.closeStdin(), { code: 'ERR_HC_CLOSED' });
      await process.close();
      await closed;
    });

    it('rejects with an error that names the process when the pipe is broken', async () => {
      const system = await bench.running();
      await bench.simulator.inject({ function: 'HcsCreateProcess', loseExit: true });
      const process = await bench.run('sim-sleep', system);
      process.stdin!.on('error', () => undefined);
      process.stdin!.write(Buffer.alloc(mebibyte));
      const closed = process.closeStdin();
      await process.kill();
      await assert.rejects(closed, (error: HcsStreamError) => {
        assert.ok(error instanceof HcsStreamError);
        assert.match(error.code, /^(EPIPE|EOF)$/); // EOF is what Windows has for a write that was under way
        assert.deepEqual([error.stream, error.processId], ['stdin', process.pid]);
        return true;
      });
    });

    it('rejects at its deadline when the process does not read', async () => {
      const process = await bench.run('sim-sleep');
      process.stdin!.on('error', () => undefined);
      process.stdin!.write(Buffer.alloc(mebibyte));
      await assert.rejects(process.closeStdin({ timeoutMs: 50 }), { code: 'ERR_HC_TIMEOUT', processId: process.pid });
      await assert.rejects(process.closeStdin({ signal: AbortSignal.abort() }), { name: 'AbortError' });
      await process.kill();
    });
  });
});
