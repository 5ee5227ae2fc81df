/**
 * Files of faults, which `hostcompute-simulator` and the stand-in DLLs read as well.
 *
 * @module
 */
import type { FaultName, FaultRule, Simulator, SimulatorConfiguration } from 'hostcompute/simulator';

import { Failure } from '../failure.js';
import { readJsonObject } from '../input/read-json.js';

/** Lets a simulated host begin with what is in a file: `{ "configure": {...}, "faults": [rule or name, ...] }`. */
export async function useFaultFile(simulator: Simulator, file: string): Promise<void> {
  const { configure, faults = [], ...others } = (await readJsonObject(file)) as Record<string, unknown>;
  const [other] = Object.keys(others);
  if (other !== undefined) throw wrong(file, other, 'is no member of a file of faults: it has configure and faults');
  if (!Array.isArray(faults)) throw wrong(file, 'faults', 'must be an array of rules and names');
  if (configure !== undefined)
    await at(file, 'configure', () => simulator.configure(configure as SimulatorConfiguration));
  for (const [index, fault] of (faults as (FaultName | FaultRule)[]).entries()) {
    const inject = () => (typeof fault === 'string' ? simulator.provoke(fault) : simulator.inject(fault));
    await at(file, `faults[${index}]`, inject);
  }
}

async function at(file: string, place: string, act: () => Promise<unknown>): Promise<void> {
  try {
    await act();
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/\.$/, '') : String(error);
    throw wrong(file, place, `is refused: ${why}`, error);
  }
}

function wrong(file: string, place: string, why: string, cause?: unknown): Failure {
  return new Failure(`${file}: "${place}" ${why}`, { code: 'ERR_HC_SIMULATOR', remedy: 'See docs/faults.md.', cause });
}
