/**
 * Commands for what the network service has.
 *
 * @module
 */
import type { Command } from 'commander';
import { Option } from 'commander';

import type { Running } from './declare.js';
import { does } from './declare.js';
import { collect, parseWhole } from './values.js';

const group = 'Networks:';

export function declareNetworkCommands(program: Command, running: Running): void {
  const networks = program.command('networks').description('networks of containers: list, create ...').helpGroup(group);

  const ls = networks.command('ls').description('list the networks of the host');
  does(running, ls, async () => (await import('../commands/networks/networks.js')).listNetworks);

  const create = networks
    .command('create')
    .description('create a network, which stays until it is removed')
    .argument('<name>', 'its name')
    .addOption(
      new Option('--type <type>', 'its kind')
        .choices(['nat', 'internal', 'transparent', 'l2bridge', 'overlay'])
        .default('nat'),
    )
    .option('--subnet <prefix>', 'such as 192.168.100.0/24; of two families one each', collect)
    .option('--gateway <address>', 'in the order of the subnets; else the first address of each', collect)
    .option('--dns <address>', 'a server of names', collect)
    .option('--adapter <name>', 'the adapter of the host that it is on')
    .option('--vlan <number>', 'of transparent and l2bridge', parseWhole)
    .option('--vsid <number>', 'of an overlay, such as 4096', parseWhole);
  does(running, create, async () => (await import('../commands/networks/create.js')).createNetwork);

  const inspect = networks
    .command('inspect')
    .description('print all that the host says of networks')
    .argument('<network...>', 'names or ids');
  does(running, inspect, async () => (await import('../commands/networks/networks.js')).inspectNetworks);

  const rm = networks.command('rm').description('remove networks').argument('<network...>', 'names or ids');
  does(running, rm, async () => (await import('../commands/networks/networks.js')).removeNetworks);

  const endpoints = program
    .command('endpoints')
    .description('what containers have of networks: list, remove ...')
    .helpGroup(group);

  const lsEndpoints = endpoints
    .command('ls')
    .description('list the endpoints of the host')
    .option('--network <network>', 'only those of this network, by name or id');
  does(running, lsEndpoints, async () => (await import('../commands/networks/endpoints.js')).listEndpoints);

  const inspectOnes = endpoints
    .command('inspect')
    .description('print all that the host says of endpoints')
    .argument('<endpoint...>', 'names or ids');
  does(running, inspectOnes, async () => (await import('../commands/networks/endpoints.js')).inspectEndpoints);

  const rmOnes = endpoints.command('rm').description('remove endpoints').argument('<endpoint...>', 'names or ids');
  does(running, rmOnes, async () => (await import('../commands/networks/endpoints.js')).removeEndpoints);
}
