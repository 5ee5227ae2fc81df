import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

import { inspect } from '#dist/doctor/native-inspect.js';

const system = async (): Promise<unknown> => JSON.parse(await inspect('system'));

if (process.platform !== 'win32') {
  describe('Questions about a machine that is not Windows', () => {
    it('have that for their answer', async () => {
      assert.deepEqual(await system(), { error: 50, call: process.platform });
    });
  });
} else {
  describe('Questions about a machine', () => {
    it('are refused by name when they are none', async () => {
      for (const question of ['systems', 'system x', 'service', 'registry A', 'library ..\\a.dll', 'service a\0b'])
        await assert.rejects(inspect(question), (error: Error) => {
          assert.ok(error instanceof TypeError);
          assert.ok(error.message.startsWith(JSON.stringify(question)), error.message);
          return true;
        });
    });

    it('are answered each, hundreds at once', async () => {
      const first = await system();
      const all = await Promise.all(Array.from({ length: 200 }, system));
      for (const each of all) assert.deepEqual(each, first);
    });

    it('are given up by a signal, before and after', async () => {
      await assert.rejects(inspect('system', AbortSignal.abort()), { name: 'AbortError' });
      const controller = new AbortController();
      const asked = inspect('drivers', controller.signal);
      controller.abort(new Error('enough'));
      await assert.rejects(asked, { message: 'enough' });
      controller.abort();
      assert.ok('value' in ((await system()) as object));
    });

    it('share a signal by hundreds, without a warning', async () => {
      const warnings: Error[] = [];
      const onWarning = (warning: Error): number => warnings.push(warning);
      process.on('warning', onWarning);
      const { signal } = new AbortController();
      await Promise.all(Array.from({ length: 200 }, () => inspect('system', signal)));
      process.off('warning', onWarning);
      assert.deepEqual(warnings, []);
    });

    it('end with the thread that asks', async () => {
      for (let round = 0; round < 8; round++) {
        const worker = new Worker(new URL('./programs/many-questions.js', import.meta.url));
        await once(worker, 'message');
        await worker.terminate();
      }
    });
  });
}
