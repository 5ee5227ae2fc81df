/**
 * Documents from options: small pure functions, one for each kind of system. What they return is a plain object in the
 * spelling of HCS, for `ComputeSystem.create()`.
 *
 * @module
 */
export { hostedContainer } from './hosted-container.js';
export { hyperVIsolated } from './hyperv-isolated.js';
export { linuxContainer } from './linux-container.js';
export { linuxUtilityVm } from './linux-utility-vm.js';
export { processIsolated } from './process-isolated.js';
export { virtualMachine } from './virtual-machine.js';
export { windowsUtilityVm } from './windows-utility-vm.js';
export { fromOciSpec } from '../oci/from-oci-spec.js';
export { utilityVmFromOciSpec } from '../oci/utility-vm.js';
export type {
  ContainerCpu,
  ContainerOptions,
  DeviceOptions,
  DumpOptions,
  LayerOptions,
  MountOptions,
  NetworkOptions,
  PipeOptions,
  StorageQoSOptions,
} from './container-options.js';
export type { SchemaChoice, SystemOptions } from './envelope.js';
export type {
  GuestPlace,
  HostedContainerOptions,
  HostedLayerOptions,
  HostedMountOptions,
  HostedPipeOptions,
} from './hosted-container.js';
export type { HyperVIsolatedDocuments, HyperVIsolatedOptions, VmOptions } from './hyperv-isolated.js';
export type { LinuxContainerOptions, LinuxCpu, LinuxMountOptions } from './linux-container.js';
export type { LinuxContainerOptions1 } from './linux-container-of-schema1.js';
export type { LinuxUtilityVmOptions, PersistentMemoryOptions } from './linux-utility-vm.js';
export type { AdapterOptions, MachineCpu, MachineOptions } from './machine.js';
export type { ProcessIsolatedOptions } from './process-isolated.js';
export type { RegistryKey, RegistryOptions, RegistryValue } from './registry.js';
export type { BootOptions, DiskOptions, ScreenOptions, VirtualMachineOptions } from './virtual-machine.js';
export type { WindowsUtilityVmOptions } from './windows-utility-vm.js';
export type { NotExpressed } from '../oci/config.js';
export type { OciMount, ResolvePath } from '../oci/mounts.js';
export type { OciConversion, OciOptions, ParentLayer } from '../oci/options.js';
export type { OciVmOptions } from '../oci/utility-vm.js';
