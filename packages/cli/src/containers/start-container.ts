/**
 * Makes a container, starts it and its first process. What is made is undone by the caller, whatever happens.
 *
 * @module
 */
import { randomBytes } from 'node:crypto';

import type { ComputeSystem as System, Process, ProcessCommand, SystemDocument } from 'hostcompute';
import { ComputeSystem, isAlreadyExists } from 'hostcompute';
import { documents } from 'hostcompute/documents';
import type { ContainerAttachment } from 'hostcompute/network';

import { exitCodes } from '../exit-codes.js';
import { endWith, usageFailure } from '../failure.js';
import type { HostAndSignal } from '../host/context.js';
import type { Claim } from './claim.js';
import { ContainerFolders, taken } from './container-folders.js';
import { documentOf, hasNamespace, ownDocument } from './document.js';
import { failedToRun } from './failed-to-run.js';
import type { ContainerNetwork, NetworkIds } from './network.js';
import type { RunPlan } from './plan.js';
import type { ContainerRecord } from './record.js';
import type { ContainerStorage, WritableLayer } from './storage.js';
import { Undo } from './undo.js';

export interface StartedContainer {
  readonly record: ContainerRecord;
  readonly claim: Claim;
  readonly system: System;
  readonly process: Process;
}

/** What `--print-document` shows. */
export interface PlannedContainer {
  readonly document: SystemDocument;
  readonly process: ProcessCommand;
}

// Where nothing is mounted yet.
const someVolume = '\\\\?\\Volume{00000000-0000-0000-0000-000000000000}\\';
const someId = '00000000-0000-0000-0000-000000000000';

/** What would be created, of which nothing is. Ids and volumes that the host chooses are zero. */
export async function planContainer(plan: RunPlan, limits: HostAndSignal): Promise<PlannedContainer> {
  const { source } = plan;
  if (source.kind === 'document') {
    const document = ownDocument(source.text, plan.owner, '--document') as unknown as SystemDocument;
    return { document, process: commandOf(plan, undefined) };
  }
  const undo = new Undo();
  try {
    return await planned(plan, await openStorage(plan, limits, undo), limits);
  } finally {
    await undo.run();
  }
}

async function planned(plan: RunPlan, storage: ContainerStorage, limits: HostAndSignal): Promise<PlannedContainer> {
  const hasOwn = hasNamespace(plan, limits.host);
  const ids = plan.network === 'none' ? undefined : { endpoint: someId, ...(hasOwn && { namespace: someId }) };
  const document = await containerDocument(
    plan,
    storage,
    { folder: storage.scratchFolder, volume: someVolume },
    ids,
    limits,
  );
  return { document, process: commandOf(plan, storage.configuration) };
}

/** @param undo - gets a step for each thing that is made; run it, whether this fulfils or rejects */
export async function startContainer(plan: RunPlan, limits: HostAndSignal, undo: Undo): Promise<StartedContainer> {
  const { host, signal } = limits;
  const folders = new ContainerFolders(plan.root);
  const hasLayers = plan.source.kind !== 'document';
  const storage = hasLayers ? await openStorage(plan, limits, undo) : undefined;
  const command = commandOf(plan, storage?.configuration);
  const network = hasLayers && plan.network !== 'none' ? await import('./network.js') : undefined;
  const ids = network?.chooseIds(plan, hasNamespace(plan, host));
  let record = newRecord(plan, storage, ids);
  // Of one that has run the record, the log and the writable layer stay until `rm`.
  const isKept = (): boolean => !plan.remove && record.pid !== undefined;
  const claim = await folders.add(record);
  undo.push(`the name ${plan.id}`, async () => claim.release());
  undo.push(`the folder of ${plan.id}`, async () => {
    if (!isKept()) await folders.remove(plan.id);
  });

  const scratch = await storage?.createScratch(undo, isKept);
  const made = ids && (await network!.makeNetwork(plan, ids, limits, undo));
  const document = await (storage === undefined
    ? ownDocument((plan.source as { readonly text: string }).text, plan.owner, '--document')
    : containerDocument(plan, storage, await place(plan, scratch!, undo), ids, limits));
  // They are taken out when the system has ended.
  const attachments: ContainerAttachment[] = [];
  undo.push(`the network of ${plan.id}`, async (limits) => {
    for (const attachment of attachments) await attachment.detach(limits);
  });
  const system = await createSystem(plan, document as unknown as SystemDocument, limits, undo);
  if (made?.namespace !== undefined) attachments.push(await attach(system, made, limits));
  await system.start({ signal });
  const process = await system.createProcess(command, { signal }).catch((error: unknown) => {
    throw failedToRun(error);
  });
  record = { ...record, pid: process.pid };
  await folders.write(record);
  return { record, claim, system, process };
}

async function openStorage(plan: RunPlan, limits: HostAndSignal, undo: Undo): Promise<ContainerStorage> {
  const { storageOf } = await import('./storage.js');
  return storageOf(plan, new ContainerFolders(plan.root), limits, undo);
}

// The virtual machine of a Hyper-V isolated container mounts its layers itself.
async function place(
  { isolation }: RunPlan,
  scratch: WritableLayer,
  undo: Undo,
): Promise<{ folder: string; volume?: string }> {
  const { folder } = scratch;
  return isolation === 'hyperv' ? { folder } : { folder, volume: await scratch.mount(undo) };
}

async function containerDocument(
  plan: RunPlan,
  storage: ContainerStorage,
  scratch: { readonly folder: string; readonly volume?: string },
  ids: NetworkIds | undefined,
  limits: HostAndSignal,
): Promise<SystemDocument> {
  const { layerOptions, utilityVmOf } = await import('./storage.js');
  const where = {
    layers: await layerOptions(storage.folders, limits),
    scratchFolder: scratch.folder,
    ...(scratch.volume !== undefined && { scratchVolume: scratch.volume }),
    ...(plan.isolation === 'hyperv' && { utilityVm: await utilityVmOf(storage.folders) }),
  };
  return documentOf(plan, where, ids, limits.host);
}

async function createSystem(
  { id }: RunPlan,
  document: SystemDocument,
  { host, signal }: HostAndSignal,
  undo: Undo,
): Promise<System> {
  try {
    const system = await ComputeSystem.create(id, document, { host, signal });
    undo.push(`the handle of system ${id}`, async (limits) => system.close(limits));
    undo.push(`system ${id}`, async () => endSystem(system));
    return system;
  } catch (error) {
    if (!isAlreadyExists(error)) throw endWith(exitCodes.host, error);
    throw taken(
      id,
      'of a system that the host has already',
      'Choose another --name, or end it by "hostcompute rm -f".',
    );
  }
}

async function attach(
  system: System,
  { namespace, endpoint }: ContainerNetwork,
  { signal }: HostAndSignal,
): Promise<ContainerAttachment> {
  const { attachContainer } = await import('hostcompute/network');
  return attachContainer(system, namespace, [endpoint], { signal });
}

/** A container whose first process has ended has nothing to save. */
async function endSystem(system: System): Promise<void> {
  const outcome = await system.stop({ graceMs: 0, forceMs: 30_000 });
  if (outcome === 'abandoned') throw new Error('it has not ended');
}

function newRecord(plan: RunPlan, storage: ContainerStorage | undefined, ids: NetworkIds | undefined): ContainerRecord {
  const { id, owner, source, command, detached, remove, tty, labels } = plan;
  return {
    format: 1,
    id,
    owner,
    created: new Date().toISOString(),
    image: source.kind === 'image' ? source.reference : null,
    command,
    detached,
    remove,
    tty: tty !== null,
    labels,
    token: randomBytes(24).toString('hex'),
    scratch: storage?.scratch ?? null,
    ...ids,
  };
}

/** What runs first in the container. */
function commandOf(plan: RunPlan, configuration: object | undefined): ProcessCommand {
  const { command, env, cwd, user, interactive, tty } = plan;
  const rest = {
    ...(cwd !== undefined && { cwd }),
    ...(user !== undefined && { user }),
    env,
  };
  const streams = {
    stdio: [interactive ? 'pipe' : 'ignore', 'pipe', 'pipe'] as const,
    ...(tty !== null && { tty }),
  };
  if (configuration !== undefined) {
    const args = command.length > 0 ? { args: command } : {};
    return { ...documents.processFromOciImage(configuration, { ...args, ...rest }), ...streams };
  }
  if (command.length === 0) {
    throw usageFailure(
      'There is no command to run',
      'Without an image nothing says what to run: add a command, such as cmd.',
    );
  }
  return { command, ...rest, ...streams };
}
