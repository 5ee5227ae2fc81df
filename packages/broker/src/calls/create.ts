/**
 * Making a system: the id, the document, the limits.
 *
 * @module
 */
import type { Json, JsonObject } from '../documents/json.js';
import { isJsonObject, printJson } from '../documents/json.js';
import { object } from '../documents/shapes.js';
import type { SchemaMajor } from '../documents/types.js';
import type { SystemRecord } from '../ledger/ledger.js';
import { Refusal, statuses } from '../refusal.js';
import { readInput, rebuildWhole } from './documents.js';
import type { Plan, Scene } from './plan.js';

const idForm = /^[\dA-Za-z](?:[\w.@-]{0,126}[\dA-Za-z])?$/;

/** The client's id of a system among the inputs. */
export function systemId(scene: Scene): string {
  const id = scene.text('id');
  if (id !== null && idForm.test(id)) return id;
  throw new Refusal('"id" must have at most 128 letters, digits, and "-", "_", "." and "@" between them.');
}

/** What the host calls a system. */
export function hostIdOf(scene: Scene, id: string): string {
  return `${scene.owner}-${id}`;
}

/** HcsCreateComputeSystem. */
export async function createSystem(scene: Scene): Promise<Plan> {
  const clientId = systemId(scene);
  const hostId = hostIdOf(scene, clientId);
  const configuration = readInput(scene, 'configuration');
  if (!isJsonObject(configuration)) throw new Refusal('"configuration" must be an object.', statuses.invalidJson);
  const schema: SchemaMajor = configuration.has('SchemaVersion') ? 2 : 1;
  if (schema === 2) checkKinds(configuration);
  const shape = object(schema === 2 ? 'ComputeSystem' : 'ContainerConfig');
  const context = scene.context({ client: clientId, host: hostId });
  const { value, memoryInMB } = await rebuildWhole(scene, schema, shape, configuration, 'configuration', context);
  if (memoryInMB === undefined && !configuration.has('HostedSystem')) checkMemory(scene, schema);
  const record: SystemRecord = {
    user: scene.account.user,
    clientId,
    hostId,
    clientOwner: textOf(configuration.get('Owner')),
    schema,
    memoryInMB: memoryInMB ?? 0,
    held: [],
    handles: 0,
  };
  return {
    inputs: { id: hostId, configuration: printJson(value) },
    object: hostId,
    reserve: { systems: 1, memoryInMB: record.memoryInMB },
    finish: ({ outputs }, outcome) => {
      // A host that answers "pending" gives the handle as well.
      if (!isHandle(outputs.computeSystem)) return undefined;
      outcome.keep();
      record.held.push(...outcome.takeHeld());
      scene.ledger.add(record);
      scene.ledger.open(scene.connection, outputs.computeSystem, { kind: 'system', system: record });
      return undefined;
    },
  };
}

function checkKinds(configuration: JsonObject): void {
  const major = configuration.get('SchemaVersion');
  if (!isJsonObject(major) || major.get('Major') !== 2) {
    throw new Refusal(
      '"configuration.SchemaVersion.Major" must be 2, or the document one of schema 1, without a version.',
    );
  }
  const kinds = ['Container', 'VirtualMachine', 'HostedSystem'].filter((kind) => isJsonObject(configuration.get(kind)));
  if (kinds.length !== 1) {
    throw new Refusal('"configuration" must have one of Container, VirtualMachine and HostedSystem.');
  }
  // What is checked as being inside a machine has to be inside one.
  const hosting = textOf(configuration.get('HostingSystemId')) ?? '';
  if (kinds[0] === 'HostedSystem' && hosting === '') {
    throw new Refusal('"configuration.HostingSystemId" must name the machine of a HostedSystem.');
  }
}

/** What says nothing of its memory may take all of it. */
function checkMemory(scene: Scene, schema: SchemaMajor): void {
  if (scene.rule.limits.memoryInMB === Number.MAX_SAFE_INTEGER) return;
  const member = schema === 2 ? 'Memory.SizeInMB' : 'MemoryMaximumInMB';
  throw new Refusal(
    `"configuration" must say how much memory the system gets, since the policy limits it. Set ${member}.`,
  );
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** Whether an output is an open handle. */
export function isHandle(value: unknown): value is number {
  return typeof value === 'number' && value !== 0;
}
