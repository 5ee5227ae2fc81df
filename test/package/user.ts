// A user of the package: a folder with the package installed from its tarball, by npm, with no compiler at hand.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface Runtime {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
  readonly wine: boolean;
}

export interface Ended {
  readonly status: number | null;
  readonly output: string;
}

const root = fileURLToPath(new URL('../../..', import.meta.url));

function given(variable: string): string {
  const value = process.env[variable];
  if (value === undefined) throw new Error(`start this by "npm run test:package": there is no ${variable}`);
  return value;
}

export const runtimes = JSON.parse(given('HOSTCOMPUTE_TEST_RUNTIMES')) as readonly Runtime[];
/** The Node that runs these tests. */
export const thisNode: Runtime = { name: `Node ${process.version}`, command: [process.execPath], env: {}, wine: false };

/** The oldest compiler that the types are for. */
export const oldestTypeScript = given('HOSTCOMPUTE_TEST_TYPESCRIPT');

export class User {
  folder = '';
  #empty = '';

  /** A folder with nothing in it. */
  make(): void {
    this.folder = mkdtempSync(join(tmpdir(), 'hostcompute-user-'));
    this.#empty = mkdtempSync(join(tmpdir(), 'hostcompute-path-'));
  }

  /**
   * `npm install --ignore-scripts` of the tarball, where PATH has nothing to build with, and of those of packages that stand on it,
   * by the names of their folders.
   */
  install(...members: readonly string[]): void {
    this.make();
    this.write('package.json', JSON.stringify({ name: 'a-program', version: '1.0.0', private: true }));
    const tarball = given('HOSTCOMPUTE_TEST_TARBALL');
    const tarballOf = (member: string): string => tarball.replace(/(hostcompute)(-[^/\\]*)$/, `$1-${member}$2`);
    const npm = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--prefer-offline'];
    const { status, output } = this.#spawn(
      [process.execPath, given('npm_execpath'), ...npm, tarball, ...members.map(tarballOf)],
      { PATH: this.#empty },
    );
    assert.equal(status, 0, output);
  }

  write(file: string, content: string | Buffer): string {
    const path = join(this.folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return path;
  }

  read(file: string): string {
    return readFileSync(join(this.folder, file), 'utf8');
  }

  /** Lets the user have a tool of this repository, by its folder in node_modules. */
  borrow(tool: string): void {
    const link = join(this.folder, 'node_modules', ...tool.split('/'));
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(join(root, 'node_modules', ...tool.split('/')), link, 'junction');
  }

  /** Runs Node with these arguments, in the folder and with no more than Node needs of the environment. */
  run(runtime: Runtime, args: readonly string[], env: Readonly<Record<string, string>> = {}): Ended {
    const kept = ['HOME', 'SystemRoot', 'TEMP', 'TMPDIR', ...(runtime.wine ? ['PATH'] : [])];
    const inherited = Object.fromEntries(
      kept.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])),
    );
    return this.#spawn(
      [...runtime.command, ...args],
      { PATH: this.#empty, ...inherited, ...runtime.env, ...env },
      true,
    );
  }

  remove(): void {
    for (const each of [this.folder, this.#empty]) rmSync(each, { recursive: true, force: true });
  }

  // The output goes to a file, because Node for Windows cannot write to a pipe under Wine.
  #spawn([command, ...args]: readonly string[], more: Readonly<Record<string, string>>, alone = false): Ended {
    const output = join(this.#empty, 'output');
    const descriptor = openSync(output, 'w');
    try {
      const stdio = ['ignore', descriptor, descriptor] as const;
      const env = alone ? { ...more } : { ...process.env, ...more };
      const { status, error } = spawnSync(command!, args, { cwd: this.folder, env, stdio: [...stdio] });
      if (error) throw error;
      return { status, output: readFileSync(output, 'utf8') };
    } finally {
      closeSync(descriptor);
      rmSync(output, { force: true });
    }
  }
}

/** The job of the README in small; `imports` brings ComputeSystem and Simulator. */
export const job = (imports: string): string => `${imports}
async function main() {
  const simulator = await Simulator.open();
  const system = await ComputeSystem.create(
    'web',
    {
      Owner: 'a-program',
      SchemaVersion: { Major: 2, Minor: 1 },
      ShouldTerminateOnLastHandleClosed: true,
      Container: {
        GuestOs: { HostName: 'web01' },
        Storage: {
          Path: '\\\\\\\\?\\\\Volume{0f3a6b52-7c1e-4f6f-9a27-1d5e8c0b4a11}\\\\',
          Layers: [{ Id: 'b3a0a7c9-51d2-5f7f-8a44-0d7c1e6f2b02', Path: 'D:\\\\layers\\\\base' }],
        },
      },
    },
    { host: simulator.host },
  );
  await system.start();
  await system.terminate();
  await system.close();
  await simulator.close();
  console.log('terminated on a ' + simulator.host.kind + ' host');
}
`;

export const asModule = job(
  "import { ComputeSystem } from 'hostcompute';\nimport { Simulator } from 'hostcompute/simulator';",
);
export const asCommonJs = job(
  "const { ComputeSystem } = require('hostcompute');\nconst { Simulator } = require('hostcompute/simulator');",
);
export const done = 'terminated on a simulated host';
