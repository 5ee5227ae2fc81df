/**
 * `simulate`: serves a simulated host.
 *
 * @module
 */
import { once } from 'node:events';

import { HcsArgumentError, HcsError } from 'hostcompute';
import type { FaultName } from 'hostcompute/simulator';
import { faults, Simulator } from 'hostcompute/simulator';

import type { Action } from '../command-line/declare.js';
import { exitCodes } from '../exit-codes.js';
import { Failure, usageFailure } from '../failure.js';
import { openLimits } from '../host/limits.js';
import { Output } from '../output/output.js';
import { useFaultFile } from '../simulated/fault-file.js';

interface SimulateOptions {
  readonly name?: string;
  readonly fault?: readonly string[];
  readonly faults?: string;
  readonly profile?: string;
  readonly seed?: number;
}

/** Serves until it is interrupted, which is how it is meant to end. */
export const simulate: Action<SimulateOptions> = async ({ options, globals }) => {
  using limits = openLimits(globals);
  await using simulator = await Simulator.open();
  await prepare(simulator, options);
  const name = await serve(simulator, options.name);
  const { pid } = process;
  new Output(globals).one({ kind: 'simulated-host', name, pid, faults: options.fault ?? [] }, [
    `A simulated host is served at ${name}; no container runs there. Ctrl+C ends it.`,
    options.name === undefined
      ? 'In another terminal: hostcompute ps'
      : `In another terminal: hostcompute --host ${name} ps`,
    `In a program: await Simulator.connect(${options.name === undefined ? '' : JSON.stringify(name)})`,
  ]);
  // Nothing else keeps the program running.
  const forever = setInterval(() => undefined, 0x7fffffff);
  if (!limits.signal.aborted) await once(limits.signal, 'abort');
  clearInterval(forever);
  const reason: unknown = limits.signal.reason;
  if (reason instanceof Failure && reason.exitCode === exitCodes.deadline) throw reason;
};

async function prepare(simulator: Simulator, options: SimulateOptions): Promise<void> {
  const { seed, profile } = options;
  if (seed !== undefined) await simulator.configure({ seed });
  if (profile !== undefined) await useProfile(simulator, profile);
  if (options.faults !== undefined) await useFaultFile(simulator, options.faults);
  for (const given of options.fault ?? []) await provoke(simulator, given);
}

async function useProfile(simulator: Simulator, given: string): Promise<void> {
  const names = (await simulator.profiles()).map(({ Name }) => Name);
  const profile = names.find((each) => each === given);
  if (profile === undefined) throw usageFailure(`No profile is called "${given}"`, `There are ${names.join(', ')}.`);
  await simulator.configure({ profile });
}

async function provoke(simulator: Simulator, given: string): Promise<void> {
  const [, name, id] = /^([^=]*)(?:=(.*))?$/s.exec(given)!;
  if (!faults.some((each) => each.name === name)) {
    const parts = name!.split('-').filter((part) => part.length > 2);
    const similar = faults.filter((each) => parts.some((part) => each.name.includes(part))).slice(0, 6);
    const suggestion = similar.length === 0 ? '' : `Is it ${similar.map((each) => each.name).join(', ')}? `;
    throw usageFailure(`No fault is called "${name}"`, `${suggestion}docs/faults.md has the catalogue.`);
  }
  if (id === '') throw usageFailure(`--fault is "${given}"`, 'It must be NAME, or NAME=ID for the system of this id.');
  await simulator.provoke(name as FaultName, id);
}

async function serve(simulator: Simulator, name: string | undefined): Promise<string> {
  try {
    return await simulator.serve(name);
  } catch (error) {
    if (error instanceof HcsArgumentError)
      throw usageFailure(`--name is "${name}"`, error.message.replace(/^"name" (.*?);.*$/, 'It $1.'));
    if (!(error instanceof HcsError)) throw error;
    const why = error.message.replace(/^.*?"name": /, '').replace(/\.$/, '');
    throw new Failure(`The simulated host cannot be served${name === undefined ? '' : ` at ${name}`}: ${why}`, {
      code: error.code,
      exitCode: exitCodes.host,
      remedy: 'One that is served already can be used as it is; otherwise choose another --name.',
      cause: error,
    });
  }
}
