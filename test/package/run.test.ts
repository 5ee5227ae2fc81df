import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { join } from 'node:path';

import { file, folder, tar } from '../support/layers/tar.js';
import { asCommonJs, asModule, done, runtimes, User } from './user.js';

for (const runtime of runtimes) {
  describe(`The package in ${runtime.name}`, () => {
    const user = new User();
    const platform = runtime.wine ? 'win32-x64' : `${process.platform}-${process.arch}`;
    before(() => user.install());
    after(() => user.remove());

    const succeeds = (args: readonly string[], expected = done): void => {
      const { status, output } = user.run(runtime, args);
      assert.deepEqual({ status, output: output.trim() }, { status: 0, output: expected });
    };

    it('can be imported', () => {
      user.write('main.mjs', `${asModule}\nawait main();`);
      succeeds(['main.mjs']);
    });

    it('can be required from CommonJS', () => {
      user.write('main.cjs', `${asCommonJs}\nmain();`);
      succeeds(['main.cjs']);
    });

    it('has a command that serves a simulated host, found by another program', () => {
      user.write(
        'serve.mjs',
        `import { spawn } from 'node:child_process';
        import { once } from 'node:events';
        import { createRequire } from 'node:module';
        import { dirname, join } from 'node:path';
        import { Simulator } from 'hostcompute/simulator';
        const manifest = createRequire(import.meta.url).resolve('hostcompute/package.json');
        const command = join(dirname(manifest), createRequire(import.meta.url)(manifest).bin['hostcompute-simulator']);
        const name = process.platform === 'win32' ? String.raw\`\\\\.\\pipe\\of-a-user-\${process.pid}\` : join(process.cwd(), 'host.sock');
        const server = spawn(process.execPath, [command, '--name', name], { stdio: ['ignore', 'pipe', 'inherit'] });
        await once(server.stdout, 'data');
        const simulator = await Simulator.connect(name);
        console.log(simulator.host.kind);
        await simulator.close();
        server.kill();`,
      );
      succeeds(['serve.mjs'], 'simulated');
    });

    it('creates a GUID with a lazily loaded dependency', () => {
      user.write(
        'guid.mjs',
        `import { systemGuid } from 'hostcompute';\nconsole.log((await systemGuid('web')).at(14));`,
      );
      succeeds(['guid.mjs'], '5');
    });

    it('has its addon where node-gyp-build finds it', () => {
      const modules = join(user.folder, 'node_modules');
      cpSync(join('node_modules', 'node-gyp-build'), join(modules, 'node-gyp-build'), { recursive: true });
      user.write(
        'find.cjs',
        `const { dirname, relative } = require('node:path');
        const load = require('node-gyp-build');
        const root = dirname(require.resolve('hostcompute/package.json'));
        console.log(relative(root, load.path(root)).replaceAll('\\\\', '/'), load(root).functions.length > 0);`,
      );
      succeeds(['find.cjs'], `prebuilds/${platform}/hostcompute.node true`);
    });

    it('validates a document without loading a binary', () => {
      user.write(
        'validate.mjs',
        `import { validateDocument } from 'hostcompute/documents';
        process.env.HOSTCOMPUTE_ADDON = 'none';
        console.log(validateDocument({ Owner: 1 }, { kind: 'ComputeSystem' }).map(({ path }) => path).includes('Owner'));`,
      );
      succeeds(['validate.mjs'], 'true');
    });

    it('runs in a worker thread', () => {
      user.write('worker.mjs', `${asModule}\nawait main();`);
      user.write(
        'start-worker.mjs',
        `import { Worker } from 'node:worker_threads';
        new Worker(new URL('./worker.mjs', import.meta.url)).on('exit', (code) => (process.exitCode = code));`,
      );
      succeeds(['start-worker.mjs']);
    });

    it('runs in node --test', () => {
      user.write('web.test.mjs', `import { test } from 'node:test';\n${asModule}\ntest('a system', main);`);
      const { status, output } = user.run(runtime, ['--test', '--test-reporter=tap', 'web.test.mjs']);
      assert.match(output, /# pass 1\n# fail 0/);
      assert.equal(status, 0);
    });

    it('imports and exports layers on its own threads', () => {
      user.write('base.tar', tar(folder('Files'), file('Files/a.txt', 'hello')));
      user.write(
        'layers.mjs',
        `import { mkdirSync } from 'node:fs';
        import { resolve } from 'node:path';
        import { exportLayer, importLayer, LayerStore } from 'hostcompute';
        import { Simulator } from 'hostcompute/simulator';
        const simulator = await Simulator.open();
        mkdirSync('layers');
        const store = await LayerStore.open(resolve('layers'), { host: simulator.host });
        const layer = { store, id: 'base', parents: [] };
        const { entries } = await importLayer('base.tar', layer);
        const { stream, result } = exportLayer({ ...layer, format: 'gzip' });
        let size = 0;
        for await (const chunk of stream) size += chunk.length;
        const exported = await result;
        console.log(entries, exported.entries, exported.size === size);
        await store.destroy('base');
        await simulator.close();`,
      );
      succeeds(['layers.mjs'], '2 2 true');
    });

    it('expands a scratch layer and its volume on its own thread', () => {
      // In place of the native part of Windows, in the thread alone: it has no disk to attach here.
      user.write(
        'files.cjs',
        `const { appendFileSync } = require('node:fs');
        const note = (call) => appendFileSync('calls.txt', call + '\\n');
        exports.Files = class {
          attachDisk(path) { note('attachDisk ' + path.split(/[\\\\/]/).at(-1)); return 1; }
          extendVolume() { note('extendVolume'); return 1; }
          close() {}
          end() { note('end'); }
        };`,
      );
      user.write('scratch-base.tar', tar(folder('Files'), file('Files/a.txt', 'hello')));
      user.write(
        'expand.mjs',
        `import { mkdirSync, readFileSync, rmSync } from 'node:fs';
        import { resolve } from 'node:path';
        import { importLayer, LayerStore } from 'hostcompute';
        import { Simulator } from 'hostcompute/simulator';
        rmSync('calls.txt', { force: true });
        const simulator = await Simulator.open();
        mkdirSync('scratches');
        const store = await LayerStore.open(resolve('scratches'), { host: simulator.host });
        await importLayer('scratch-base.tar', { store, id: 'base', parents: [] });
        await store.createScratch('scratch', ['base']);
        // From here on as of a host of Windows.
        simulator.host.kind = 'windows';
        process.env.HOSTCOMPUTE_ADDON = resolve('files.cjs');
        await store.expandScratch('scratch', 40 * 2 ** 30);
        console.log(readFileSync('calls.txt', 'utf8').trim().split('\\n').join(', '));
        rmSync('scratches', { recursive: true });
        await simulator.close();`,
      );
      succeeds(['expand.mjs'], 'attachDisk sandbox.vhdx, extendVolume, end');
    });

    it('replays what it has recorded', () => {
      user.write(
        'replay.mjs',
        `import { Host } from 'hostcompute';
        import { record } from 'hostcompute/recorder';
        const ask = async (host) => {
          await host.serviceProperties();
          await host.close();
          return host;
        };
        await ask(await record('asked.jsonl', { host: 'simulated' }));
        const { replay } = await ask(await Host.open({ replay: 'asked.jsonl' }));
        console.log(replay.remaining.length);`,
      );
      succeeds(['replay.mjs'], '0');
    });

    // npm installs koffi's binary for this system only.
    if (!runtime.wine) {
      it('makes its calls through koffi where that is installed', () => {
        user.borrow('koffi');
        user.write(
          'koffi.mjs',
          `import { ComputeSystem, Host } from 'hostcompute';
          const host = await Host.open('simulated', { backend: 'koffi' });
          console.log(host.backend, (await ComputeSystem.list({}, { host })).length);
          await host.close();`,
        );
        succeeds(['koffi.mjs'], 'koffi 0');
      });
    }

    it('loads its binaries from HOSTCOMPUTE_ADDON and HOSTCOMPUTE_SIMULATOR', () => {
      user.write('main.mjs', `${asModule}\nawait main();`);
      user.write(
        'elsewhere.mjs',
        `import { cpSync, readdirSync, rmSync } from 'node:fs';
        import { resolve } from 'node:path';
        const prebuilds = 'node_modules/hostcompute/prebuilds/${platform}';
        if (process.argv[2] === 'move') {
          cpSync(prebuilds, 'moved', { recursive: true });
          rmSync(prebuilds, { recursive: true });
        } else if (process.argv[2] === 'back') {
          cpSync('moved', prebuilds, { recursive: true });
        } else {
          process.env.HOSTCOMPUTE_ADDON = resolve('moved', 'hostcompute.node');
          process.env.HOSTCOMPUTE_SIMULATOR = resolve(
            'moved',
            readdirSync('moved').find((name) => /^hostcompute-simulator\\.(so|dll|dylib)$/.test(name)),
          );
          await import('./main.mjs');
        }`,
      );
      assert.equal(user.run(runtime, ['elsewhere.mjs', 'move']).status, 0);
      try {
        assert.match(user.run(runtime, ['main.mjs']).output, /ERR_HC_LIBRARY/);
        succeeds(['elsewhere.mjs']);
      } finally {
        user.run(runtime, ['elsewhere.mjs', 'back']);
      }
    });
  });
}
