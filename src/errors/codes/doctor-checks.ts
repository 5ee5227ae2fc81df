/**
 * Which checks of `hostcompute/doctor` can find the cause of a code. The doctor knows nothing of this table, nor this table of it:
 * test/doctor/errors.test.ts holds them together.
 *
 * @module
 */

/** What to ask the doctor about a code. */
export interface DoctorChecks {
  /** Goals, as `--for` takes them. */
  readonly goals: string;
  /** Their ids. */
  readonly checks: readonly string[];
}

const service: DoctorChecks = { goals: 'process', checks: ['lib.vmcompute', 'svc.vmcompute', 'feature.containers'] };
const hypervisor: DoctorChecks = {
  goals: 'hyperv',
  checks: ['feature.hyperv', 'hypervisor.running', 'hypervisor.firmware', 'vm.nested'],
};
const rights: DoctorChecks = {
  goals: 'process,layers',
  checks: ['rights.elevated', 'rights.group', 'rights.privileges'],
};
const memory: DoctorChecks = { goals: 'hyperv', checks: ['memory'] };
const network: DoctorChecks = { goals: 'network', checks: ['net.nat', 'svc.hns'] };
const image: DoctorChecks = { goals: 'process', checks: ['image', 'os.revision'] };

/** By code. */
export const doctorChecks: Readonly<Record<string, DoctorChecks>> = {
  HCS_E_SERVICE_NOT_AVAILABLE: service,
  HCS_E_HYPERV_NOT_INSTALLED: hypervisor,
  ERROR_HV_NOT_PRESENT: hypervisor,
  HCS_E_ACCESS_DENIED: rights,
  E_ACCESSDENIED: rights,
  ERROR_PRIVILEGE_NOT_HELD: { goals: 'layers', checks: ['rights.privileges', 'rights.elevated'] },
  ERROR_LOGON_TYPE_NOT_GRANTED: { goals: 'hyperv', checks: ['rights.vm-logon'] },
  HCS_E_IMAGE_MISMATCH: image,
  HCS_E_UNEXPECTED_EXIT: image,
  HCS_E_INVALID_LAYER: { goals: 'layers', checks: ['disk.filesystem', 'filters.foreign'] },
  ERROR_INVALID_FUNCTION: { goals: 'layers', checks: ['filters.foreign', 'disk.filesystem'] },
  ERROR_VIRTUAL_DISK_LIMITATION: { goals: 'layers,hyperv', checks: ['disk.filesystem'] },
  ERROR_COMMITMENT_LIMIT: memory,
  ERROR_HV_INSUFFICIENT_MEMORY: memory,
  ERROR_SERVICE_DISABLED: service,
  ERROR_SERVICE_DOES_NOT_EXIST: service,
  ERROR_SERVICE_NOT_ACTIVE: service,
  RPC_S_SERVER_UNAVAILABLE: { goals: 'process,network', checks: ['svc.vmcompute', 'svc.hns'] },
  HCN_E_INVALID_SUBNET: network,
  HCN_E_INVALID_IP_SUBNET: network,
};
