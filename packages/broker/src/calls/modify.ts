/**
 * HcsModifyComputeSystem: a change by its resource path, a request to the guest by its type.
 *
 * @module
 */
import { succeeded } from '../decision.js';
import type { Json, JsonObject } from '../documents/json.js';
import { isJsonObject, printJson, quoted } from '../documents/json.js';
import { schema1Resources } from '../documents/schema1.js';
import { guestResources } from '../documents/schema2/guest.js';
import { object } from '../documents/shapes.js';
import { Refusal, statuses } from '../refusal.js';
import { readInput, rebuildWhole } from './documents.js';
import type { Plan, Scene } from './plan.js';
import { findResourcePath } from './resource-paths.js';

const requestTypes = ['Add', 'Remove', 'Update'];

/** What a change comes to: the document, and the memory that the system has after it. */
interface Change {
  readonly value: Json;
  readonly memoryInMB: number | undefined;
}

/** HcsModifyComputeSystem. */
export async function modifySystem(scene: Scene): Promise<Plan> {
  const system = scene.system('computeSystem');
  const request = readInput(scene, 'configuration');
  if (!isJsonObject(request)) throw new Refusal('"configuration" must be an object.', statuses.invalidJson);
  const change = system.schema === 2 ? await change2(scene, request) : await change1(scene, request);
  const more = change.memoryInMB === undefined ? 0 : change.memoryInMB - system.memoryInMB;
  return {
    inputs: { configuration: printJson(change.value) },
    object: system.hostId,
    reserve: { memoryInMB: Math.max(more, 0) },
    finish: ({ status }, outcome) => {
      if (!succeeded(status)) return undefined;
      system.held.push(...outcome.takeHeld());
      if (more === 0) return undefined;
      outcome.keep();
      if (more < 0) scene.account.give('memoryInMB', -more);
      system.memoryInMB += more;
      return undefined;
    },
  };
}

async function change2(scene: Scene, request: JsonObject): Promise<Change> {
  const known = ['ResourcePath', 'RequestType', 'Settings', 'GuestRequest'];
  const { path, value } = membersOf(request, 'configuration', known, 'ResourcePath');
  let memoryInMB: number | undefined;
  if (path !== undefined) {
    const resource = findResourcePath(path);
    if (resource === undefined) {
      throw new Refusal(`"configuration.ResourcePath" must be one that clients may change; received ${quoted(path)}.`);
    }
    value.set('ResourcePath', path);
    const settings = request.get('Settings') ?? null;
    if (settings !== null) {
      const rebuilt = await rebuildWhole(scene, 2, resource.settings, settings, 'configuration.Settings');
      value.set('Settings', rebuilt.value);
      memoryInMB = rebuilt.memoryInMB;
    }
  } else if ((request.get('Settings') ?? null) !== null) {
    throw new Refusal('"configuration.Settings" must come with a ResourcePath.');
  }
  const guest = request.get('GuestRequest') ?? null;
  if (guest !== null) value.set('GuestRequest', await guestRequest(scene, guest));
  return { value, memoryInMB };
}

async function guestRequest(scene: Scene, request: Json): Promise<Json> {
  const where = 'configuration.GuestRequest';
  if (!isJsonObject(request)) throw new Refusal(`"${where}" must be an object.`);
  const { path: type, value } = membersOf(request, where, ['ResourceType', 'RequestType', 'Settings'], 'ResourceType');
  if (type === undefined || !Object.hasOwn(guestResources, type)) {
    throw new Refusal(`"${where}.ResourceType" must be one that the broker knows; received ${quoted(type ?? '')}.`);
  }
  value.set('ResourceType', type);
  const settings = request.get('Settings') ?? null;
  const of = guestResources[type];
  if (settings === null) return value;
  if (typeof of !== 'string') throw new Refusal(`"${where}.Settings" must not be there.`);
  return value.set('Settings', (await rebuildWhole(scene, 2, object(of), settings, `${where}.Settings`)).value);
}

async function change1(scene: Scene, request: JsonObject): Promise<Change> {
  const known = ['ResourceType', 'RequestType', 'Settings'];
  const { path: type, value } = membersOf(request, 'configuration', known, 'ResourceType');
  const of = type !== undefined && Object.hasOwn(schema1Resources, type) ? schema1Resources[type] : undefined;
  if (type === undefined || of === undefined) {
    throw new Refusal(
      `"configuration.ResourceType" must be one that clients may change; received ${quoted(type ?? '')}.`,
    );
  }
  value.set('ResourceType', type);
  const settings = request.get('Settings') ?? null;
  if (settings === null) throw new Refusal('"configuration.Settings" must be an object.');
  const rebuilt = await rebuildWhole(scene, 1, object(of), settings, 'configuration.Settings');
  return { value: value.set('Settings', rebuilt.value), memoryInMB: undefined };
}

/** The member that says what a request is about, and the beginning of the request that the host gets. */
function membersOf(
  request: JsonObject,
  where: string,
  known: readonly string[],
  about: string,
): { readonly path: string | undefined; readonly value: Map<string, Json> } {
  for (const name of request.keys()) {
    if (known.includes(name)) continue;
    throw new Refusal(`"${where}" must have no members but ${known.join(', ')}; received ${quoted(name)}.`);
  }
  const value = new Map<string, Json>();
  const type = request.get('RequestType') ?? null;
  if (type !== null && !(typeof type === 'string' && requestTypes.includes(type))) {
    throw new Refusal(`"${where}.RequestType" must be one of ${requestTypes.join(', ')}.`);
  }
  if (type !== null) value.set('RequestType', type);
  const path = request.get(about) ?? null;
  if (path !== null && typeof path !== 'string') throw new Refusal(`"${where}.${about}" must be a string.`);
  return { path: path === null || path === '' ? undefined : path, value };
}
