/**
 * Errors of Windows about services, remote procedure calls and accounts. Each is listed as HRESULT and as plain number.
 *
 * @module
 */
import type { ResultCode } from './result-code.js';

/** By number. */
export const windowsServiceCodes: readonly ResultCode[] = [
  {
    code: 'ERROR_SERVICE_REQUEST_TIMEOUT',
    statuses: [0x8007041d, 1053],
    message: 'The service did not start in time.',
    remedy: 'Start the Host Compute Service (vmcompute) by hand and read the System event log, then try again.',
    class: 'serviceGone',
  },
  {
    code: 'ERROR_SERVICE_DISABLED',
    statuses: [0x80070422, 1058],
    message: 'The service behind the call is disabled.',
    remedy:
      'Set the start type of the Host Compute Service (vmcompute), or of hns for networks, to manual, start it, and open the systems again.',
    class: 'serviceGone',
  },
  {
    code: 'ERROR_SERVICE_DOES_NOT_EXIST',
    statuses: [0x80070424, 1060],
    message: 'The service behind the call is not installed.',
    remedy: 'Enable the Containers feature, and Hyper-V or Virtual Machine Platform for virtual machines, and reboot.',
    class: 'serviceGone',
  },
  {
    code: 'ERROR_SERVICE_NOT_ACTIVE',
    statuses: [0x80070426, 1062],
    message: 'The service behind the call is not running.',
    remedy: 'Start the service (vmcompute for systems, hns for networks), then open every object again.',
    class: 'serviceGone',
  },
  {
    code: 'ERROR_PROCESS_ABORTED',
    statuses: [0x8007042b, 1067],
    message: 'A process of the host ended unexpectedly.',
    remedy: 'Restart the Host Compute Service (vmcompute) and read the System event log.',
    class: 'unexpectedExit',
  },
  {
    code: 'ERROR_SERVICE_DEPENDENCY_FAIL',
    statuses: [0x8007042c, 1068],
    message: 'The service behind the call could not start, because another service that it needs did not.',
    remedy: 'Read the System event log, start the services that vmcompute depends on, and open the systems again.',
    class: 'serviceGone',
  },
  {
    code: 'ERROR_SERVICE_LOGON_FAILED',
    statuses: [0x8007042d, 1069],
    message: 'A service could not log on to the host.',
    remedy:
      'Give the account of the service the right "Log on as a service" again; a domain policy often takes it away.',
    class: 'accessDenied',
  },
  {
    code: 'ERROR_NOT_ALL_ASSIGNED',
    statuses: [0x80070514, 1300],
    message: 'The caller does not hold a privilege that the request needs.',
    remedy: 'Run the program elevated: layers need SeBackupPrivilege and SeRestorePrivilege.',
    class: 'accessDenied',
  },
  {
    code: 'ERROR_NO_LOGON_SERVERS',
    statuses: [0x8007051f, 1311],
    message: 'No domain controller answered the logon.',
    remedy: 'Check the network of the host and the credential specification of the container.',
    class: 'network',
  },
  {
    code: 'ERROR_PRIVILEGE_NOT_HELD',
    statuses: [0x80070522, 1314],
    message: 'The caller does not hold a privilege that the request needs.',
    remedy:
      'Run the program elevated: layers need SeBackupPrivilege and SeRestorePrivilege, links SeCreateSymbolicLinkPrivilege.',
    class: 'accessDenied',
  },
  {
    code: 'ERROR_NO_SUCH_USER',
    statuses: [0x80070525, 1317],
    message: 'The user account does not exist.',
    remedy:
      'Check the user of the process, such as ContainerUser or ContainerAdministrator: it must exist inside the image.',
    class: 'accessDenied',
  },
  {
    code: 'ERROR_LOGON_FAILURE',
    statuses: [0x8007052e, 1326],
    message: 'The user name or password was not accepted.',
    remedy:
      'Check the user of the process: it must exist inside the image, such as ContainerUser or ContainerAdministrator, and have no password. For a domain account check the credential specification.',
    class: 'accessDenied',
  },
  {
    code: 'ERROR_ACCOUNT_DISABLED',
    statuses: [0x80070533, 1331],
    message: 'The user account is disabled.',
    remedy: 'Use another user for the process, or enable the account inside the image.',
    class: 'accessDenied',
  },
  {
    code: 'ERROR_NONE_MAPPED',
    statuses: [0x80070534, 1332],
    message: 'An account name has no security identifier (SID).',
    remedy: 'Check the user of the process and the accounts that the document names: each must exist where it is used.',
    class: 'accessDenied',
  },
  {
    code: 'ERROR_NO_SUCH_DOMAIN',
    statuses: [0x8007054b, 1355],
    message: 'The domain does not exist, or none of its controllers answered.',
    remedy: 'Check the domain in the credential specification and the name resolution of the host.',
    class: 'network',
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
    code: 'RPC_S_UNKNOWN_IF',
    statuses: [0x800706b5, 1717],
    message: 'The service behind the call does not know the interface.',
    remedy: 'Restart the Host Compute Service (vmcompute). When it repeats, this Windows build lacks the call.',
    class: 'serviceGone',
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
    code: 'RPC_S_SERVER_TOO_BUSY',
    statuses: [0x800706bb, 1723],
    message: 'The service behind the call is too busy.',
    remedy: 'Make fewer calls at the same time, and try again later.',
    class: 'resources',
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
    message: 'The service behind the call stopped before it ran the call.',
    remedy: 'Restart the service, open the systems again, and look for systems that were left over.',
    class: 'serviceGone',
  },
  {
    code: 'RPC_S_PROCNUM_OUT_OF_RANGE',
    statuses: [0x800706d1, 1745],
    message: 'The service behind the call is older than the function that was called.',
    remedy: 'Update Windows and reboot, so that the library and the service are of one build.',
    class: 'notSupported',
  },
  {
    code: 'EPT_S_NOT_REGISTERED',
    statuses: [0x800706d9, 1753],
    message: 'The service behind the call is not ready for calls.',
    remedy: 'Start or restart it (vmcompute for systems, hns for networks), then open the systems again.',
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
    code: 'RPC_X_BAD_STUB_DATA',
    statuses: [0x800706f7, 1783],
    message: 'The service could not read the data of the call.',
    remedy: 'Update Windows and reboot, so that the library and the service are of one build.',
    class: 'other',
  },
  {
    code: 'ERROR_NOT_ENOUGH_QUOTA',
    statuses: [0x80070718, 1816],
    message: 'A quota of memory or other resources is used up.',
    remedy: 'Close what is no longer needed, or restart the program.',
    class: 'resources',
  },
];
