// The members of all JSON that the command prints, as test/json-keys.json has them: members are added there, and never go.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { ComputeSystem } from 'hostcompute';
import { Endpoint, endpoints } from 'hostcompute/network';

import type { CommandNode } from '../src/command-line/command-tree.js';
import { commandTree } from '../src/command-line/command-tree.js';
import { commandLine } from '../src/command-line/command-line.js';
import { ServedHost } from './support/served-host.js';
import { SmallRegistry } from './support/small-registry.js';
import { started } from './support/started.js';

type Keys = Readonly<Record<string, readonly string[]>>;

const table = JSON.parse(readFileSync(new URL('../../test/json-keys.json', import.meta.url), 'utf8')) as Readonly<
  Record<string, Keys>
>;

/** What runs containers is held by run-json-keys.test.ts. */
const elsewhere = ['run', 'exec', 'attach', 'cp', 'logs', 'stop', 'kill', 'rm', 'reap', 'ps'];

const machine = {
  Owner: 'hostcompute-cli',
  SchemaVersion: { Major: 2, Minor: 1 },
  VirtualMachine: { Chipset: { Uefi: {} }, ComputeTopology: { Memory: { SizeInMB: 512 }, Processor: { Count: 1 } } },
} as const;

describe('The members of JSON', () => {
  let served: ServedHost;
  let registry: SmallRegistry;
  const seen: Record<string, Record<string, readonly string[]>> = {};

  before(async () => {
    served = await ServedHost.open();
    registry = await SmallRegistry.open();
    await registry.image('nanoserver', '1', { os: 'windows', 'os.version': '10.0.20348.1' });
  });
  after(async () => {
    await registry[Symbol.asyncDispose]();
    await served[Symbol.asyncDispose]();
  });

  const take = (command: string, output: string): void => {
    for (const line of output.split('\n').filter((each) => each !== '')) {
      const printed = JSON.parse(line) as Record<string, unknown>;
      const [first] = Object.keys(printed);
      assert.equal(first, 'kind', line);
      (seen[command] ??= {})[String(printed.kind)] = Object.keys(printed);
    }
  };
  const run = async (command: string, ...words: readonly string[]): Promise<string> => {
    const { stdout, stderr } = await served.run('--json', ...command.split(' '), ...words);
    assert.notEqual(stdout, '', `${command}: ${stderr}`);
    take(command, stdout);
    return stdout;
  };

  it('of commands that ask no host', async () => {
    await run('version');
    await run('explain', '5');
    await run('diagnose', '--yes', '-o', served.folder.pathOf('report.tar.gz'));
    await run('doctor', '--replay', fileURLToPath(new URL('../../test/server-2022.json', import.meta.url)));
    await run('completion', 'bash');
    const file = served.folder.write('wrong.json', '{"VirtualMachine":{},"Container":{}}');
    await run('validate', file);
    const image = served.folder.write('image.json', '{"os":"windows","config":{"Cmd":["cmd"]},"rootfs":{}}');
    await run('convert', image);
    await run('bench', '-n', '1');
    const recording = served.folder.pathOf('recording.jsonl');
    await run('record', '-o', recording, 'version');
    await run('replay', recording, 'version');
    await using simulating = await started(['simulate', '--name', `${served.name}-2`, '--json'], /\n/);
    take('simulate', simulating.stdout());
  });

  it('of containers', async () => {
    await served.simulator.configure({ pauseContainers: true });
    const system = await served.container('web');
    const process = await system.createProcess('sim-sleep 600000');
    await run('inspect', 'web');
    await run('stats', '--no-stream');
    await run('top', 'web');
    await using running = await started(served.words(['events', '--json']), undefined);
    assert.equal(await served.simulator.reached({ handles: { registration: 4 } }, 30_000), true);
    await process.close();
    await run('pause', 'web');
    await run('resume', 'web');
    await system.terminate();
    await running.until(/SystemExited/);
    take('events', running.stdout());
    await running.end('SIGKILL');
    await system.close();
    await using vm = await ComputeSystem.create('vm', machine, { host: served.simulator.host });
    await vm.start();
    await vm.pause();
    await run('save', 'vm', '-o', served.folder.pathOf('vm.vmrs'));
    await vm.terminate();
  });

  it('of networks', async () => {
    const made = JSON.parse(await run('networks create', 'web', '--subnet', '10.7.0.0/24')) as { id: string };
    await Endpoint.create(made.id, endpoints.of(made.id, { name: 'one' }), { host: served.simulator.host });
    await run('networks ls');
    await run('networks inspect', 'web');
    await run('endpoints ls');
    await run('endpoints inspect', 'one');
    await run('endpoints rm', 'one');
    await run('networks rm', 'web');
  });

  it('of images and layers', async () => {
    const name = `${registry.host}/nanoserver:1`;
    await run('pull', name);
    await run('images pull', name);
    await run('images tag', name, 'one:1');
    await run('images ls');
    await run('images inspect', 'one:1');
    await run('images save', 'one:1', '-o', served.folder.pathOf('one.tar'));
    await run('images load', served.folder.pathOf('one.tar'));
    await run('images load', served.folder.write('x.zip', 'PK\x03\x04'));
    await run('images rm', 'one:1');
    await run('images prune', '--dry-run');
    mkdirSync(served.folder.pathOf('source'));
    const layer = (await import('tar-stream')).pack();
    layer.entry({ name: 'Files', type: 'directory' });
    layer.finalize();
    const { buffer } = await import('node:stream/consumers');
    await run('layers import', served.folder.write('layer.tar', await buffer(layer)), '--id', 'base');
    await run('layers ls');
    await run('layers export', 'base', '-o', served.folder.pathOf('out.tar'));
    await run('layers verify', 'base');
    await run('layers mount', 'work', '--parent', 'base');
    await run('layers unmount', 'work');
    await run('layers commit', 'work', '--id', 'next', '--parent', 'base');
    await run('layers rm', 'next', 'work');
  });

  it('are those of the table', () => {
    const here = Object.entries(table).filter(([command]) => !elsewhere.includes(command));
    assert.deepEqual(seen, Object.fromEntries(here));
  });

  it('are held for every command', () => {
    const all = leaves(commandTree(commandLine({ exitCode: 0, globals: {} })));
    const held = [...Object.keys(table), ...elsewhere];
    assert.deepEqual(
      all.filter((command) => !held.includes(command)),
      [],
    );
  });
});

function leaves({ words, commands }: CommandNode): string[] {
  return commands.length === 0 ? [words.join(' ')] : commands.flatMap(leaves);
}
