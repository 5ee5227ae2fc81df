/**
 * What `documents` holds: small pure functions, one for each kind of system, that make documents from options or from an OCI
 * configuration. What they return is a plain object in the spelling of HCS, for `ComputeSystem.create()`.
 *
 * @module
 */
export { hostedContainer } from './builders/hosted-container.js';
export { hyperVIsolated } from './builders/hyperv-isolated.js';
export { linuxContainer } from './builders/linux-container.js';
export { linuxUtilityVm } from './builders/linux-utility-vm.js';
export { processIsolated } from './builders/process-isolated.js';
export { virtualMachine } from './builders/virtual-machine.js';
export { vmNetwork } from './builders/vm-network.js';
export { windowsUtilityVm } from './builders/windows-utility-vm.js';
export { fromOciSpec } from './oci/from-oci-spec.js';
export { processFromOciImage } from './oci/image-process.js';
export { utilityVmFromOciSpec } from './oci/utility-vm.js';
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
} from './builders/container-options.js';
export type { SchemaChoice, SystemOptions } from './builders/envelope.js';
export type {
  GuestPlace,
  HostedContainerOptions,
  HostedLayerOptions,
  HostedMountOptions,
  HostedPipeOptions,
} from './builders/hosted-container.js';
export type { HyperVIsolatedDocuments, HyperVIsolatedOptions, VmOptions } from './builders/hyperv-isolated.js';
export type { LinuxContainerOptions, LinuxCpu, LinuxMountOptions } from './builders/linux-container.js';
export type { LinuxContainerOptions1 } from './builders/linux-container-of-schema1.js';
export type { LinuxUtilityVmOptions, PersistentMemoryOptions } from './builders/linux-utility-vm.js';
export type { AdapterOptions, MachineCpu, MachineOptions } from './builders/machine.js';
export type { ProcessIsolatedOptions } from './builders/process-isolated.js';
export type { RegistryKey, RegistryOptions, RegistryValue } from './builders/registry.js';
export type { BootOptions, DiskOptions, ScreenOptions, VirtualMachineOptions } from './builders/virtual-machine.js';
export type { VmNetwork, VmNetworkOptions } from './builders/vm-network.js';
export type { WindowsUtilityVmOptions } from './builders/windows-utility-vm.js';
export type { NotExpressed } from './oci/config.js';
export type { ImageProcess, ImageProcessOptions } from './oci/image-process.js';
export type { OciMount, ResolvePath } from './oci/mounts.js';
export type { OciConversion, OciOptions, ParentLayer } from './oci/oci-options.js';
export type { OciVmOptions } from './oci/utility-vm.js';
