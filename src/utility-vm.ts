/**
 * Utility VMs as objects: virtual machines in which containers are hosted, with devices that come and go.
 *
 * @packageDocumentation
 */
export type { Attachment } from './utility-vm/attachment.js';
export type { AssignedDeviceOptions, AssignedDevicePlace } from './utility-vm/devices/pci.js';
export type { PipePlace } from './utility-vm/devices/pipe.js';
export type { Plan9Options, Plan9Place } from './utility-vm/devices/plan9.js';
export type { ScsiOptions, ScsiPlace } from './utility-vm/devices/scsi.js';
export type { VpmemOptions, VpmemPlace } from './utility-vm/devices/vpmem.js';
export type { VsmbOptions, VsmbPlace } from './utility-vm/devices/vsmb.js';
export type { UtilityVmOptions } from './utility-vm/options.js';
export type { UtilityVmUpdate } from './utility-vm/update.js';
export { UtilityVm } from './utility-vm/utility-vm.js';
