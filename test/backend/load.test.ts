import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { Host } from 'hostcompute';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const platform = `${process.platform}-${process.arch}`;
const addon = process.env.HOSTCOMPUTE_ADDON ?? join(root, 'build', 'Release', 'hostcompute.node');
const extension = { win32: 'dll', darwin: 'dylib' }[process.platform as string] ?? 'so';
const file = `hostcompute-simulator.${extension}`;
const variables = ['HOSTCOMPUTE_ADDON', 'HOSTCOMPUTE_SIMULATOR'];

interface Loader {
  readonly loadAddon: () => unknown;
  readonly simulatorPath: () => string;
}

const others = (
  [
    ['darwin', 'x64'],
    ['linux', 'arm64'],
    ['win32', 'arm64'],
  ] as const
).filter((each) => each.join('-') !== platform);

const other = others[0]!;

/** A library's header, and no more: of which system, and for which processor. */
function header(system: 'linux' | 'win32' | 'darwin', arch: 'x64' | 'arm64'): Buffer {
  const bytes = Buffer.alloc(256);
  if (system === 'linux') {
    bytes.write('\x7fELF', 'latin1');
    bytes.writeUInt16LE({ x64: 0x3e, arm64: 0xb7 }[arch], 18);
  } else if (system === 'darwin') {
    bytes.writeUInt32LE(0xfeedfacf);
    bytes.writeUInt32LE({ x64: 0x01000007, arm64: 0x0100000c }[arch], 4);
  } else {
    bytes.write('MZ', 'latin1');
    bytes.writeUInt32LE(128, 60);
    bytes.write('PE\0\0', 128, 'latin1');
    bytes.writeUInt16LE({ x64: 0x8664, arm64: 0xaa64 }[arch], 132);
  }
  return bytes;
}

describe('The binary loader', () => {
  let folder: string;
  let environment: NodeJS.ProcessEnv;
  const undo: (() => void)[] = [];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hostcompute-'));
    environment = { ...process.env };
    for (const variable of variables) Reflect.deleteProperty(process.env, variable);
  });
  afterEach(() => {
    for (const each of undo.splice(0)) each();
    for (const variable of variables) {
      const value = environment[variable];
      if (value === undefined) Reflect.deleteProperty(process.env, variable);
      else process.env[variable] = value;
    }
    rmSync(folder, { recursive: true, force: true });
  });

  /** The loader, in a package of its own that has these files among its binaries. */
  async function loader(
    files: Readonly<Record<string, Buffer>> = {},
    at = folder,
    name = 'hostcompute',
  ): Promise<Loader> {
    const backend = join(at, 'dist', 'backend');
    // The loader may import from anywhere in the package.
    cpSync(join(root, 'dist'), join(at, 'dist'), { recursive: true, filter: (file) => !/\.(map|d\.ts)$/.test(file) });
    writeFileSync(join(at, 'package.json'), JSON.stringify({ name, type: 'module' }));
    for (const [file, content] of Object.entries(files)) put(join(at, 'prebuilds', platform, file), content);
    return (await import(pathToFileURL(join(backend, 'load.js')).href)) as Loader;
  }

  function put(file: string, content: Buffer): void {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
  }

  /** Lets this process seem to be on another machine. */
  function pretend(target: object, property: string, value: unknown): void {
    const descriptor = Object.getOwnPropertyDescriptor(target, property);
    Object.defineProperty(target, property, { configurable: true, enumerable: true, writable: true, value });
    undo.push(() => {
      if (descriptor === undefined) Reflect.deleteProperty(target, property);
      else Object.defineProperty(target, property, descriptor);
    });
  }

  function failure(load: () => unknown): { message: string; remedy: string } {
    try {
      load();
    } catch (error) {
      return error as { message: string; remedy: string };
    }
    assert.fail('nothing was thrown');
  }

  // Windows keeps the file of a library until the process that has loaded it ends.
  function loadsInProcessOfItsOwn(): boolean {
    const url = pathToFileURL(join(folder, 'dist', 'backend', 'load.js')).href;
    const program = `const { loadAddon } = await import('${url}'); process.exitCode = loadAddon().functions.length > 0 ? 17 : 1;`;
    const { status } = spawnSync(process.execPath, ['--input-type=module', '-e', program], { stdio: 'ignore' });
    return status === 17;
  }

  const prebuilt = (file: string): string => join(folder, 'prebuilds', platform, file);

  it('loads the addon of the package', async () => {
    await loader({ 'hostcompute.node': readFileSync(addon) });
    assert.equal(loadsInProcessOfItsOwn(), true);
  });

  it('reports the platform, the Node version, and each path with the reason it failed', async () => {
    const { loadAddon } = await loader();
    const { message, remedy } = failure(loadAddon);
    assert.ok(message.includes(`${platform}, Node ${process.version}`), message);
    assert.ok(message.includes(`Tried: ${prebuilt('hostcompute.node')}: not there`), message);
    assert.match(remedy, /Reinstall the package/);
  });

  if (process.platform === 'linux') {
    it('reports the C library', async () => {
      const { loadAddon } = await loader();
      assert.match(failure(loadAddon).message, /, glibc 2\.\d+\)/);
    });

    it('reports musl, and that the binaries are for glibc', async () => {
      pretend(process.report, 'getReport', () => ({ header: {} }));
      const { loadAddon } = await loader({ 'hostcompute.node': header('linux', process.arch as 'x64') });
      const { message, remedy } = failure(loadAddon);
      assert.match(message, /, musl\)/);
      assert.match(remedy, /are for glibc, and this is musl\. Build it on such a machine: .*HOSTCOMPUTE_ADDON/);
    });
  }

  it('reports a file that is not a library', async () => {
    const { loadAddon } = await loader({ 'hostcompute.node': Buffer.from('version https://git-lfs') });
    const { message, remedy } = failure(loadAddon);
    assert.ok(message.includes(`${prebuilt('hostcompute.node')}: it is not a native library`), message);
    assert.match(remedy, /Install the package on this machine/);
  });

  for (const [system, arch] of others) {
    it(`reports a library built for ${system}-${arch}`, async () => {
      const { loadAddon } = await loader({ 'hostcompute.node': header(system, arch) });
      assert.ok(failure(loadAddon).message.includes(`it was built for ${system}-${arch}`));
    });
  }

  it('reports the system error of a library that does not load', async () => {
    const { loadAddon } = await loader({
      'hostcompute.node': header(process.platform as 'linux', process.arch as 'x64'),
    });
    const { message } = failure(loadAddon);
    assert.doesNotMatch(message, /not there|no native library|built for/);
    assert.ok(message.length > message.indexOf('hostcompute.node: ') + 'hostcompute.node: '.length);
  });

  it('reports a simulator library built for another machine', async () => {
    const { simulatorPath } = await loader({ [file]: header(other[0], other[1]) });
    const { message, remedy } = failure(simulatorPath);
    assert.ok(message.startsWith('The simulated host could not be loaded'), message);
    assert.ok(message.includes(`${prebuilt(file)}: it was built for ${other.join('-')}`), message);
    assert.match(remedy, /Install the package on this machine/);
  });

  it('reports a platform without binaries, and how to build them', async () => {
    pretend(process, 'platform', 'freebsd');
    const { loadAddon } = await loader();
    const { message, remedy } = failure(loadAddon);
    assert.ok(message.includes(`freebsd-${process.arch}`), message);
    assert.match(remedy, /There is no binary for freebsd-\w+ in the package\. Build it .*HOSTCOMPUTE_ADDON/);
  });

  it('reports what to build in a clone of the repository', async () => {
    put(join(folder, 'binding.gyp'), Buffer.from('{}'));
    const { loadAddon } = await loader();
    const { message, remedy } = failure(loadAddon);
    assert.ok(message.includes(join(folder, 'build', 'Release', 'hostcompute.node')), message);
    assert.match(remedy, /npm run build:native/);
  });

  it('reports which files to copy beside a bundle, and HOSTCOMPUTE_ADDON', async () => {
    const { loadAddon } = await loader({}, folder, 'a-program');
    const { message, remedy } = failure(loadAddon);
    assert.ok(message.includes(join(folder, 'dist', 'backend', 'hostcompute.node')), message);
    assert.ok(remedy.includes(`This code is in a bundle, ${join(folder, 'dist', 'backend')}`), remedy);
    assert.ok(remedy.includes(`prebuilds/${platform}`) && remedy.includes('HOSTCOMPUTE_ADDON'), remedy);
  });

  it('finds the files copied beside a bundle', async () => {
    await loader({}, folder, 'a-program');
    put(join(folder, 'dist', 'backend', 'hostcompute.node'), readFileSync(addon));
    assert.equal(loadsInProcessOfItsOwn(), true);
  });

  it('finds the files unpacked from an Electron archive', async () => {
    const at = join(folder, 'app.asar', 'node_modules', 'hostcompute');
    const { simulatorPath } = await loader({}, at);
    const unpacked = join(folder, 'app.asar.unpacked', 'node_modules', 'hostcompute', 'prebuilds', platform, file);
    put(unpacked, header(process.platform as 'linux', process.arch as 'x64'));
    put(join(at, 'prebuilds', platform, file), header(process.platform as 'linux', process.arch as 'x64'));
    assert.equal(simulatorPath(), unpacked);
  });

  it('loads only the file that HOSTCOMPUTE_ADDON names', async () => {
    const { loadAddon } = await loader({ 'hostcompute.node': readFileSync(addon) });
    process.env.HOSTCOMPUTE_ADDON = join(folder, 'none.node');
    const { message, remedy } = failure(loadAddon);
    assert.ok(message.endsWith(`Tried: ${join(folder, 'none.node')}: not there`), message);
    assert.match(remedy, /Correct HOSTCOMPUTE_ADDON/);
  });

  it('rejects a relative path', async () => {
    const { loadAddon, simulatorPath } = await loader();
    process.env.HOSTCOMPUTE_ADDON = 'build/hostcompute.node';
    process.env.HOSTCOMPUTE_SIMULATOR = 'hostcompute-simulator.so';
    assert.equal(failure(loadAddon).message, 'HOSTCOMPUTE_ADDON is "build/hostcompute.node"');
    assert.match(failure(simulatorPath).remedy, /absolute path/);
  });

  it('makes Host.open() reject with ERR_HC_LIBRARY and the remedy', async () => {
    process.env.HOSTCOMPUTE_ADDON = 'hostcompute.node';
    const opened = Host.open({ libraries: { vmcompute: join(folder, 'vmcompute.dll') } }, { backend: 'addon' });
    await assert.rejects(opened, { code: 'ERR_HC_LIBRARY', remedy: 'Set it to an absolute path' });
  });

  it('makes Host.open() of the simulated host reject likewise', async () => {
    process.env.HOSTCOMPUTE_SIMULATOR = file;
    const opened = Host.open('simulated');
    await assert.rejects(opened, { code: 'ERR_HC_LIBRARY', remedy: 'Set it to an absolute path' });
  });
});
