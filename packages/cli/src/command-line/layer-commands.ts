/**
 * Commands for the store of layers.
 *
 * @module
 */
import type { Command } from 'commander';
import { Option } from 'commander';

import type { Running } from './declare.js';
import { does } from './declare.js';
import { collect } from './values.js';

export function declareLayerCommands(program: Command, running: Running): void {
  const layers = program
    .command('layers')
    .description('layers of containers: list, import, export, mount ...')
    .helpGroup('Images and layers:');

  const add = (name: string, description: string): Command =>
    layers
      .command(name)
      .description(description)
      .option('--store <folder>', 'the folder of the store; else that of the images');
  const withParents = (command: Command): Command =>
    command.option('--parent <layer>', 'the layer below, by id or folder; for several the nearest first', collect);

  const ls = add('ls', 'list the layers of the store');
  does(running, ls, async () => (await import('../commands/layers/list.js')).listLayers);

  const create = withParents(add('import', 'make a layer of a tar, plain or compressed by gzip or zstd'))
    .argument('<file>', 'the tar, or - for standard input')
    .requiredOption('--id <id>', 'the id of the new layer: the name of its folder')
    .option('--digest <sha256:...>', 'what the file must be')
    .option('--diff-id <sha256:...>', 'what the tar must be when it is decompressed');
  does(running, create, async () => (await import('../commands/layers/import.js')).importOne);

  const write = withParents(add('export', 'write a layer as a tar'))
    .argument('<layer>', 'its id')
    .requiredOption('-o, --output <file>', 'the file, or - for standard output')
    .addOption(new Option('--format <format>', 'how it is packed').choices(['tar', 'gzip', 'zstd']).default('tar'));
  does(running, write, async () => (await import('../commands/layers/export.js')).exportOne);

  const commit = withParents(add('commit', 'make a read-only layer of a scratch'))
    .argument('<scratch>', 'its id; it must not be mounted')
    .requiredOption('--id <id>', 'the id of the new layer');
  does(running, commit, async () => (await import('../commands/layers/commit.js')).commitOne);

  const mount = withParents(
    add('mount', 'mount a scratch, which is made where it is not there, and print its volume'),
  ).argument('<scratch>', 'its id');
  does(running, mount, async () => (await import('../commands/layers/mount.js')).mount);

  const unmount = add('unmount', 'unmount scratches').argument('<scratch...>', 'their ids');
  does(running, unmount, async () => (await import('../commands/layers/mount.js')).unmount);

  const remove = add('rm', 'remove layers').argument('<layer...>', 'their ids');
  does(running, remove, async () => (await import('../commands/layers/remove.js')).removeLayers);

  const verify = withParents(add('verify', 'read a layer to its end, and compare it with a digest'))
    .argument('<layer>', 'its id')
    .option('--diff-id <sha256:...>', 'the digest that its tar must have');
  does(running, verify, async () => (await import('../commands/layers/export.js')).verify);
}
