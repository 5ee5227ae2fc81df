/**
 * Commands for images.
 *
 * @module
 */
import type { Command } from 'commander';
import { Option } from 'commander';

import type { Running } from './declare.js';
import { does } from './declare.js';
import { parsePlatform } from './platform.js';

const group = 'Images and layers:';

export function declareImageCommands(program: Command, running: Running): void {
  declarePull(program, running).helpGroup(group);
  const images = program.command('images').description('images of containers: list, pull, load ...').helpGroup(group);

  const ls = images.command('ls').description('list the images that are here');
  does(running, ls, async () => (await import('../commands/images/images.js')).listImages);

  declarePull(images, running);

  const load = images
    .command('load')
    .description('take images from an archive of docker save, or a layout of OCI')
    .argument('<file>', 'a tar, a folder, or - for standard input')
    .option('--reference <name>', 'the name that the image gets, or which of several');
  withPlatform(load);
  does(running, load, async () => (await import('../commands/images/pull.js')).load);

  const save = images
    .command('save')
    .description('write images into an archive')
    .argument('<image...>', 'names or ids')
    .requiredOption('-o, --output <file>', 'the tar, - for standard output, or the folder of a layout')
    .addOption(new Option('--format <format>', 'its form').choices(['oci', 'docker', 'folder']).default('oci'));
  does(running, save, async () => (await import('../commands/images/save.js')).saveImages);

  const tag = images
    .command('tag')
    .description('give an image one more name')
    .argument('<image>', 'a name or an id')
    .argument('<name>', 'the name');
  does(running, tag, async () => (await import('../commands/images/images.js')).tagImage);

  const inspect = images
    .command('inspect')
    .description('print all that is known of images')
    .argument('<image...>', 'names or ids');
  does(running, inspect, async () => (await import('../commands/images/images.js')).inspectImages);

  const rm = images
    .command('rm')
    .description('remove names of images, and those without another, with what nothing else needs')
    .argument('<image...>', 'names or ids')
    .option('--force', 'also those with several names, or with containers on them');
  does(running, rm, async () => (await import('../commands/images/remove.js')).removeImages);

  const prune = images
    .command('prune')
    .description('remove images without a name, and what nothing needs')
    .option('--dry-run', 'only say what would be removed');
  does(running, prune, async () => (await import('../commands/images/remove.js')).pruneImages);
}

function declarePull(parent: Command, running: Running): Command {
  const pull = parent
    .command('pull')
    .description('take an image from its registry, and make layers of it')
    .argument('<image>', 'its name, such as mcr.microsoft.com/windows/nanoserver:ltsc2022')
    .option('--registry-auth-stdin', 'read USER:PASSWORD, or JSON as of docker, from standard input')
    .option('--registry-hosts <folder>', 'a folder with mirrors, as certs.d of containerd (HOSTCOMPUTE_REGISTRY_HOSTS)')
    .option('--plain-http', 'ask the registry without TLS');
  withPlatform(pull);
  return does(running, pull, async () => (await import('../commands/images/pull.js')).pull);
}

function withPlatform(command: Command): void {
  command
    .option(
      '--platform <platform>',
      'of an index, such as windows/amd64:10.0.20348; else that of this host',
      parsePlatform,
    )
    .addOption(
      new Option('--isolation <isolation>', 'hyperv takes images that are older than the host').choices([
        'process',
        'hyperv',
      ]),
    );
}
