/**
 * Storage calls. A layer is below a folder of the policy, and one that is written or mounted is the client's own: made by it.
 *
 * @module
 */
import { succeeded } from '../decision.js';
import { quoted } from '../documents/json.js';
import { Refusal } from '../refusal.js';
import type { Plan, Scene } from './plan.js';
import { volumeKey } from './plan.js';

/** What a layer's call is, as data. */
interface LayerCall {
  /** `own`: one of the client's. `new`: one that it makes. `any`: whatever is there or not. */
  readonly layer: 'own' | 'new' | 'any';
  /** The layer as it is mounted after the call. */
  readonly mount?: 'active' | 'prepared' | 'none';
  readonly destroys?: boolean;
}

const layerCalls: Readonly<Record<string, LayerCall>> = {
  ActivateLayer: { layer: 'own', mount: 'active' },
  DeactivateLayer: { layer: 'own', mount: 'none' },
  PrepareLayer: { layer: 'own', mount: 'prepared' },
  UnprepareLayer: { layer: 'own', mount: 'active' },
  CreateLayer: { layer: 'new' },
  CreateSandboxLayer: { layer: 'new' },
  ExpandSandboxSize: { layer: 'own' },
  GetLayerMountPath: { layer: 'own' },
  DestroyLayer: { layer: 'own', destroys: true },
  LayerExists: { layer: 'any' },
};

const guid = /^\{?[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}\}?$/i;

/** A storage call on a layer. */
export async function onLayer(scene: Scene): Promise<Plan> {
  const { name } = scene.call;
  const { layer: kind, mount, destroys = false } = layerCalls[name]!;
  const layer = await layerInput(scene, kind, destroys);
  const inputs: Record<string, unknown> = { driver: driverInput(scene), layer };
  if ('parent' in scene.call.inputs) inputs.parent = await parentInput(scene);
  if ('parents' in scene.call.inputs) inputs.parents = await parentsInput(scene);
  // Written before the act: a broker that ends in the middle of it knows the owner afterwards.
  if (kind === 'new') scene.layers.set(layer, scene.account.user);
  return {
    inputs,
    object: layer,
    finish: ({ status, outputs }) => {
      const failed = !succeeded(status);
      if (kind === 'new' && failed) scene.layers.remove(layer);
      if (destroys && !failed) {
        scene.layers.remove(layer);
        scene.account.forgetVolumes(layer);
      }
      if (mount !== undefined && !failed) enterMount(scene, layer, mount);
      if (typeof outputs.mountPath === 'string' && outputs.mountPath !== '') {
        scene.account.volumes.set(volumeKey(outputs.mountPath), layer);
      }
      return undefined;
    },
  };
}

function enterMount(scene: Scene, path: string, state: 'active' | 'prepared' | 'none'): void {
  const { mounts } = scene.connection;
  mounts.delete(path);
  if (state === 'none') scene.account.forgetVolumes(path);
  else mounts.set(path, { path, state });
}

/** NameToGuid: a sum of the letters of a name. */
export function nameToGuid(scene: Scene): Plan {
  const name = scene.text('name');
  if (name === null || name.length > 1024) throw new Refusal('"name" must have at most 1024 characters.');
  return { inputs: {} };
}

async function layerInput(scene: Scene, kind: LayerCall['layer'], removes: boolean): Promise<string> {
  const path = scene.text('layer') ?? '';
  const want = kind === 'own' ? 'folder' : kind === 'new' ? 'newFolder' : 'any';
  const layer = await scene.path(path, { member: 'layer', uses: ['layers'], want, write: kind !== 'any', removes });
  if (kind === 'own') scene.checkOwn('layer', path, layer);
  if (kind === 'new' && scene.layers.ownerOf(layer) !== undefined) {
    throw new Refusal(`"layer" must not be there yet; received ${quoted(path)}.`);
  }
  return layer;
}

function driverInput(scene: Scene): { readonly flavour: number; readonly homeDir: string } {
  const { flavour, homeDir } = scene.call.inputs.driver as { flavour: unknown; homeDir: unknown };
  if (flavour !== 0 && flavour !== 1) throw new Refusal('"driver.flavour" must be 0 or 1.');
  if (homeDir !== '' && homeDir !== null && homeDir !== undefined) {
    throw new Refusal('"driver.homeDir" must be empty. Name layers by their whole paths.');
  }
  return { flavour, homeDir: '' };
}

async function parentInput(scene: Scene): Promise<string | null> {
  const parent = scene.text('parent');
  if (parent === null || parent === '') return parent;
  return scene.path(parent, { member: 'parent', uses: ['layers'], want: 'folder', write: false });
}

interface LayerDescriptor {
  readonly id: string;
  readonly flags: number;
  readonly path: string;
}

async function parentsInput(scene: Scene): Promise<readonly LayerDescriptor[]> {
  const given = scene.call.inputs.parents;
  if (!Array.isArray(given) || given.length > 256) throw new Refusal('"parents" must be a list of at most 256 layers.');
  const parents: LayerDescriptor[] = [];
  for (const [at, parent] of (given as Partial<LayerDescriptor>[]).entries()) {
    const { id, flags, path } = parent;
    const member = `parents[${at}]`;
    if (typeof id !== 'string' || !guid.test(id)) throw new Refusal(`"${member}.id" must be a GUID.`);
    if (!Number.isInteger(flags) || typeof path !== 'string')
      throw new Refusal(`"${member}" must have flags and a path.`);
    const wish = { member: `${member}.path`, uses: ['layers'], want: 'folder', write: false } as const;
    parents.push({ id, flags: flags!, path: await scene.path(path, wish) });
  }
  return parents;
}
