import assert from 'node:assert/strict';

import { Folder } from './support/folder.js';
import { hostcompute } from './support/hostcompute.js';

const sound = {
  Owner: 'me',
  SchemaVersion: { Major: 2, Minor: 1 },
  Container: {
    Storage: {
      Path: '\\\\?\\Volume{11111111-2222-3333-4444-555555555555}\\',
      Layers: [{ Id: '6a1f6f0e-2c55-5e0c-9f3c-8f9d3b2a1c01', Path: 'C:\\layers\\base' }],
    },
  },
};
const wrong = { ...sound, VirtualMachine: {} };
const config = {
  ociVersion: '1.2.0',
  root: { path: '\\\\?\\Volume{11111111-2222-3333-4444-555555555555}\\' },
  process: { args: ['cmd'], cwd: 'C:\\' },
  windows: {
    layerFolders: ['C:\\layers\\app', 'C:\\layers\\base', 'C:\\layers\\scratch'],
    resources: { cpu: { affinity: [{ mask: 1 }] } },
  },
};
const layer = '6a1f6f0e-2c55-5e0c-9f3c-8f9d3b2a1c01=C:\\layers\\base';
const lines = (text: string): Record<string, unknown>[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('hostcompute validate', () => {
  const folder = new Folder();
  after(() => folder[Symbol.dispose]());

  it('ends with 0 for a sound document', async () => {
    const file = folder.write('sound.json', JSON.stringify(sound));
    const { exitCode, stdout } = await hostcompute(['validate', file]);
    assert.deepEqual([exitCode, stdout], [0, `${file}: 0 errors, 0 warnings\n`]);
  });

  it('ends with 1 for what a host would refuse, with path and remedy', async () => {
    const { exitCode, stdout } = await hostcompute(['validate', '-', '--json'], {}, JSON.stringify(wrong));
    const issues = lines(stdout);
    const end = issues.pop();
    assert.equal(exitCode, 1);
    const refused = issues.filter(({ severity }) => severity === 'error');
    assert.deepEqual(
      refused.map(({ kind, rule, path }) => [kind, rule, path]),
      [['issue', 'one-kind', 'VirtualMachine']],
    );
    assert.deepEqual(end, { kind: 'validated', file: '-', errors: 1, warnings: issues.length - 1 });
  });

  it('knows the build that the document is for, and documents of networks', async () => {
    const newer = folder.write('newer.json', JSON.stringify({ ...sound, SchemaVersion: { Major: 2, Minor: 6 } }));
    assert.match((await hostcompute(['validate', newer, '--build', '17763'])).stdout, /SchemaVersion/);
    const network = JSON.stringify({ Name: 'nat', Type: 'NATS' });
    assert.match((await hostcompute(['validate', '-', '--network'], {}, network)).stdout, /"Type" must be/);
  });

  it('reads what Windows PowerShell writes', async () => {
    const file = folder.write('utf16.json', Buffer.from(`\uFEFF${JSON.stringify(sound)}`, 'utf16le'));
    assert.equal((await hostcompute(['validate', file])).exitCode, 0);
  });

  it('says what is wrong with a file', async () => {
    const cases = [
      [folder.pathOf('missing.json'), /missing\.json is not there/],
      [folder.write('half.json', '{"Owner":'), /half\.json is not JSON: /],
      [folder.write('list.json', '[]'), /list\.json is not an object of JSON/],
      [folder.path, /cannot be read/],
    ] as const;
    for (const [file, message] of cases) {
      const { exitCode, stderr } = await hostcompute(['validate', file]);
      assert.equal(exitCode, 1);
      assert.match(stderr, message);
    }
  });

  it('shows nothing of a file that a terminal would obey, also where it came from', async () => {
    const { exitCode, stderr } = await hostcompute(['validate', '--verbose', folder.write('colour.json', '\x1b[31m')]);
    assert.equal(exitCode, 1);
    assert.match(stderr, /\ufffd\[31m/);
    assert.doesNotMatch(stderr, /\x1b/);
  });
});

describe('hostcompute convert', () => {
  const folder = new Folder();
  after(() => folder[Symbol.dispose]());

  it('makes the document of a container, and says what it does not say', async () => {
    const { exitCode, stdout, stderr } = await hostcompute(
      ['convert', '-', '--layer', layer],
      {},
      JSON.stringify(config),
    );
    assert.equal(exitCode, 0, stderr);
    const { Container } = JSON.parse(stdout) as typeof sound;
    assert.deepEqual(Container.Storage.Layers, sound.Container.Storage.Layers);
    assert.match(stderr, /^not in the document: windows\.resources\.cpu\.affinity/m);
  });

  it('takes the layers of the configuration, and says that the ids are of a simulated host', async () => {
    const file = folder.write('config.json', JSON.stringify(config));
    const { stdout } = await hostcompute(['convert', file, '--json', '--host', 'simulated']);
    const { from, document, notExpressed } = JSON.parse(stdout) as {
      from: string;
      document: typeof sound;
      notExpressed: { path: string }[];
    };
    assert.equal(from, 'runtime');
    assert.deepEqual(
      document.Container.Storage.Layers.map(({ Path }) => Path),
      ['C:\\layers\\app', 'C:\\layers\\base'],
    );
    assert.ok(notExpressed.some(({ path }) => path === 'windows.layerFolders'));
  });

  it('makes the process of an image', async () => {
    const image = {
      os: 'windows',
      architecture: 'amd64',
      config: { Entrypoint: ['ping'], Cmd: ['localhost'], Env: ['A=1'] },
      rootfs: {},
    };
    const { stdout } = await hostcompute(['convert', '-', '--json'], {}, JSON.stringify(image));
    const { from, document } = JSON.parse(stdout) as { from: string; document: { command: string[]; env: object } };
    assert.deepEqual([from, document.command, document.env], ['image', ['ping', 'localhost'], { A: '1' }]);
  });

  it('refuses what is none, naming the field', async () => {
    const cases = [
      [{ ociVersion: '1.2.0', windows: {} }, [], 2, /names no read-only layers\. Name them: --layer /],
      [{ ociVersion: '1.2.0' }, ['--layer', layer], 1, /"config\.windows" must be set/],
      [config, ['--schema', '3'], 2, /--schema is 3/],
      [config, ['--layer', 'C:\\layers\\base'], 2, /must be as in --layer /],
    ] as const;
    for (const [given, options, code, message] of cases) {
      const { exitCode, stdout, stderr } = await hostcompute(['convert', '-', ...options], {}, JSON.stringify(given));
      assert.deepEqual([exitCode, stdout], [code, '']);
      assert.match(stderr, message);
    }
  });
});
