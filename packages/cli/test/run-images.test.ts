// Lines that a user of Docker wrote down who left it for containerd, verbatim behind the name of the program, on the simulated host.
import assert from 'node:assert/strict';
import { mkdirSync, readdirSync } from 'node:fs';

import { Folder } from './support/folder.js';
import type { Ran } from './support/hostcompute.js';
import { hostcompute } from './support/hostcompute.js';
import { SmallRegistry } from './support/small-registry.js';

const windows = (version: string) => ({ os: 'windows', 'os.version': version });

describe('hostcompute run with images', () => {
  const folder = new Folder();
  let registry: SmallRegistry;
  before(async () => {
    registry = await SmallRegistry.open();
    mkdirSync(folder.pathOf('hosts/docker.io'), { recursive: true });
    folder.write('hosts/docker.io/hosts.toml', `[host."http://${registry.host}"]\n`);
    const config = { Cmd: ['cmd', '/c', 'echo', 'of', 'the', 'image'], Env: ['A=1'], WorkingDir: 'C:\\app' };
    await registry.image('library/nanoserver', 'ltsc2019-amd64', windows('10.0.17763.5458'), config);
    await registry.image('library/nanoserver', '2004-amd64', windows('10.0.19041.1415'), config);
    const builds = ['10.0.17763.5458', '10.0.20348.2966', '10.0.26100.32230', '10.0.20348.9'].map(windows);
    await registry.index('library/nanoserver', 'ltsc2019', [{ os: 'linux' }, ...builds]);
    await registry.index('library/busybox', 'latest', [{ os: 'linux' }]);
  });
  after(async () => {
    await registry[Symbol.asyncDispose]();
    folder[Symbol.dispose]();
  });

  // Nobody serves a host at this name.
  const env = {
    HOSTCOMPUTE_SIMULATOR_SOCKET: folder.pathOf('nobody'),
    HOSTCOMPUTE_REGISTRY_HOSTS: folder.pathOf('hosts'),
    DOCKER_CONFIG: folder.pathOf('docker'),
  };
  const type = (line: string): Promise<Ran> => hostcompute(['--root', folder.pathOf('root'), ...line.split(' ')], env);
  const passes = async (line: string): Promise<string> => {
    const { exitCode, stdout, stderr } = await type(line);
    assert.equal(exitCode, 0, stderr);
    return stdout;
  };

  it('pull nanoserver:ltsc2019-amd64', async () => {
    assert.match(await passes('pull nanoserver:ltsc2019-amd64'), /nanoserver:ltsc2019-amd64: .* 10\.0\.17763\.5458/);
  });

  it('run --rm --isolation=hyperv --net none nanoserver:ltsc2019-amd64', async () => {
    const line = 'run --rm --isolation=hyperv --net none nanoserver:ltsc2019-amd64';
    assert.equal(await passes(line), 'of the image\r\n');
  });

  it('run nanoserver:2004-amd64 -- cmd /c echo hello', async () => {
    // It is not there yet: the first run pulls it.
    assert.equal(await passes('run nanoserver:2004-amd64 -- cmd /c echo hello'), 'hello\r\n');
    const asked = registry.requests.length;
    assert.equal(await passes('run nanoserver:2004-amd64 -- cmd /c echo hello'), 'hello\r\n');
    assert.equal(registry.requests.length, asked);
  });

  it('run nanoserver:2004-amd64 -- ping example.test', async () => {
    assert.match(await passes('run nanoserver:2004-amd64 -- ping -n 1 example.test'), /Reply from example\.test/);
  });

  it('pull nanoserver:ltsc2019, of whose index the right build is chosen', async () => {
    // A simulated host runs any build.
    assert.match(await passes('pull nanoserver:ltsc2019'), /nanoserver:ltsc2019: .* windows\/amd64 10\.0\.\d+/);
    const chosen = 'pull nanoserver:ltsc2019 --platform windows/amd64:10.0.20348';
    assert.match(await passes(chosen), /10\.0\.20348\.2966/);
  });

  it('pull busybox:latest, which is refused before the first blob', async () => {
    const asked = registry.requests.length;
    for (const line of ['pull busybox:latest', 'run busybox:latest']) {
      const { exitCode, stderr } = await type(line);
      assert.equal(exitCode, line.startsWith('pull') ? 1 : 125);
      assert.match(stderr, /linux\/amd64/);
    }
    assert.ok(registry.requests.slice(asked).every((request) => !request.includes('/blobs/')));
  });

  it('pulls as --pull says, and prints the document without', async () => {
    await registry.image('library/tool', '1', windows('10.0.20348.1'));
    assert.match((await type('run --pull never tool:1 cmd')).stderr, /there is no image "tool:1"/);
    assert.match((await type('run --print-document tool:1 cmd')).stderr, /there is no image "tool:1"/);
    assert.equal(await passes('run tool:1 cmd /c echo hello'), 'hello\r\n');
    const document = JSON.parse(await passes('run --print-document tool:1')) as {
      Container: { Storage: { Layers: [] } };
    };
    assert.equal(document.Container.Storage.Layers.length, 1);
    const asked = registry.requests.length;
    await passes('run --pull always tool:1 cmd /c echo hello');
    assert.notEqual(registry.requests.length, asked);
  });

  it('takes environment and folder of the image, and leaves nothing', async () => {
    const report = JSON.parse(await passes('run -e B=2 nanoserver:2004-amd64 sim-report')) as {
      Environment: Record<string, string>;
      WorkingDirectory: string;
    };
    assert.deepEqual([report.Environment.A, report.Environment.B, report.WorkingDirectory], ['1', '2', 'C:\\app']);
    assert.deepEqual(readdirSync(folder.pathOf('root/containers')), []);
    const layers = readdirSync(folder.pathOf('root/images/layers'));
    assert.ok(
      layers.every((layer) => /^[\da-f]{64}$/.test(layer)),
      layers.join(),
    );
  });
});
