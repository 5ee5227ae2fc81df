/**
 * Calls on the processes of a guest.
 *
 * @module
 */
import { succeeded } from '../decision.js';
import type { SystemRecord } from '../ledger/ledger.js';
import { Refusal } from '../refusal.js';
import { isHandle } from './create.js';
import { documentInput } from './documents.js';
import type { Plan, Scene } from './plan.js';

/** What enters the handle of a process. */
function opened(scene: Scene, system: SystemRecord): Required<Pick<Plan, 'object' | 'reserve' | 'finish'>> {
  return {
    object: system.hostId,
    reserve: { processes: 1 },
    finish: ({ outputs }, outcome) => {
      if (!isHandle(outputs.process)) return undefined;
      outcome.keep();
      scene.ledger.open(scene.connection, outputs.process, { kind: 'process', system });
      return undefined;
    },
  };
}

/** HcsCreateProcess. */
export async function createProcess(scene: Scene): Promise<Plan> {
  const system = scene.system('computeSystem');
  const type = system.schema === 2 ? 'ProcessParameters' : 'ProcessConfig';
  const processParameters = await documentInput(scene, system.schema, type, 'processParameters');
  if (processParameters === null) throw new Refusal('"processParameters" must be an object.');
  return { inputs: { processParameters }, ...opened(scene, system) };
}

/** HcsOpenProcess. */
export function openProcess(scene: Scene): Plan {
  return { inputs: {}, ...opened(scene, scene.system('computeSystem')) };
}

/** A call that takes a process, and a document of a type in one of its inputs, or none. */
export async function onProcess(scene: Scene, type?: string, input = 'options'): Promise<Plan> {
  const { schema, hostId } = scene.system('process');
  const inputs = type === undefined ? {} : { [input]: await documentInput(scene, schema, type, input) };
  return { inputs, object: hostId };
}

/** HcsCloseProcess. */
export function closeProcess(scene: Scene): Plan {
  const { hostId } = scene.system('process');
  return {
    inputs: {},
    object: hostId,
    finish: ({ status }) => {
      if (succeeded(status)) scene.ledger.close(scene.connection, scene.call.inputs.process);
      return undefined;
    },
  };
}
