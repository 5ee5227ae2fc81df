import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once, setMaxListeners } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';

import { Locks } from '../../src/store/locks.js';

const never = new AbortController().signal;
setMaxListeners(0, never);
let folders = 0;
const place = mkdtempSync(join(tmpdir(), 'hc-locks-'));
const locks = (folder = join(place, String(++folders))): Locks => new Locks(folder);

describe('Locks', () => {
  after(() => rmSync(place, { recursive: true, force: true }));

  it('are taken by one at a time, in the order of those who wait', async () => {
    const mine = locks();
    const order: number[] = [];
    let inside = 0;
    await Promise.all(
      [1, 2, 3, 4].map((i) =>
        mine.with('a', never, async () => {
          assert.equal(++inside, 1);
          order.push(i);
          await nextTurn();
          inside--;
        }),
      ),
    );
    assert.deepEqual(order, [1, 2, 3, 4]);
  });

  it('of other keys and folders are other locks', async () => {
    const mine = locks();
    const held = await mine.take('a', never);
    await (await mine.take('b', never)).release();
    await (await locks().take('a', never)).release();
    await held.release();
  });

  it('exclude others of the same folder, as of another program, and are passed on', async () => {
    const folder = join(place, 'shared');
    const [mine, theirs] = [locks(folder), locks(folder)];
    const held = await mine.take('a', never);
    assert.equal(await theirs.tryTake('a'), undefined);
    let isTheirs = false;
    const waiting = theirs.take('a', never).then((lock) => {
      isTheirs = true;
      return lock;
    });
    for (let i = 0; i < 100; i++) await nextTurn();
    assert.equal(isTheirs, false);
    await held.release();
    await (await waiting).release();
    await (await mine.tryTake('a'))!.release();
  });

  it('pass on to one after the other when many wait from several sides', async () => {
    const folder = join(place, 'many');
    let inside = 0;
    let count = 0;
    const work = async (): Promise<void> => {
      assert.equal(++inside, 1);
      count++;
      await nextTurn();
      inside--;
    };
    const sides = Array.from({ length: 5 }, () => locks(folder));
    await Promise.all(sides.flatMap((side) => [1, 2, 3].map(() => side.with('a', never, work))));
    assert.equal(count, 15);
  });

  it('are left by who is cancelled, and go to the next', async () => {
    const folder = join(place, 'cancelled');
    const [mine, theirs] = [locks(folder), locks(folder)];
    const held = await mine.take('a', never);
    for (const side of [mine, theirs]) {
      const abort = new AbortController();
      const waiting = side.take('a', abort.signal);
      await nextTurn();
      const reason = new Error('own');
      abort.abort(reason);
      await assert.rejects(waiting, reason);
    }
    const next = [mine.take('a', never), theirs.take('a', never)];
    await held.release();
    const first = await Promise.race(next);
    await first.release();
    for (const each of await Promise.all(next)) if (each !== first) await each.release();
    await assert.rejects(mine.take('a', AbortSignal.abort(new Error('before'))), /before/);
  });

  it('are left at whatever moment the signal fires', async () => {
    const folder = join(place, 'moments');
    const held = await locks(folder).take('a', never);
    for (let moment = 0; moment < 40; moment++) {
      const abort = new AbortController();
      const waiting = locks(folder).take('a', abort.signal);
      for (let i = 0; i < moment; i++) await Promise.resolve();
      const reason = new Error('own');
      abort.abort(reason);
      await assert.rejects(waiting, reason);
    }
    await held.release();
  });

  it('are released by the end of a program, whatever it was', async () => {
    const folder = join(place, 'killed');
    const module = new URL('../../src/store/locks.js', import.meta.url).href;
    const code = `import { Locks } from ${JSON.stringify(module)};
      await new Locks(${JSON.stringify(folder)}).take('a', new AbortController().signal);
      process.stdout.write('taken'); setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    const mine = locks(folder);
    assert.equal(await mine.tryTake('a'), undefined);
    const waiting = mine.take('a', never);
    child.kill('SIGKILL');
    await (await waiting).release();
  });

  it('do not keep a program running', async () => {
    const module = new URL('../../src/store/locks.js', import.meta.url).href;
    const code = `import { Locks } from ${JSON.stringify(module)};
      await new Locks(${JSON.stringify(join(place, 'ended'))}).take('a', new AbortController().signal);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: 'inherit' });
    assert.deepEqual(await once(child, 'exit'), [0, null]);
  });
});
