/**
 * Calls on systems but for making and changing them.
 *
 * @module
 */
import { succeeded } from '../decision.js';
import type { Json, JsonObject } from '../documents/json.js';
import { isJsonList, isJsonObject, printJson } from '../documents/json.js';
import { Refusal, statuses } from '../refusal.js';
import { clientProperties, readAnswer } from './answers.js';
import { hostIdOf, isHandle, systemId } from './create.js';
import { documentInput, noDocument, readInput } from './documents.js';
import type { Plan, Scene } from './plan.js';

/** HcsOpenComputeSystem. What is another's gets the answer of what is not there, at once: the host is not asked. */
export function openSystem(scene: Scene): Plan {
  const system = scene.named(systemId(scene));
  if (system === undefined) throw new Refusal('There is no such system.', statuses.systemNotFound);
  return {
    inputs: { id: system.hostId },
    object: system.hostId,
    keeps: system,
    finish: ({ outputs }) => {
      if (isHandle(outputs.computeSystem)) {
        scene.ledger.open(scene.connection, outputs.computeSystem, { kind: 'system', system });
      }
      return undefined;
    },
  };
}

/** A call that takes a system and a document of options, or none. */
export async function onSystem(scene: Scene, type: string | undefined): Promise<Plan> {
  const system = scene.system('computeSystem');
  // Options came with schema 2.
  const document = type !== undefined && system.schema === 2;
  const options = document ? await documentInput(scene, 2, type, 'options') : noDocument(scene, 'options');
  return {
    inputs: { options },
    object: system.hostId,
    // What is saved to or restored from stays held as long as the system.
    finish: ({ status }, outcome) => {
      if (succeeded(status)) system.held.push(...outcome.takeHeld());
      return undefined;
    },
  };
}

/** A call that takes a system alone. */
export function ofSystem(scene: Scene): Plan {
  return { inputs: {}, object: scene.system('computeSystem').hostId };
}

/** HcsCloseComputeSystem. */
export function closeSystem(scene: Scene): Plan {
  return {
    ...ofSystem(scene),
    finish: ({ status }) => {
      if (succeeded(status)) scene.ledger.close(scene.connection, scene.call.inputs.computeSystem);
      return undefined;
    },
  };
}

/** HcsGetComputeSystemProperties. */
export async function systemProperties(scene: Scene): Promise<Plan> {
  const system = scene.system('computeSystem');
  const type = system.schema === 2 ? 'System_PropertyQuery' : 'PropertyQuery';
  return {
    inputs: { propertyQuery: await documentInput(scene, system.schema, type, 'propertyQuery') },
    object: system.hostId,
    finish: ({ outputs }) => {
      const properties = readAnswer(outputs.properties);
      return { properties: isJsonObject(properties) ? printJson(clientProperties(properties, system)) : null };
    },
  };
}

/** HcsEnumerateComputeSystems: asked of the client's own systems, and what the host answers looked at again. */
export function enumerateSystems(scene: Scene): Plan {
  const query = readInput(scene, 'query') ?? new Map<string, Json>();
  if (!isJsonObject(query)) throw new Refusal('"query" must be an object.', statuses.invalidJson);
  for (const name of query.keys()) {
    if (['Ids', 'Names', 'Types', 'Owners'].includes(name)) continue;
    throw new Refusal('"query" must have no members but Ids, Names, Types and Owners.');
  }
  const hostNames = (names: readonly string[]): Json => names.map((name) => hostIdOf(scene, name));
  const owners = textsOf(query, 'Owners');
  const rebuilt = new Map<string, Json>([['Owners', [scene.owner]]]);
  for (const member of ['Ids', 'Names']) {
    const names = textsOf(query, member);
    if (names !== undefined) rebuilt.set(member, hostNames(names));
  }
  const types = textsOf(query, 'Types');
  if (types !== undefined)
    rebuilt.set(
      'Types',
      types.filter((type) => type === 'Container' || type === 'VirtualMachine'),
    );
  return {
    inputs: { query: printJson(rebuilt) },
    finish: ({ outputs }) => ({ computeSystems: ownSystems(scene, outputs.computeSystems, owners) }),
  };
}

function ownSystems(scene: Scene, answer: unknown, owners: readonly string[] | undefined): string | null {
  const found = readAnswer(answer);
  if (!isJsonList(found)) return answer === null || answer === undefined ? null : '[]';
  const own = found.filter(isJsonObject).flatMap((properties) => {
    const id = properties.get('Id');
    const system = typeof id === 'string' ? scene.ledger.byHostId(id) : undefined;
    if (system?.user !== scene.account.user) return [];
    if (owners !== undefined && owners.length > 0 && !owners.includes(system.clientOwner ?? '')) return [];
    return [clientProperties(properties, system)];
  });
  return printJson(own);
}

function textsOf(query: JsonObject, name: string): readonly string[] | undefined {
  const value = query.get(name);
  if (value === undefined || value === null) return undefined;
  if (isJsonList(value) && value.length <= 1024 && value.every((one) => typeof one === 'string')) return value;
  throw new Refusal(`"query.${name}" must be a list of at most 1024 strings.`);
}

/** HcsGetServiceProperties: of the machine, clients see the schema versions. */
export async function serviceProperties(scene: Scene): Promise<Plan> {
  const query = await documentInput(scene, 2, 'Service_PropertyQuery', 'propertyQuery');
  return { inputs: { propertyQuery: query ?? '{"PropertyTypes":["Basic"]}' } };
}
