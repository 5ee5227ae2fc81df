/**
 * Commands for documents: they run nothing.
 *
 * @module
 */
import type { Command } from 'commander';

import type { Running } from './declare.js';
import { does } from './declare.js';
import { collect, parseWhole } from './values.js';

export function declareDocumentCommands(program: Command, running: Running): void {
  const validate = program
    .command('validate')
    .description('say what a host would refuse in documents, or do otherwise')
    .argument('<file...>', 'a document in JSON, or - for standard input')
    .option('--build <number>', 'the build of Windows that it is for, such as 20348', parseWhole)
    .option('--schema <version>', 'the newest schema of the host, such as 2.5')
    .option('--type <name>', 'the type of the document, where it does not follow from it: ComputeSystem, ...')
    .option('--network', 'it is a document of the network service')
    .helpGroup('Documents:');
  does(running, validate, async () => (await import('../commands/validate.js')).validate);

  const convert = program
    .command('convert')
    .description(
      'make the document of a system from the config.json of an OCI runtime, or a process from that of an image',
    )
    .argument('<file>', 'config.json, or - for standard input')
    .option('--schema <number>', 'the schema of the document, 1 or 2', parseWhole, 2)
    .option('--id <id>', 'the id that the system is to have', 'container')
    .option('--layer <id=path>', 'a read-only layer, the topmost first; else those of the configuration', collect)
    .option('--processors <number>', 'processors of the host: no more are asked for', parseWhole)
    .option('--scratch <path>', 'where the writable layer is mounted, where the configuration does not say it')
    .option('--vm', 'make the document of its utility VM')
    .helpGroup('Documents:');
  does(running, convert, async () => (await import('../commands/convert.js')).convert);
}
