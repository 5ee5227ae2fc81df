/**
 * Errors of Windows below 170: files, memory, paths. Each is listed as HRESULT and as plain number.
 *
 * @module
 */
import type { ResultCode } from './result-code.js';

/** By number. */
export const windowsCodes: readonly ResultCode[] = [
  {
    code: 'ERROR_INVALID_FUNCTION',
    statuses: [0x80070001, 1],
    message: 'Windows refused the request as an invalid function.',
    remedy:
      'When mounting a layer, the cause is often a file system filter of a cloud sync, backup or ' +
      'virtual drive program: list the filters with "fltmc", then update or remove it.',
    class: 'storage',
  },
  {
    code: 'ERROR_FILE_NOT_FOUND',
    statuses: [0x80070002, 2],
    message: 'A file or program was not found.',
    remedy:
      'When starting a process, check that the program exists inside the image and that the ' +
      'command line is not quoted as one word. In a layer call, check that the layer is complete.',
    class: 'other',
  },
  {
    code: 'ERROR_PATH_NOT_FOUND',
    statuses: [0x80070003, 3],
    message: 'A path was not found.',
    remedy:
      'Check the folders of all parent layers and the mapped directories on the host. A layer ' +
      'import that fails this way at random often works on a second try.',
    class: 'other',
  },
  {
    code: 'ERROR_TOO_MANY_OPEN_FILES',
    statuses: [0x80070004, 4],
    message: 'Too many files are open.',
    remedy: 'Close handles that are no longer needed, or layers that are mounted and not used.',
    class: 'resources',
  },
  {
    code: 'E_ACCESSDENIED',
    statuses: [0x80070005, 5],
    message: 'Access was denied.',
    remedy:
      'Run the program elevated, and grant a virtual machine access to its disks and shares. ' +
      'When killing a process or tearing a system down, the target is most likely gone already.',
    class: 'accessDenied',
  },
  {
    code: 'E_HANDLE',
    statuses: [0x80070006, 6],
    message: 'The host does not know the handle, or not any more.',
    remedy: 'When querying a system that is stopping, treat it as not running.',
    class: 'invalidHandle',
  },
  {
    code: 'ERROR_NOT_ENOUGH_MEMORY',
    statuses: [0x80070008, 8],
    message: 'There was not enough memory for the request.',
    remedy: 'Free memory on the host, give virtual machines less, or enlarge the page file.',
    class: 'resources',
  },
  {
    code: 'ERROR_INVALID_DATA',
    statuses: [0x8007000d, 13],
    message: 'The host found invalid data, most often in the JSON document.',
    remedy: 'Read the events of the error: the event with id 11000 names the invalid property.',
    class: 'invalidDocument',
  },
  {
    code: 'E_OUTOFMEMORY',
    statuses: [0x8007000e, 14],
    message: 'There was not enough memory.',
    remedy: 'Free memory on the host or enlarge its page file, then try again.',
    class: 'resources',
  },
  {
    code: 'ERROR_WRITE_PROTECT',
    statuses: [0x80070013, 19],
    message: 'The disk or volume is read-only.',
    remedy: 'Check that the scratch layer or disk is writable, and that a read-only layer is not used in its place.',
    class: 'storage',
  },
  {
    code: 'ERROR_NOT_READY',
    statuses: [0x80070015, 21],
    message: 'The storage of the host was not ready.',
    remedy:
      'When mounting a layer, deactivate it and retry about five times with 100 ms between. With ' +
      'some 200 running containers, stop some first.',
    class: 'storage',
  },
  {
    code: 'ERROR_BAD_LENGTH',
    statuses: [0x80070018, 24],
    message: 'A command to Windows had the wrong length.',
    remedy:
      'In a layer import, look for a hard link with a name of one character: a sign of a Linux ' +
      'image on a Windows host.',
    class: 'storage',
  },
  {
    code: 'ERROR_GEN_FAILURE',
    statuses: [0x8007001f, 31],
    message: 'A device or driver of the host does not work.',
    remedy: 'Read the events of the error and the System event log, and reboot the host.',
    class: 'other',
  },
  {
    code: 'ERROR_SHARING_VIOLATION',
    statuses: [0x80070020, 32],
    message: 'A file is in use by another program.',
    remedy:
      'Look for a scratch layer that is attached elsewhere and for antivirus. An earlier failure ' +
      'of the same layer may be the real one.',
    class: 'storage',
  },
  {
    code: 'ERROR_LOCK_VIOLATION',
    statuses: [0x80070021, 33],
    message: 'Another program has locked a part of the file.',
    remedy: 'Find the program that uses the file, such as a backup or antivirus, and try again.',
    class: 'storage',
  },
  {
    code: 'ERROR_WRONG_DISK',
    statuses: [0x80070022, 34],
    message: 'A saved network comes from another version of the Host Network Service.',
    remedy: 'Delete the saved networks and restart the Host Network Service (hns).',
    class: 'network',
  },
  {
    code: 'ERROR_NOT_SUPPORTED',
    statuses: [0x80070032, 50],
    message: 'The host does not support this request.',
    remedy:
      'Enable Hyper-V or Containers and reboot. When they are enabled, this Windows build or ' +
      'this kind of system lacks the request, such as pause for a process-isolated container.',
    class: 'notSupported',
  },
  {
    code: 'ERROR_DUP_NAME',
    statuses: [0x80070034, 52],
    message: 'An object with this name already exists.',
    remedy: 'Open the existing object, delete it, or choose another name.',
    class: 'exists',
  },
  {
    code: 'ERROR_BAD_NETPATH',
    statuses: [0x80070035, 53],
    message: 'The network path was not found.',
    remedy: 'Check that the server of the path is reachable. Layers and disks belong on a local volume.',
    class: 'storage',
  },
  {
    code: 'ERROR_DEV_NOT_EXIST',
    statuses: [0x80070037, 55],
    message: 'The device does not exist.',
    remedy: 'Attach the virtual disk before asking for its path.',
    class: 'storage',
  },
  {
    code: 'ERROR_FILE_EXISTS',
    statuses: [0x80070050, 80],
    message: 'The file already exists.',
    remedy: 'Choose another path, or remove the file that an earlier attempt left.',
    class: 'exists',
  },
  {
    code: 'E_INVALIDARG',
    statuses: [0x80070057, 87],
    message: 'The host rejected an argument of the call.',
    remedy:
      'Leave out options that this Windows build lacks, such as a size when mounting a layer, ' +
      'and ask only a process operation for process information.',
    class: 'other',
  },
  {
    code: 'ERROR_BROKEN_PIPE',
    statuses: [0x8007006d, 109],
    message: 'The other end of a pipe was closed.',
    remedy: 'The process or the guest has ended: look at its exit.',
    class: 'other',
  },
  {
    code: 'ERROR_BUFFER_OVERFLOW',
    statuses: [0x8007006f, 111],
    message: 'A path is too long for a part of the host.',
    remedy: 'Move the storage root to a shorter path, or update the host.',
    class: 'storage',
  },
  {
    code: 'ERROR_DISK_FULL',
    statuses: [0x80070070, 112],
    message: 'The disk is full.',
    remedy:
      'Free space on the volume of the layers and scratch disks and on the system drive, or enlarge the scratch layer, then try again.',
    class: 'resources',
  },
  {
    code: 'ERROR_INSUFFICIENT_BUFFER',
    statuses: [0x8007007a, 122],
    message: 'A buffer that was passed to Windows was too small.',
    remedy: 'Report it as an error of this package, with the operation.',
    class: 'other',
  },
  {
    code: 'ERROR_INVALID_NAME',
    statuses: [0x8007007b, 123],
    message: 'A path in the document is malformed.',
    remedy: 'Check the mapped directories and the layer paths.',
    class: 'invalidDocument',
  },
  {
    code: 'ERROR_MOD_NOT_FOUND',
    statuses: [0x8007007e, 126],
    message: 'A library of the host is missing.',
    remedy: 'Enable the Containers feature, and Hyper-V for virtual machines, and reboot.',
    class: 'featureMissing',
  },
  {
    // Reads like "process not found" and was taken for it elsewhere; it is about an export.
    code: 'ERROR_PROC_NOT_FOUND',
    statuses: [0x8007007f, 127],
    message: 'A library of the host lacks the function that was called.',
    remedy: 'Update Windows, or do not use the call: this build is too old for it.',
    class: 'missingExport',
  },
  {
    code: 'ERROR_DIR_NOT_EMPTY',
    statuses: [0x80070091, 145],
    message: 'The folder is not empty.',
    remedy:
      'Destroy layers with the layer calls, not by deleting their folders, and unmount what is mounted in them first.',
    class: 'storage',
  },
  {
    code: 'ERROR_BAD_PATHNAME',
    statuses: [0x800700a1, 161],
    message: 'A path is malformed.',
    remedy: 'Check the paths of the document: absolute, with backslashes, without a trailing one.',
    class: 'invalidDocument',
  },
];
