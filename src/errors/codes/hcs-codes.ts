/**
 * The codes of the Host Compute System. It has two families for one list of conditions: 0xC03701xx (`ERROR_VMCOMPUTE_*`) and
 * 0x803701xx (`HCS_E_*`). Both get the `HCS_E_` name.
 *
 * @module
 */
import type { ResultCode } from './result-code.js';

/** By number. */
export const hcsCodes: readonly ResultCode[] = [
  {
    code: 'HCS_E_TERMINATED_DURING_START',
    statuses: [0xc0370100, 0x80370100],
    message: 'The system stopped while it was starting.',
    remedy:
      'Start again with a fresh scratch layer. When that fails too, look at the Hyper-V-Compute ' +
      'event log, and for antivirus or file system filters that hold the layer.',
    class: 'unexpectedExit',
  },
  {
    code: 'HCS_E_IMAGE_MISMATCH',
    statuses: [0xc0370101, 0x80370101],
    message: 'The Windows version of the container image does not fit the host.',
    remedy: "Use the image tag of the host's own Windows release, or run the container with Hyper-V " + 'isolation.',
    class: 'imageMismatch',
  },
  {
    code: 'HCS_E_HYPERV_NOT_INSTALLED',
    statuses: [0xc0370102, 0x80370102],
    message: 'A feature that virtual machines need is missing or turned off on the host.',
    remedy:
      'Turn on virtualization in the firmware, enable Virtual Machine Platform or Hyper-V, run ' +
      '"bcdedit /set hypervisorlaunchtype auto", and reboot. Where the host is itself a virtual ' +
      'machine, expose virtualization extensions to it.',
    class: 'featureMissing',
  },
  {
    // The only condition whose number differs: a call of vmcompute.dll answers 0xC0370103, a result
    // getter of computecore.dll 0x80370117.
    code: 'HCS_E_OPERATION_PENDING',
    statuses: [0xc0370103, 0x80370117],
    message: 'The host accepted the call and has not finished it yet.',
    remedy: 'This is not a failure: wait for the notification or the result that completes the call.',
    class: 'pending',
  },
  {
    code: 'HCS_E_TOO_MANY_NOTIFICATIONS',
    statuses: [0xc0370104],
    message: 'Too many notification callbacks are registered with the host.',
    remedy: 'Close the systems and processes that are no longer needed, then try again.',
    class: 'resources',
  },
  {
    code: 'HCS_E_INVALID_STATE',
    statuses: [0xc0370105, 0x80370105],
    message: 'The system is not in a state that allows this request.',
    remedy:
      'Check the state first: start needs a created system, pause, shutdown and new processes a ' +
      'running one, resume and save a paused one.',
    class: 'invalidState',
  },
  {
    code: 'HCS_E_UNEXPECTED_EXIT',
    statuses: [0xc0370106, 0x80370106],
    message: 'The system stopped by itself.',
    remedy:
      'Likely causes: a damaged scratch layer (retry with a fresh one), an image patched to a ' +
      'newer revision than the host, antivirus or a file system filter, too little memory. The ' +
      'Hyper-V-Compute event log may say more; a reboot has helped.',
    class: 'unexpectedExit',
  },
  {
    code: 'HCS_E_TERMINATED',
    statuses: [0xc0370107, 0x80370107],
    message: 'The system was stopped by force.',
    remedy: 'Expected after a terminate request; otherwise look for another program that stopped the ' + 'system.',
    class: 'unexpectedExit',
  },
  {
    code: 'HCS_E_CONNECT_FAILED',
    statuses: [0xc0370108, 0x80370108],
    message: 'The host could not connect to the guest, the operating system inside the system.',
    remedy:
      'Give the system more memory or time to boot, check its boot settings and the ' +
      'virtualization features of the host, then start it again.',
    class: 'guestUnreachable',
  },
  {
    code: 'HCS_E_CONNECTION_TIMEOUT',
    statuses: [0xc0370109, 0x80370109],
    message: 'The guest, the operating system inside the system, did not answer in time.',
    remedy:
      'Give it more memory, or more time on a slow disk. When it never connects, check that ' +
      'Virtual Machine Platform and the other virtualization features are fully installed.',
    class: 'guestUnreachable',
  },
  {
    code: 'HCS_E_CONNECTION_CLOSED',
    statuses: [0xc037010a, 0x8037010a],
    message: 'The connection to the guest, the operating system inside the system, was lost.',
    remedy:
      'When stopping the system, treat it as stopped. Otherwise the guest crashed or shut down ' +
      'during the request: look at its exit, then start a new system.',
    class: 'guestUnreachable',
  },
  {
    code: 'HCS_E_UNKNOWN_MESSAGE',
    statuses: [0xc037010b, 0x8037010b],
    message: 'The guest, the operating system inside the system, does not know this request.',
    remedy: 'Leave the request out for this image, or use an image of a newer release.',
    class: 'notSupported',
  },
  {
    code: 'HCS_E_UNSUPPORTED_PROTOCOL_VERSION',
    statuses: [0xc037010c, 0x8037010c],
    message: 'The host and the guest inside the system share no version of their protocol.',
    remedy: "Use an image that matches the host's release, or update the older of the two.",
    class: 'notSupported',
  },
  {
    code: 'HCS_E_INVALID_JSON',
    statuses: [0xc037010d, 0x8037010d],
    message: 'The host rejected the JSON document of the request.',
    remedy:
      'Read the events of the error, which often name the property. Remove fields that this ' +
      'Windows build does not know, or lower the schema version.',
    class: 'invalidDocument',
  },
  {
    code: 'HCS_E_SYSTEM_NOT_FOUND',
    statuses: [0xc037010e, 0x8037010e],
    message: 'No system with this id exists.',
    remedy: 'When cleaning up, treat it as gone; otherwise list the systems and compare the id.',
    class: 'notFound',
  },
  {
    code: 'HCS_E_SYSTEM_ALREADY_EXISTS',
    statuses: [0xc037010f, 0x8037010f],
    message: 'A system with this id already exists.',
    remedy:
      'An earlier program may have ended and left it alive: open it, terminate it, close it, and ' +
      'create again. Otherwise choose another id.',
    class: 'exists',
  },
  {
    code: 'HCS_E_SYSTEM_ALREADY_STOPPED',
    statuses: [0xc0370110, 0x80370110],
    message: 'The system is not running any more.',
    remedy: 'When stopping it, treat this as success; otherwise create the system again.',
    class: 'alreadyStopped',
  },
  {
    code: 'HCS_E_PROTOCOL_ERROR',
    statuses: [0xc0370111, 0x80370111],
    message: 'The host and the guest inside the system broke the protocol between them.',
    remedy: 'Terminate the system and create it again. If it repeats, update host and image.',
    class: 'other',
  },
  {
    code: 'HCS_E_INVALID_LAYER',
    statuses: [0xc0370112, 0x80370112],
    message: 'The image has a layer in a format that the host does not recognise.',
    remedy:
      'Import the layer again on top of all its parents. When it still fails, the image does not ' +
      "fit the host: use the tag of the host's own Windows release.",
    class: 'storage',
  },
  {
    code: 'HCS_E_WINDOWS_INSIDER_REQUIRED',
    statuses: [0xc0370113, 0x80370113],
    message: 'The image is a preview of Windows and the host is not.',
    remedy: 'Use a released image, or a host that is enrolled in the Windows Insider Program.',
    class: 'imageMismatch',
  },
  {
    code: 'HCS_E_SERVICE_NOT_AVAILABLE',
    statuses: [0x80370114],
    message: 'The Host Compute Service, or a Windows feature that it needs, is missing.',
    remedy:
      'Enable Hyper-V and Containers, or Virtual Machine Platform for virtual machines, and ' +
      'reboot. When they are enabled, remove any exploit protection override for vmcompute.exe.',
    class: 'featureMissing',
  },
  {
    code: 'HCS_E_OPERATION_NOT_STARTED',
    statuses: [0x80370115],
    message: 'The result of an operation was asked for before any call had started it.',
    remedy: 'Pass the operation to a call first. This is an error of the calling code, not of the host.',
    class: 'other',
  },
  {
    code: 'HCS_E_OPERATION_ALREADY_STARTED',
    statuses: [0x80370116],
    message: 'The operation is already in use by another call.',
    remedy: 'Use an operation for one call at a time. This is an error of the calling code.',
    class: 'other',
  },
  {
    code: 'HCS_E_OPERATION_TIMEOUT',
    statuses: [0x80370118],
    message: 'The wait for the operation ended before the operation did.',
    remedy:
      'The operation is still running: wait again, or look at the state of the system before ' + 'repeating the call.',
    class: 'timeout',
  },
  {
    code: 'HCS_E_OPERATION_SYSTEM_CALLBACK_ALREADY_SET',
    statuses: [0x80370119],
    message: 'A callback for operations is already registered on this system.',
    remedy: 'Register either one callback on the system or one on each operation, never both.',
    class: 'other',
  },
  {
    code: 'HCS_E_OPERATION_RESULT_ALLOCATION_FAILED',
    statuses: [0x8037011a],
    message: 'There was no memory for the result text of the operation.',
    remedy:
      'Free memory, then look at the state of the system before repeating the call: only its ' +
      'result is known to be lost.',
    class: 'resources',
  },
  {
    code: 'HCS_E_ACCESS_DENIED',
    statuses: [0x8037011b],
    message: 'The caller is neither an administrator nor a member of Hyper-V Administrators.',
    remedy:
      'Run the program elevated, or add the user to Hyper-V Administrators (S-1-5-32-578) and ' +
      'sign out and in again.',
    class: 'accessDenied',
  },
  {
    code: 'HCS_E_GUEST_CRITICAL_ERROR',
    statuses: [0x8037011c],
    message: 'The guest inside the system reported a fatal error and was stopped or restarted.',
    remedy:
      'Look at the attribution of the error and at the crash report for the cause, then start ' + 'the system again.',
    class: 'unexpectedExit',
  },
  {
    code: 'HCS_E_PROCESS_INFO_NOT_AVAILABLE',
    statuses: [0x8037011d],
    message: 'The host has no information about this process.',
    remedy: 'Use the values returned when the process was created, or query them while it runs.',
    class: 'other',
  },
  {
    code: 'HCS_E_SERVICE_DISCONNECT',
    statuses: [0x8037011e],
    message: 'The connection to the Host Compute Service was lost.',
    remedy:
      'The service stopped or crashed and every handle is stale: close them, list the systems ' +
      'that still exist, and open those again.',
    class: 'serviceGone',
  },
  {
    code: 'HCS_E_PROCESS_ALREADY_STOPPED',
    statuses: [0x8037011f],
    message: 'The process has already exited.',
    remedy: 'When killing or signalling it, treat this as success; its exit code is still valid.',
    class: 'alreadyStopped',
  },
  {
    code: 'HCS_E_SYSTEM_NOT_CONFIGURED_FOR_OPERATION',
    statuses: [0x80370120],
    message: 'The system was created without the settings that this request needs.',
    remedy: 'Add the settings to the document and create the system again.',
    class: 'notSupported',
  },
  {
    code: 'HCS_E_OPERATION_ALREADY_CANCELLED',
    statuses: [0x80370121],
    message: 'The operation has already been cancelled.',
    remedy: 'Stop waiting for it, and check the state of the system before repeating the call.',
    class: 'other',
  },
  {
    code: 'ERROR_VNET_VIRTUAL_SWITCH_NAME_NOT_FOUND',
    statuses: [0xc0370200],
    message: 'The virtual switch that the document names does not exist.',
    remedy: 'Compare the network settings of the virtual machine with the switches of the host.',
    class: 'network',
  },
  {
    code: 'ERROR_VSMB_SAVED_STATE_FILE_NOT_FOUND',
    statuses: [0xc0370400],
    message: "A file needed to restore the virtual machine's file shares was not found.",
    remedy:
      'Share the same host folders as when the state was saved, or start the virtual machine ' +
      'without its saved state.',
    class: 'storage',
  },
  {
    code: 'ERROR_VSMB_SAVED_STATE_CORRUPT',
    statuses: [0xc0370401],
    message: "The saved state of the virtual machine's file shares is damaged.",
    remedy: 'Delete the saved state and start the virtual machine without it.',
    class: 'storage',
  },
];
