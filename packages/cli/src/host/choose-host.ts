/**
 * Which host a command works with: that of `--host`, else that of HOSTCOMPUTE_HOST, else that of this machine.
 *
 * @module
 */
import { isAbsolute } from 'node:path';

import { Host, HcsError } from 'hostcompute';

import { exitCodes } from '../exit-codes.js';
import { Failure, usageFailure } from '../failure.js';
import { hostInPlace } from './host-in-place.js';

export interface HostNeeds {
  /** Whether it has to go on when this command has ended, as others are to find there what it makes. */
  readonly lasting: boolean;
}

/** An opened host. */
export interface ChosenHost {
  readonly host: Host;
  /** What to tell the user of it, who may believe that containers run; undefined for a real one. */
  readonly notice?: string;
  /** Where it is served, of a simulated host that another process has. */
  readonly servedAt?: string;
}

/** @param given - `windows`, `simulated`, or where a host is served */
export async function chooseHost(given: string | undefined, needs: HostNeeds): Promise<ChosenHost> {
  const named = given ?? (process.env.HOSTCOMPUTE_HOST === '' ? undefined : process.env.HOSTCOMPUTE_HOST);
  const choice = named ?? (process.platform === 'win32' ? 'windows' : 'simulated');
  const openInPlace = hostInPlace();
  if (openInPlace !== undefined) {
    const isNamed = choice !== 'windows' && choice !== 'simulated';
    return { host: await openInPlace(!isNamed ? choice : given === undefined ? undefined : { broker: given }) };
  }
  if (choice === 'windows') return { host: await windows(given) };
  if (choice === 'simulated') return simulated(needs);
  // An absolute path in the environment is a library, as everywhere in hostcompute.
  if (given === undefined) {
    if (isAbsolute(choice)) return { host: await Host.open() };
    throw usageFailure(
      `HOSTCOMPUTE_HOST is "${choice}"`,
      'It must be windows, simulated, or the absolute path of a vmcompute library.',
    );
  }
  if (!isServedName(given)) {
    const name =
      process.platform === 'win32' ? 'the name of a pipe, such as \\\\.\\pipe\\simulator' : 'the path of a socket';
    throw usageFailure(`--host is "${given}"`, `It must be windows, simulated, or ${name}.`);
  }
  return servedAt(given);
}

function isServedName(name: string): boolean {
  return process.platform === 'win32' ? /^\\\\\.\\pipe\\./i.test(name) : isAbsolute(name);
}

async function windows(given: string | undefined): Promise<Host> {
  if (process.platform === 'win32') return Host.open('windows');
  const remedy =
    given === undefined
      ? 'Set HOSTCOMPUTE_HOST=simulated, or unset it.'
      : 'Leave --host out for a simulated host, or name the socket at which a host is served.';
  throw new Failure(`The Host Compute System exists on Windows only, and this is ${process.platform}`, {
    code: 'ERR_HC_LIBRARY',
    exitCode: exitCodes.host,
    remedy,
  });
}

const nothingRuns = 'no container runs';

async function simulated({ lasting }: HostNeeds): Promise<ChosenHost> {
  const { Simulator } = await import('hostcompute/simulator');
  try {
    const { host } = await Simulator.connect();
    return { host, notice: `Host: simulated; ${nothingRuns}`, servedAt: '' };
  } catch (error) {
    if (!(error instanceof HcsError) || error.code !== 'ERR_HC_SIMULATOR') throw error;
    if (lasting) throw notServed(error);
  }
  const { host } = await Simulator.open();
  return { host, notice: `Host: simulated, for this command only; ${nothingRuns}` };
}

function notServed(cause: unknown): Failure {
  return new Failure(
    'This needs a host that goes on when the command has ended, and no simulated host is served here',
    {
      code: 'ERR_HC_NOT_SERVED',
      exitCode: exitCodes.host,
      remedy: 'Run "hostcompute simulate" in another terminal, and try again.',
      cause,
    },
  );
}

// A simulated host answers its control; a broker does not.
async function servedAt(name: string): Promise<ChosenHost> {
  const { Simulator } = await import('hostcompute/simulator');
  let refusal: unknown;
  try {
    const simulator = await Simulator.connect(name);
    try {
      await simulator.state();
      return { host: simulator.host, notice: `Host: simulated; ${nothingRuns}`, servedAt: name };
    } catch (error) {
      refusal = error;
      await simulator.close();
    }
  } catch (error) {
    refusal = error;
  }
  try {
    return { host: await Host.open({ broker: name }) };
  } catch {
    const why = refusal instanceof Error ? refusal.message.replace(/^.*"name": /, '') : String(refusal);
    throw new Failure(`No host is served at ${name}: ${why.replace(/\.$/, '')}`, {
      code: 'ERR_HC_NOT_SERVED',
      exitCode: exitCodes.host,
      remedy: 'Run "hostcompute simulate --name NAME", or start the broker there.',
      cause: refusal,
    });
  }
}
