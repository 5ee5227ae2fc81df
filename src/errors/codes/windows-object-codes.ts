/**
 * Errors of Windows from 170 on: objects, storage, resources. Each is listed as HRESULT and as plain number.
 *
 * @module
 */
import type { ResultCode } from './result-code.js';

/** By number. */
export const windowsObjectCodes: readonly ResultCode[] = [
  {
    code: 'ERROR_BUSY',
    statuses: [0x800700aa, 170],
    message: 'The resource is still in use.',
    remedy: 'Wait until the system has exited before releasing or removing what it used.',
    class: 'other',
  },
  {
    code: 'ERROR_ALREADY_EXISTS',
    statuses: [0x800700b7, 183],
    message: 'The object already exists.',
    remedy: 'Open the existing object, delete it, or choose another name.',
    class: 'exists',
  },
  {
    code: 'ERROR_BAD_EXE_FORMAT',
    statuses: [0x800700c1, 193],
    message: 'The file is not a program that this Windows can run.',
    remedy: 'Check that the program in the image is built for Windows and for the processor of the host.',
    class: 'other',
  },
  {
    code: 'ERROR_FILENAME_EXCED_RANGE',
    statuses: [0x800700ce, 206],
    message: 'A file name or path is too long.',
    remedy: 'Move the storage root to a shorter path, or update the host.',
    class: 'storage',
  },
  {
    code: 'ERROR_EXE_MACHINE_TYPE_MISMATCH',
    statuses: [0x800700d8, 216],
    message: 'The program is built for another kind of processor.',
    remedy: 'Use an image for the processor of the host: amd64 and arm64 images are not interchangeable.',
    class: 'imageMismatch',
  },
  {
    code: 'WAIT_TIMEOUT',
    statuses: [0x80070102, 258],
    message: 'Something inside the host did not answer in time.',
    remedy:
      'The system may still stop: check its state, terminate it, or restart the service if terminate does not complete.',
    class: 'timeout',
  },
  {
    code: 'ERROR_DIRECTORY',
    statuses: [0x8007010b, 267],
    message: 'A path that must be a folder is not one, or does not exist.',
    remedy:
      'Check the working directory of the process inside the image, and the host folders of mapped directories and layers.',
    class: 'other',
  },
  {
    code: 'ERROR_UNTRUSTED_MOUNT_POINT',
    statuses: [0x800701c0, 448],
    message: 'A path leads through a redirected folder that Windows does not trust.',
    remedy:
      'Give the real path of disks and shares: no junction, and no folder that Windows redirects ' +
      'for a packaged app.',
    class: 'storage',
  },
  {
    code: 'ERROR_INVALID_IMAGE_HASH',
    statuses: [0x80070241, 577],
    message: 'Windows refused a file because its signature is not valid.',
    remedy: 'Use an unmodified image of Microsoft, and check the code integrity policy of the host.',
    class: 'other',
  },
  {
    code: 'ERROR_FAILED_DRIVER_ENTRY',
    statuses: [0x80070287, 647],
    message: 'The storage filter is not attached to the volume of the container, or its driver did not load.',
    remedy:
      'Activate and prepare the scratch layer (LayerStore.mount) before starting the container, and pass the path of the volume that this returned.',
    class: 'storage',
  },
  {
    code: 'ERROR_ELEVATION_REQUIRED',
    statuses: [0x800702e4, 740],
    message: 'The request needs an elevated program.',
    remedy: 'Run the program as an administrator.',
    class: 'accessDenied',
  },
  {
    code: 'ERROR_OPERATION_ABORTED',
    statuses: [0x800703e3, 995],
    message: 'The request was cancelled before it completed.',
    remedy: 'Look at the state of the system before repeating the call: its service or a thread of the caller ended.',
    class: 'other',
  },
  {
    code: 'ERROR_BADDB',
    statuses: [0x800703f1, 1009],
    message: 'A registry file in the layer is damaged.',
    remedy: 'Import the layer again; if it repeats, the image itself is damaged.',
    class: 'storage',
  },
  {
    code: 'ERROR_NOT_REGISTRY_FILE',
    statuses: [0x800703f9, 1017],
    message: 'A file of the layer that should hold registry data does not.',
    remedy: 'Import the layer again; if it repeats, the image itself is damaged.',
    class: 'storage',
  },
  {
    code: 'ERROR_KEY_DELETED',
    statuses: [0x800703fa, 1018],
    message: 'A registry key was used after it had been deleted.',
    remedy: 'Unmount and mount the layer again. When it repeats, restart the Host Compute Service (vmcompute).',
    class: 'storage',
  },
  {
    code: 'ERROR_IO_DEVICE',
    statuses: [0x8007045d, 1117],
    message: 'A disk of the host failed.',
    remedy: 'Check the disk and the System event log of the host.',
    class: 'storage',
  },
  {
    code: 'ERROR_DEVICE_NOT_CONNECTED',
    statuses: [0x8007048f, 1167],
    message: 'The storage device is not connected.',
    remedy: 'When mounting a layer, deactivate it and retry about five times with 100 ms between.',
    class: 'storage',
  },
  {
    code: 'ERROR_NOT_FOUND',
    statuses: [0x80070490, 1168],
    message: 'The object was not found.',
    remedy:
      'An exited process and an unknown object look the same here: when cleaning up, treat ' +
      'either as gone; otherwise compare the id with what exists.',
    class: 'notFound',
  },
  {
    code: 'ERROR_CANCELLED',
    statuses: [0x800704c7, 1223],
    message: 'The request was cancelled.',
    remedy: 'Read the events of the error: the code alone does not identify who cancelled it.',
    class: 'other',
  },
  {
    code: 'ERROR_FILE_CORRUPT',
    statuses: [0x80070570, 1392],
    message: 'A file or folder of the layer is damaged.',
    remedy: 'Run "chkdsk" on the volume, then import the layer again.',
    class: 'storage',
  },
  {
    code: 'ERROR_DISK_CORRUPT',
    statuses: [0x80070571, 1393],
    message: 'The file system of a disk is damaged.',
    remedy: 'Run "chkdsk" on the volume. A scratch layer is made new instead.',
    class: 'storage',
  },
  {
    code: 'ERROR_NO_SYSTEM_RESOURCES',
    statuses: [0x800705aa, 1450],
    message: 'The host has run out of kernel resources.',
    remedy: 'Restart the host; on Windows Server 2016 containers leak network resources.',
    class: 'resources',
  },
  {
    code: 'ERROR_COMMITMENT_LIMIT',
    statuses: [0x800705af, 1455],
    message: 'The host has too little memory, even with its page file.',
    remedy: 'Give the virtual machine less memory, or enlarge the page file of the host.',
    class: 'resources',
  },
  {
    code: 'ERROR_TIMEOUT',
    statuses: [0x800705b4, 1460],
    message: 'The host timed out.',
    remedy:
      'When mounting layers, mount one at a time and retry. If it repeats, list the file system ' +
      'filters with "fltmc" and look for foreign ones.',
    class: 'timeout',
  },
  {
    code: 'ERROR_CANT_ACCESS_FILE',
    statuses: [0x80070780, 1920],
    message: 'Windows cannot open the file, often because of a reparse point that the host does not know.',
    remedy: 'Check that the filter which owns the reparse point is loaded: list the filters with "fltmc".',
    class: 'storage',
  },
  {
    code: 'ERROR_DUPLICATE_TAG',
    statuses: [0x800707de, 2014],
    message: 'The document lists something twice.',
    remedy: 'Look for two file shares (Plan9) with the same name first, then for other duplicates.',
    class: 'invalidDocument',
  },
  {
    code: 'ERROR_NOT_A_REPARSE_POINT',
    statuses: [0x80071126, 4390],
    message: 'A file that must be a link is not one.',
    remedy: 'Import the layer again. When it repeats, the image itself is damaged.',
    class: 'storage',
  },
  {
    code: 'ERROR_INVALID_REPARSE_DATA',
    statuses: [0x80071128, 4392],
    message: 'The data of a link in the layer are not valid.',
    remedy: 'Import the layer again. When it repeats, the image itself is damaged.',
    class: 'storage',
  },
  {
    code: 'ERROR_OBJECT_ALREADY_EXISTS',
    statuses: [0x80071392, 5010],
    message: 'An object of the same name already exists on the host.',
    remedy:
      'An earlier program may have ended and left it: open it, end it, close it, and try again. Otherwise choose another id.',
    class: 'exists',
  },
  {
    code: 'ERROR_INVALID_STATE',
    statuses: [0x8007139f, 5023],
    message: 'The object is not in a state that allows this request.',
    remedy: 'Check the state first. When cleaning up, a system that has stopped only needs close().',
    class: 'invalidState',
  },
];
