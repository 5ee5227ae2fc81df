/**
 * Files of faults: what a simulated host begins with, for programs that cannot call `Simulator`. The stand-in DLLs read them by
 * themselves (native/simulator/control/fault-file.cc); the command checks them first, and serves with them.
 *
 * @module
 */
import { readFileSync } from 'node:fs';

import { HcsArgumentError } from '../errors/errors.js';
import { messageOf } from '../errors/received.js';
import { isPlainObject, readOptions } from '../known-options.js';
import { startingFaultOf } from './catalogue.js';
import type { FaultRule } from './faults/fault.js';
import type { FaultName } from './faults.js';
import type { SimulatorConfiguration } from './simulator-settings.js';
import type { Simulator } from './simulator.js';

/** What is in a file of faults. */
export interface FaultFile {
  readonly configure?: SimulatorConfiguration;
  /** Rules, and names of the catalogue. A status may be a text, `"0xC0370106"`. */
  readonly faults?: readonly (FaultRule | FaultName)[];
}

/** Reads a file of faults. Throws for what is no such file; {@link useFaultFile} checks the rules. */
export function readFaultFile(path: string): FaultFile {
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8').replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new Error(`${path}: ${messageOf(error)}`, { cause: error });
  }
  try {
    const { configure, faults } = readOptions(content as FaultFile, ['configure', 'faults'], 'the file');
    if (configure !== undefined && !isPlainObject(configure))
      throw new HcsArgumentError('configure', 'must be an object', configure);
    if (faults !== undefined && !Array.isArray(faults))
      throw new HcsArgumentError('faults', 'must be an array', faults);
    return { ...(configure && { configure }), ...(faults && { faults }) };
  } catch (error) {
    throw new Error(`${path}: ${messageOf(error)}`, { cause: error });
  }
}

/** Lets a simulated host do what the file says. Throws, with the place in the file, for what a stand-in DLL would refuse. */
export async function useFaultFile(simulator: Simulator, path: string): Promise<void> {
  const { configure, faults = [] } = readFaultFile(path);
  const at = async (place: string, given: string, act: () => Promise<unknown>): Promise<void> => {
    try {
      await act();
    } catch (error) {
      throw new Error(`${path}: ${placed(messageOf(error), given, place)}`, { cause: error });
    }
  };
  if (configure !== undefined) await at('configure', 'configuration', () => simulator.configure(configure));
  for (const [index, fault] of faults.entries()) {
    const place = `faults[${String(index)}]`;
    if (typeof fault === 'string') await at(place, 'name', () => provoke(simulator, fault, place));
    else await at(place, 'rule', () => simulator.inject(fault));
  }
}

async function provoke(simulator: Simulator, name: string, place: string): Promise<void> {
  const fault = startingFaultOf(name);
  const requirement = 'must be a rule, or the name of a fault of the catalogue that a file can have';
  if (fault === undefined) throw new HcsArgumentError('name', requirement, name, 'docs/faults.md has the catalogue.');
  if (typeof fault === 'string') throw new Error(`"${place}" ${fault}`);
  if (fault.disconnects) await simulator.disconnect();
  for (const rule of fault.rules) await simulator.inject(rule);
}

// What is wrong with an argument, or with the request that was made of it, as the file spells its place.
function placed(message: string, argument: string, place: string): string {
  return message
    .replace(/^The simulated host refused the request: /, '')
    .replace(new RegExp(`^"${argument}\\b`), `"${place}`)
    .replace(/^\$\.(?:Inject|Configure)((?:\.\w+)*)/, (_, members: string) => {
      return `"${place}${members.replace(/\.(\w)/g, (each) => each.toLowerCase())}"`;
    });
}
