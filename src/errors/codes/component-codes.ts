/**
 * The codes of the hypervisor, of virtual disks and of COM.
 *
 * @module
 */
import type { ResultCode } from './result-code.js';

/** In this order. */
export const componentCodes: readonly ResultCode[] = [
  {
    code: 'ERROR_HV_INVALID_CPU_GROUP_ID',
    statuses: [0xc035006f],
    message: 'The hypervisor does not know this CPU group.',
    remedy: 'List the CPU groups of the host, and create the group before using its id.',
    class: 'other',
  },
  {
    code: 'ERROR_HV_INVALID_CPU_GROUP_STATE',
    statuses: [0xc0350070],
    message: 'The CPU group is not in a state that allows this change.',
    remedy: 'List the CPU groups of the host again and compare them with the change.',
    class: 'other',
  },
  {
    code: 'ERROR_HV_NOT_PRESENT',
    statuses: [0xc0351000],
    message: 'The hypervisor is not running.',
    remedy:
      'Turn on virtualization in the firmware, enable Hyper-V or Virtual Machine Platform, run ' +
      '"bcdedit /set hypervisorlaunchtype auto", and reboot.',
    class: 'featureMissing',
  },
  {
    code: 'ERROR_VHD_FORMAT_UNKNOWN',
    statuses: [0xc03a0004],
    message: 'The file is not a virtual disk of this format.',
    remedy: 'Check the path; a VHDX file has the extension .vhdx.',
    class: 'storage',
  },
  {
    code: 'ERROR_VHD_FORMAT_UNSUPPORTED_VERSION',
    statuses: [0xc03a0005],
    message: 'The virtual disk was made by a later version.',
    remedy: 'Convert the disk with a tool of the host that made it.',
    class: 'storage',
  },
  {
    code: 'ERROR_VHD_SPARSE_HEADER_CORRUPT',
    statuses: [0xc03a0008],
    message: 'The header of the virtual disk is damaged.',
    remedy: 'Restore the file from a copy.',
    class: 'storage',
  },
  {
    code: 'ERROR_VHD_BLOCK_ALLOCATION_TABLE_CORRUPT',
    statuses: [0xc03a000a],
    message: 'The block allocation table of the virtual disk is damaged.',
    remedy: 'Restore the file from a copy.',
    class: 'storage',
  },
  {
    code: 'ERROR_VHD_INVALID_BLOCK_SIZE',
    statuses: [0xc03a000b],
    message: 'The block size of the virtual disk is not valid.',
    remedy: 'Restore the file from a copy.',
    class: 'storage',
  },
  {
    code: 'ERROR_VHD_PARENT_VHD_NOT_FOUND',
    statuses: [0xc03a000d],
    message: 'The parent of the virtual disk was not found.',
    remedy: 'Move the parent back to where it was when the disk was created, or create the disk again.',
    class: 'storage',
  },
  {
    code: 'ERROR_VHD_CHILD_PARENT_ID_MISMATCH',
    statuses: [0xc03a000e],
    message: 'The parent of the virtual disk is not the one that the disk was created on, or was changed since.',
    remedy: 'Restore the parent, or create the disk again.',
    class: 'storage',
  },
  {
    code: 'ERROR_VHD_METADATA_READ_FAILURE',
    statuses: [0xc03a0010],
    message: 'The metadata of the virtual disk cannot be read.',
    remedy: 'Restore the file from a copy.',
    class: 'storage',
  },
  {
    code: 'ERROR_VHD_INVALID_SIZE',
    statuses: [0xc03a0012],
    message: 'The size of the virtual disk is not valid.',
    remedy: 'Restore the file from a copy, or create it with another size.',
    class: 'storage',
  },
  {
    code: 'ERROR_VIRTDISK_PROVIDER_NOT_FOUND',
    statuses: [0xc03a0014],
    message: 'The host has no provider for this type of virtual disk.',
    remedy: 'Use the extension .vhdx.',
    class: 'storage',
  },
  {
    code: 'ERROR_VHD_CHILD_PARENT_SIZE_MISMATCH',
    statuses: [0xc03a0017],
    message: 'The virtual disk does not fit its parent.',
    remedy: 'Restore the parent that the disk was created on, or create the disk again.',
    class: 'storage',
  },
  {
    code: 'ERROR_VHD_DIFFERENCING_CHAIN_CYCLE_DETECTED',
    statuses: [0xc03a0018],
    message: 'The virtual disk is among its own parents.',
    remedy: 'Create the disk again.',
    class: 'storage',
  },
  {
    code: 'ERROR_VHD_DIFFERENCING_CHAIN_ERROR_IN_PARENT',
    statuses: [0xc03a0019],
    message: 'A parent of the virtual disk is damaged.',
    remedy: 'Restore the parent from a copy.',
    class: 'storage',
  },
  {
    code: 'ERROR_VIRTUAL_DISK_LIMITATION',
    statuses: [0xc03a001a],
    message: 'The host file of the virtual disk is compressed, encrypted or sparse.',
    remedy:
      'Clear these attributes on the file and its folder ("compact /u", "cipher /d", "fsutil ' +
      'sparse setflag <file> 0"), then try again.',
    class: 'storage',
  },
  {
    code: 'ERROR_VHD_INVALID_TYPE',
    statuses: [0xc03a001b],
    message: 'The virtual disk is of a type that does not allow this.',
    remedy: 'Check whether the disk is fixed, dynamic or differencing: disk.info() returns its type.',
    class: 'storage',
  },
  {
    code: 'ERROR_VIRTDISK_UNSUPPORTED_DISK_SECTOR_SIZE',
    statuses: [0xc03a001d],
    message: 'The sector size of the virtual disk is not supported.',
    remedy: 'Create the disk with sectors of 512 or 4096 bytes.',
    class: 'storage',
  },
  {
    code: 'STATUS_ASSERTION_FAILURE',
    statuses: [0xc0000420],
    message: 'A check inside Windows failed.',
    remedy: 'When destroying a layer, first unmount the layers that are built on it.',
    class: 'storage',
  },
  {
    code: 'E_NOTIMPL',
    statuses: [0x80004001],
    message: 'The host does not implement this call.',
    remedy: 'Do not use the call on this host. Cancelling an operation, for example, always fails with this code.',
    class: 'notSupported',
  },
  {
    code: 'E_ABORT',
    statuses: [0x80004004],
    message: 'The request was aborted.',
    remedy: 'Check that the Host Compute Service (vmcompute) is running, then open systems again.',
    class: 'other',
  },
  {
    code: 'E_FAIL',
    statuses: [0x80004005],
    message: 'The host or the guest failed without giving a reason.',
    remedy: 'Read the events and the attribution of the error, then the Hyper-V-Compute event log.',
    class: 'other',
  },
  {
    code: 'E_UNEXPECTED',
    statuses: [0x8000ffff],
    message: 'The host failed internally.',
    remedy:
      'For virtual machines and service queries, save the Hyper-V-Compute event log and restart ' +
      'the host. In a layer import, look for damaged registry files in the layer.',
    class: 'other',
  },
  {
    code: 'RPC_E_CALL_CANCELED',
    statuses: [0x80010002],
    message: 'The call to the service was cancelled before it finished.',
    remedy: 'Restart the Host Compute Service (vmcompute) and open the systems again.',
    class: 'other',
  },
  {
    code: 'REGDB_E_IIDNOTREG',
    statuses: [0x80040155],
    message: 'A part of the virtualization features is not registered with Windows.',
    remedy: 'Disable the virtualization features, reboot, enable them, and reboot again.',
    class: 'featureMissing',
  },
  {
    code: 'WBEM_E_INVALID_PARAMETER',
    statuses: [0x80041008],
    message: 'The virtual machine has a setting with a value that the host does not accept.',
    remedy: 'Round the memory size: 8006 MB failed with this code where 8000 MB worked.',
    class: 'invalidDocument',
  },
  {
    code: 'ERROR_HV_INSUFFICIENT_MEMORY',
    statuses: [0xc035000b],
    message: 'The hypervisor has not enough memory for the virtual machine.',
    remedy: 'Give the virtual machine less memory, stop others, or free memory on the host.',
    class: 'resources',
  },
  {
    code: 'RPC_NT_SERVER_UNAVAILABLE',
    statuses: [0xc0020017],
    message:
      'A server that the request needs does not answer, such as the domain controller of a credential specification.',
    remedy: 'Check the credential specification, and that its domain is reachable from the host.',
    class: 'network',
  },
  {
    code: 'E_NOINTERFACE',
    statuses: [0x80004002],
    message: 'A part of the host lacks an interface that another part needs.',
    remedy: 'Update Windows and reboot, so that all parts are of one build.',
    class: 'notSupported',
  },
  {
    code: 'E_POINTER',
    statuses: [0x80004003],
    message: 'The host was passed a null pointer.',
    remedy: 'Report it as an error of this package, with the operation.',
    class: 'other',
  },
  {
    code: 'RPC_E_DISCONNECTED',
    statuses: [0x80010108],
    message: 'The object that was called has lost its service.',
    remedy: 'Restart the Host Compute Service (vmcompute) and open the systems again.',
    class: 'serviceGone',
  },
  {
    code: 'REGDB_E_CLASSNOTREG',
    statuses: [0x80040154],
    message: 'A component that the request needs is not registered with Windows.',
    remedy: 'Disable the virtualization features, reboot, enable them, and reboot again.',
    class: 'featureMissing',
  },
  {
    code: 'CO_E_SERVER_EXEC_FAILURE',
    statuses: [0x80080005],
    message: 'A service of Windows could not be started for the request.',
    remedy: 'Read the System event log, restart the Host Compute Service (vmcompute), and try again.',
    class: 'serviceGone',
  },
];
