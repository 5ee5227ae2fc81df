/**
 * A virtual machine in which containers are hosted, from create to close, with the devices that come and go.
 *
 * This folder has the machine, its devices and their places. It imports documents, host, layers, network and system, and all
 * of it runs on the JavaScript thread.
 *
 * @module
 */
import { HcsArgumentError } from '../errors/errors.js';
import type { OperationOptions } from '../host/operation-options.js';
import { readOperationOptions } from '../host/operation-options.js';
import { remaining } from '../host/waits/deadlines.js';
import { grantVmAccess } from '../layers/grant-vm-access.js';
import type { ContainerAttachment } from '../network/attach-container.js';
import type { Endpoint } from '../network/endpoint.js';
import type { Namespace } from '../network/namespace.js';
import { ComputeSystem } from '../system/compute-system.js';
import type { CreateOptions, LifecycleOptions, StopOptions, StopOutcome } from '../system/system-options.js';
import type { Statistics } from '../../types/schema2/index.js';
import type { Attachment } from './attachment.js';
import { Attachments } from './attachments.js';
import type { AssignedDeviceOptions, AssignedDevicePlace } from './devices/pci.js';
import { assignedDevice, checkAssigned } from './devices/pci.js';
import type { PipePlace } from './devices/pipe.js';
import { checkPipe, pipeDevice } from './devices/pipe.js';
import type { Plan9Options, Plan9Place } from './devices/plan9.js';
import { checkPlan9, plan9Device } from './devices/plan9.js';
import type { ScsiOptions, ScsiPlace } from './devices/scsi.js';
import { checkScsi, scsiDevice } from './devices/scsi.js';
import type { VpmemOptions, VpmemPlace } from './devices/vpmem.js';
import { checkVpmem, vpmemDevice } from './devices/vpmem.js';
import type { VsmbOptions, VsmbPlace } from './devices/vsmb.js';
import { checkVsmb, vsmbDevice } from './devices/vsmb.js';
import type { Guest } from './guest.js';
import type { UtilityVmOptions, UtilityVmPlan } from './options.js';
import { planOf } from './options.js';
import { Places } from './places.js';
import type { UtilityVmUpdate } from './update.js';
import { updateRequests } from './update.js';

/** As many shares as anybody has: the host names no limit. */
const mostShares = 65_536;

/**
 * A virtual machine in which containers are hosted.
 *
 * Its `add...()` attach devices while it runs: each gives an {@link Attachment}, which is removed by itself at the end of an
 * `await using`. A disk, share, pipe or device that is added twice in the same way is there once, and goes with the last of those who have
 * it. What is attached goes with the machine.
 *
 * @example
 * const options = { os: 'windows', image: 'C:\\layers\\base\\UtilityVM', scratchDisk: 'D:\\vm\\sandbox.vhdx' } as const;
 * await using vm = await UtilityVm.create('pod1@vm', options);
 * await vm.start();
 * await using share = await vm.addVsmb({ path: 'C:\\layers\\base', readOnly: true });
 * console.log(share.place.guestPath);
 */
export class UtilityVm {
  /** The compute system: its events, properties and processes. */
  readonly system: ComputeSystem;
  readonly #guest: Guest;
  readonly #createOptions: CreateOptions;
  readonly #attachments: Attachments;
  readonly #scsi: Places;
  readonly #vpmem: Places;
  readonly #vsmb: Places;
  readonly #plan9: Places;

  private constructor(system: ComputeSystem, { guest, scsi, vpmem }: UtilityVmPlan, createOptions: CreateOptions) {
    this.system = system;
    this.#guest = guest;
    this.#createOptions = createOptions;
    this.#attachments = new Attachments(system);
    this.#scsi = new Places(system.id, 'places on SCSI controllers', scsi.count, scsi.taken);
    this.#vpmem = new Places(system.id, 'devices of persistent memory', vpmem.count, vpmem.taken);
    this.#vsmb = new Places(system.id, 'shares', mostShares);
    this.#plan9 = new Places(system.id, 'shares', mostShares);
  }

  /**
   * Creates the machine; it does not run yet. The machine has to be allowed to open its disk and boot files first: see
   * `grantVmAccess()`.
   *
   * @throws HcsArgumentError for an option that is unknown, missing or of the wrong form
   */
  static async create(id: string, options: UtilityVmOptions, createOptions: CreateOptions = {}): Promise<UtilityVm> {
    const plan = planOf(options);
    const system = await ComputeSystem.create(id, plan.document, createOptions);
    return new UtilityVm(system, plan, createOptions);
  }

  get id(): string {
    return this.system.id;
  }

  get os(): 'windows' | 'linux' {
    return this.#guest.isLinux ? 'linux' : 'windows';
  }

  /** Boots it. With a guest connection it is complete when the guest service answers. */
  async start(options: LifecycleOptions = {}): Promise<void> {
    await this.system.start(options);
  }

  /**
   * Attaches a disk to the next free place of a SCSI controller.
   *
   * @throws HcsError with the code `ERR_HC_NO_PLACE` when all are taken
   */
  async addScsi(disk: ScsiOptions, options: OperationOptions = {}): Promise<Attachment<ScsiPlace>> {
    const checked = checkScsi(disk, this.#guest);
    const limits = this.#limits(options);
    const { path, type, grantAccess = type !== 'PassThru' } = checked;
    if (grantAccess) await this.#grant(path, limits());
    return this.#attachments.attach(scsiDevice(checked, this.#guest, this.#scsi), limits());
  }

  /**
   * Attaches a disk as persistent memory of a Linux guest, which can only read it.
   *
   * @throws HcsError with the code `ERR_HC_NO_PLACE` when all are taken
   */
  async addVpmem(disk: VpmemOptions, options: OperationOptions = {}): Promise<Attachment<VpmemPlace>> {
    const checked = checkVpmem(disk, this.#guest);
    const limits = this.#limits(options);
    if (checked.grantAccess !== false) await this.#grant(checked.path, limits());
    return this.#attachments.attach(vpmemDevice(checked, this.#vpmem), limits());
  }

  /** Shares a folder of the host with a Windows guest. */
  async addVsmb(share: VsmbOptions, options: OperationOptions = {}): Promise<Attachment<VsmbPlace>> {
    const checked = checkVsmb(share, this.#guest);
    return this.#attachments.attach(vsmbDevice(checked, this.#vsmb), this.#limits(options)());
  }

  /** Shares a folder of the host with a Linux guest. */
  async addPlan9(share: Plan9Options, options: OperationOptions = {}): Promise<Attachment<Plan9Place>> {
    const checked = checkPlan9(share, this.#guest);
    return this.#attachments.attach(plan9Device(checked, this.#plan9), this.#limits(options)());
  }

  /** Gives the machine an adapter for each endpoint: `attachContainer()` of `hostcompute/network`. */
  async addNetwork(
    endpoints: readonly Endpoint[],
    namespace?: Namespace,
    options: OperationOptions = {},
  ): Promise<ContainerAttachment> {
    const { attachContainer } = await import('../network/attach-container.js');
    return attachContainer(this.system, namespace, endpoints, options);
  }

  /**
   * Shows a named pipe of the host to a Windows guest.
   *
   * @param pipe - the whole path, `\\.\pipe\NAME`
   */
  async addPipe(pipe: string, options: OperationOptions = {}): Promise<Attachment<PipePlace>> {
    checkPipe(pipe, this.#guest);
    return this.#attachments.attach(pipeDevice(pipe), this.#limits(options)());
  }

  /** Gives a device of the host to the guest alone. */
  async assignDevice(
    device: AssignedDeviceOptions,
    options: OperationOptions = {},
  ): Promise<Attachment<AssignedDevicePlace>> {
    const checked = checkAssigned(device);
    const limits = this.#limits(options);
    const { v4 } = await import('uuid');
    return this.#attachments.attach(assignedDevice(checked, v4(), this.#guest), limits());
  }

  /** Changes limits while it runs: one request for each of memory, processors and their group, in this order. */
  async update(limits: UtilityVmUpdate, options: OperationOptions = {}): Promise<void> {
    const requests = updateRequests(limits);
    if (requests.length === 0) {
      throw new HcsArgumentError('limits', 'must have memoryMiB, cpu or cpuGroupId', limits);
    }
    const left = this.#limits(options);
    for (const request of requests) await this.system.modify(request, left());
  }

  /** What it uses. */
  async statistics(options: OperationOptions = {}): Promise<Statistics | undefined> {
    const { Statistics: statistics } = await this.system.properties(['Statistics'], options);
    return statistics;
  }

  /** Ends it in a bounded time, by a shutdown of the guest, then by force; the outcome tells what was reached. */
  async stop(options: StopOptions = {}): Promise<StopOutcome> {
    return this.system.stop(options);
  }

  /** Closes it here. By default the host ends a machine that nobody has open. */
  async close(): Promise<void> {
    await this.system.close();
  }

  /** Same as close(). */
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  toJSON(): object {
    return { id: this.id, os: this.os };
  }

  /** What is left of them for the next step. */
  #limits(options: OperationOptions): () => OperationOptions {
    const started = performance.now();
    const read = readOperationOptions(options);
    return () => remaining(read, started);
  }

  async #grant(path: string, limits: OperationOptions): Promise<void> {
    const { host } = this.#createOptions;
    await grantVmAccess(this.id, path, { ...limits, ...(host !== undefined && { host }) });
  }
}
