/**
 * What a failure means for the caller. Predicates and retry rules look at the class, never at a
 * text. `notFound`, `alreadyStopped` and `invalidState` are kept narrow, because cleanup treats
 * them as "nothing left to stop": a missing program inside a container is not `notFound`.
 */
export type ResultClass =
  | 'pending'
  | 'notFound'
  | 'exists'
  | 'alreadyStopped'
  | 'invalidState'
  | 'notSupported'
  | 'accessDenied'
  | 'invalidDocument'
  | 'timeout'
  | 'guestUnreachable'
  | 'imageMismatch'
  | 'featureMissing'
  | 'serviceGone'
  | 'unexpectedExit'
  | 'missingExport'
  | 'invalidHandle'
  | 'storage'
  | 'network'
  | 'resources'
  | 'other';

/** What {@link describeStatus} says about one status. */
export interface StatusDescription {
  /** Stable name, such as `HCS_E_SYSTEM_NOT_FOUND`; the same for every spelling of the status. */
  readonly code: string;
  /** One sentence: what happened. */
  readonly message: string;
  /** What to do next; likely causes come first. */
  readonly remedy?: string;
  readonly class: ResultClass;
}

/** One known code with every spelling that hosts are documented or seen to return for it. */
export interface ResultCode extends StatusDescription {
  /**
   * Unsigned 32-bit values, the one of vmcompute.dll first. Windows errors appear as the HRESULT
   * and as the plain error number, since hosts and their result documents use both.
   */
  readonly statuses: readonly number[];
  readonly remedy: string;
}

/**
 * Names a status of the host. Takes it signed or unsigned, in either family of the Host Compute
 * System, as HRESULT or as plain Windows error number. A status without a name still gets a code.
 *
 * @example
 * describeStatus(0xc037010e).code; // 'HCS_E_SYSTEM_NOT_FOUND'
 * describeStatus(-2147024891).code; // 'E_ACCESSDENIED'
 * describeStatus(0xc0370fff).code; // 'HCS_0x80370FFF'
 */
export function describeStatus(status: number): StatusDescription {
  const key = canonicalStatus(status);
  return rowsByStatus().get(key) ?? describeUnknown(key);
}

// Filled at the first failure, so that importing the table costs no more than parsing it.
let rows: ReadonlyMap<number, ResultCode> | undefined;

function rowsByStatus(): ReadonlyMap<number, ResultCode> {
  rows ??= new Map(resultCodes.flatMap((row) => row.statuses.map((status) => [canonicalStatus(status), row] as const)));
  return rows;
}

/**
 * One number for all spellings. The upper bits tell which family a code was written in, not what
 * it means, so the facilities 0x37 (Host Compute System) and 7 (Windows errors) are compared by
 * their low 16 bits. A plain Windows error number stands for its HRESULT.
 */
function canonicalStatus(status: number): number {
  const facility = status & 0x3fff0000;
  const low = status & 0xffff;
  if (facility === 0x00370000) return 0x80370000 + low;
  if (facility === 0x00070000) return 0x80070000 + low;

  const unsigned = status >>> 0;
  return unsigned > 0 && unsigned <= 0xffff ? 0x80070000 + low : unsigned;
}

function describeUnknown(status: number): StatusDescription {
  const hex = '0x' + status.toString(16).toUpperCase().padStart(8, '0');
  const low = status & 0xffff;
  switch (status >>> 16) {
    case 0x8037:
      return {
        code: `HCS_${hex}`,
        message: 'The Host Compute System failed with a code that has no name here.',
        remedy: 'Read the events of the error, then the Hyper-V-Compute event log.',
        class: 'other',
      };
    case 0x803b:
      return {
        code: `HCN_E_${hex}`,
        message: 'The Host Network Service failed with one of its own codes.',
        remedy: 'Look up the number in the error codes of the Host Compute Network API.',
        class: 'network',
      };
    case 0xc03a:
      return {
        code: `HRESULT_${hex}`,
        message: 'Windows could not work with a virtual disk.',
        remedy: 'Check the disk file and its parent disks, and that no other program uses them.',
        class: 'storage',
      };
    case 0x8007:
      return {
        code: `HRESULT_${hex}`,
        message: `Windows failed with error ${low}, which has no name here.`,
        remedy: `Run "net helpmsg ${low}" on the host to read its meaning.`,
        class: 'other',
      };
    default:
      return {
        code: `HRESULT_${hex}`,
        message: 'The host failed with a code that has no name here.',
        class: 'other',
      };
  }
}

/**
 * Every code with a name of its own: the Host Compute System first, then the hypervisor and virtual
 * disks, then COM, then Windows errors by number.
 *
 * The Host Compute System has two families for one list of conditions: 0xC03701xx
 * (`ERROR_VMCOMPUTE_*`) and 0x803701xx (`HCS_E_*`). Both get the `HCS_E_` name.
 */
export const resultCodes: readonly ResultCode[] = [
  {
    code: 'HCS_E_TERMINATED_DURING_START',
    statuses: [0xc0370100, 0x80370100],
    message: 'The system died while it was starting.',
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
    message: 'The connection to the guest, the operating system inside the system, went away.',
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
    code: 'ERROR_VIRTUAL_DISK_LIMITATION',
    statuses: [0xc03a001a],
    message: 'The host file of the virtual disk is compressed, encrypted or sparse.',
    remedy:
      'Clear these attributes on the file and its folder ("compact /u", "cipher /d", "fsutil ' +
      'sparse setflag <file> 0"), then try again.',
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
    code: 'ERROR_SHARING_VIOLATION',
    statuses: [0x80070020, 32],
    message: 'A file is in use by another program.',
    remedy:
      'Look for a scratch layer that is attached elsewhere and for antivirus. An earlier failure ' +
      'of the same layer may be the real one.',
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
    code: 'E_INVALIDARG',
    statuses: [0x80070057, 87],
    message: 'The host rejected an argument of the call.',
    remedy:
      'Leave out options that this Windows build lacks, such as a size when mounting a layer, ' +
      'and ask only a process operation for process information.',
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
    code: 'ERROR_FILENAME_EXCED_RANGE',
    statuses: [0x800700ce, 206],
    message: 'A file name or path is too long.',
    remedy: 'Move the storage root to a shorter path, or update the host.',
    class: 'storage',
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
    code: 'ERROR_SERVICE_NOT_ACTIVE',
    statuses: [0x80070426, 1062],
    message: 'The service behind the call is not running.',
    remedy: 'Start the service (vmcompute for systems, hns for networks), then open every object again.',
    class: 'serviceGone',
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
    code: 'ERROR_LOGON_TYPE_NOT_GRANTED',
    statuses: [0x80070569, 1385],
    message: 'The account that runs virtual machines may not log on to the host.',
    remedy:
      'Give the group NT VIRTUAL MACHINE\\Virtual Machines (S-1-5-83-0) the right "Log on as a ' +
      'service"; a domain policy often takes it away.',
    class: 'accessDenied',
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
    message: 'The host gave up waiting.',
    remedy:
      'When mounting layers, mount one at a time and retry. If it repeats, list the file system ' +
      'filters with "fltmc" and look for foreign ones.',
    class: 'timeout',
  },
  {
    code: 'RPC_S_SERVER_UNAVAILABLE',
    statuses: [0x800706ba, 1722],
    message: 'The service behind the call does not answer.',
    remedy:
      'Start or restart it (vmcompute for systems, hns for networks). Every handle is stale ' +
      'then: open the systems again.',
    class: 'serviceGone',
  },
  {
    code: 'RPC_S_CALL_FAILED',
    statuses: [0x800706be, 1726],
    message: 'The service behind the call stopped during the call.',
    remedy:
      'Restart the service and open the systems again. The call may have taken effect: look ' + 'before repeating it.',
    class: 'serviceGone',
  },
  {
    code: 'RPC_S_CALL_FAILED_DNE',
    statuses: [0x800706bf, 1727],
    message: 'The service behind the call went away before it ran the call.',
    remedy: 'Restart the service, open the systems again, and look for systems that were left over.',
    class: 'serviceGone',
  },
  {
    code: 'RPC_X_SS_IN_NULL_CONTEXT',
    statuses: [0x800706ef, 1775],
    message: 'The handle belongs to an earlier run of the service.',
    remedy: 'The service was restarted: close the handle and open the system again.',
    class: 'serviceGone',
  },
  {
    code: 'ERROR_DUPLICATE_TAG',
    statuses: [0x800707de, 2014],
    message: 'The document lists something twice.',
    remedy: 'Look for two file shares (Plan9) with the same name first, then for other duplicates.',
    class: 'invalidDocument',
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
    code: 'ERROR_INVALID_STATE',
    statuses: [0x8007139f, 5023],
    message: 'The object is not in a state that allows this request.',
    remedy: 'Check the state first. When cleaning up, a system that has stopped only needs close().',
    class: 'invalidState',
  },
];

export function failed(status: number): boolean {
  return status >>> 31 === 1;
}

/** Whether a host that refuses to close a handle no longer knows it, so that it needs no closing. */
export function isHandleGone(status: number): boolean {
  const { class: kind } = describeStatus(status);
  return kind === 'invalidHandle' || kind === 'serviceGone';
}
