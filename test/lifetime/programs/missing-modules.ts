// Opens the simulated host where the files that the arguments name cannot be found, with the backend of the environment.
import Module from 'node:module';

import { HcsError } from 'hostcompute';
import { Simulator } from 'hostcompute/simulator';

const missing = process.argv.slice(2);
const resolver = Module as unknown as { _resolveFilename: (request: string, ...rest: unknown[]) => string };
const resolve = resolver._resolveFilename;
resolver._resolveFilename = (request, ...rest) => {
  if (!missing.some((name) => request.endsWith(name))) return resolve(request, ...rest);
  throw Object.assign(new Error(`Cannot find module '${request}'`), { code: 'MODULE_NOT_FOUND' });
};
process.on('warning', ({ name, message }) => console.log(`${name}: ${message}`));

for (let time = 0; time < 2; time++) {
  try {
    const simulator = await Simulator.open();
    console.log(simulator.host.backend, (await simulator.host.serviceProperties()).Properties?.length);
    await simulator.close();
  } catch (error) {
    if (!(error instanceof HcsError)) throw error;
    console.log(error.code, error.message);
  }
}
