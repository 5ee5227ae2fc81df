import assert from 'node:assert/strict';
import { cpSync, renameSync } from 'node:fs';
import { join } from 'node:path';

import { file, folder, tar } from '../support/layers/tar.js';
import { bundlers, threadsOf } from './bundlers.js';
import { asModule, done, runtimes, User } from './user.js';

const platform = (wine: boolean): string => (wine ? 'win32-x64' : `${process.platform}-${process.arch}`);

/** All that a bundle may break: systems, the validator, the version in a recording, and layers, which threads read and write. */
const program = `${asModule}
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { exportLayer, importLayer, LayerStore } from 'hostcompute';
import { validateDocument } from 'hostcompute/documents';
import { networks, validateNetworkDocument } from 'hostcompute/network';
import { record } from 'hostcompute/recorder';
const archive = Buffer.from('${tar(folder('Files'), file('Files/a', 'x')).toString('base64')}', 'base64');
async function layers() {
  const simulator = await Simulator.open();
  const place = mkdtempSync(join(tmpdir(), 'hostcompute-bundle-'));
  const store = await LayerStore.open(place, { host: simulator.host });
  const layer = { store, id: 'base', parents: [] };
  const { entries } = await importLayer(Readable.from([archive]), layer);
  const { stream, result } = exportLayer(layer);
  stream.resume();
  const exported = await result;
  await store.destroy('base');
  await simulator.close();
  const host = await record(join(place, 'recording'), { host: 'simulated' });
  await host.close();
  const isRecorded = /"0\\.\\d+\\.\\d+/.test(readFileSync(join(place, 'recording'), 'utf8'));
  const problems = validateDocument({ Owner: 1 }, { kind: 'ComputeSystem' }).length;
  const { Routes: [route] } = networks.nat({ name: 'n', subnet: '10.0.0.0/24' }).Ipams[0].Subnets[0];
  const alsoProblems = validateNetworkDocument({ Name: 1 }).length;
  console.log(entries, exported.entries, isRecorded, problems, route.NextHop, alsoProblems);
}
main().then(layers);`;
const allDone = `${done}\n2 2 true 2 10.0.0.1 1`;

describe('The package in a bundle', () => {
  const maker = new User();
  const target = new User();
  before(() => {
    maker.install();
    maker.write('main.mjs', program);
    target.make();
  });
  after(() => {
    maker.remove();
    target.remove();
  });

  for (const [number, { name, extension, bundle }] of bundlers.entries()) {
    describe(`of ${name}`, () => {
      const bundled = `bundled-${number}`;
      const main = `main.${extension}`;
      before(async () => {
        const entries = { main: join(maker.folder, 'main.mjs') };
        await bundle({ ...entries, ...threadsOf(maker.folder) }, join(maker.folder, bundled), false);
        await bundle(entries, join(maker.folder, `left-out-${number}`), true);
      });

      it('runs when the package is external and installed beside it', () => {
        const { status, output } = maker.run(runtimes[0]!, [`left-out-${number}/${main}`]);
        assert.equal(output.trim(), allDone);
        assert.equal(status, 0);
      });

      it('reports which files to copy beside it, and the variable that names another place', () => {
        cpSync(join(maker.folder, bundled), join(target.folder, bundled), { recursive: true });
        const { output } = away(() => target.run(runtimes[0]!, [`${bundled}/${main}`]));
        assert.match(output, /ERR_HC_LIBRARY/);
        assert.ok(output.includes(`copy the files of prebuilds/${platform(false)} of the package beside it`), output);
        assert.match(output, /HOSTCOMPUTE_(ADDON|SIMULATOR)/);
      });

      // Those that take longer to be made are for the first and the last, and one of Windows.
      const some = [
        runtimes[0]!,
        ...runtimes.filter(({ wine }) => !wine).slice(-1),
        ...runtimes.filter(({ wine }) => wine).slice(0, 1),
      ];
      for (const runtime of name.startsWith('esbuild') ? runtimes : new Set(some)) {
        it(`runs on its own with the binaries beside it in ${runtime.name}`, () => {
          const place = `${bundled}-${platform(runtime.wine)}`;
          cpSync(join(maker.folder, bundled), join(target.folder, place), { recursive: true });
          const prebuilds = join(maker.folder, 'node_modules', 'hostcompute', 'prebuilds', platform(runtime.wine));
          cpSync(prebuilds, join(target.folder, place), { recursive: true });
          const { status, output } = away(() => target.run(runtime, [`${place}/${main}`]));
          assert.equal(output.trim().replaceAll('\r', ''), allDone);
          assert.equal(status, 0);
        });
      }
    });
  }

  /** Does something while the package is not where the bundle was made of it: webpack writes that path into it. */
  function away<T>(work: () => T): T {
    const modules = join(maker.folder, 'node_modules');
    renameSync(modules, `${modules}-away`);
    try {
      return work();
    } finally {
      renameSync(`${modules}-away`, modules);
    }
  }
});
