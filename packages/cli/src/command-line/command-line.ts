/**
 * All that can be typed.
 *
 * @module
 */
import { Command } from 'commander';

import type { Running } from './declare.js';
import { addGlobalOptions, addGlobalOptionsLate } from './global-options.js';
import { declareAboutCommands } from './about-commands.js';
import { declareContainerCommands } from './container-commands.js';
import { declareDocumentCommands } from './document-commands.js';
import { firstHelp } from './first-help.js';
import { declareImageCommands } from './image-commands.js';
import { declareLayerCommands } from './layer-commands.js';
import { declareNetworkCommands } from './network-commands.js';
import { declareSystemCommands } from './system-commands.js';
import { declareTestingCommands } from './testing-commands.js';
import { printedUsageError } from './usage-errors.js';

/** The whole command line; `running` gets what the command that was typed says. */
export function commandLine(running: Running): Command {
  const program = new Command('hostcompute')
    .description('Containers on the Windows Host Compute System; off Windows on a simulated host, where none runs.')
    // Options of ours end at the name of the command, and its own at the image: the rest belongs to the guest.
    .enablePositionalOptions()
    .helpCommand(false)
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(printedUsageError(text)) })
    .showHelpAfterError('Add --help for what it takes.');
  addGlobalOptions(program);
  program.helpInformation = () => firstHelp(program);
  declareContainerCommands(program, running);
  declareSystemCommands(program, running);
  declareImageCommands(program, running);
  declareLayerCommands(program, running);
  declareNetworkCommands(program, running);
  declareDocumentCommands(program, running);
  declareTestingCommands(program, running);
  declareAboutCommands(program, running);
  addGlobalOptionsLate(program);
  return program;
}
