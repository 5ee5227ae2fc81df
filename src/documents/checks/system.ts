/**
 * Rules for documents as a whole, and for what all kinds of system share.
 *
 * @module
 */
import type { Requirement } from '../../errors/errors.js';
import { notShown } from '../../errors/errors.js';
import type { Check, CheckContext, Members } from '../check.js';
import type { ResolvedFacts } from '../facts.js';
import { versionNumber, versionText } from '../versions.js';
import { schemaBuilds } from '../tables.js';
import { isSddl, isText, membersOf } from './text-forms.js';

/** What does not depend on the members: the id, the caller and the host. */
export function checkCreate(members: Members, checker: CheckContext): void {
  const { id, idInUse, administrator, hypervisor } = checker.facts.known;
  if (id !== undefined) checkId(id, idInUse === true, checker);
  if (administrator === false) {
    checker.report('administrator', 'must be sent by an administrator', notShown);
  }
  const isolated = members.VirtualMachine !== undefined || members.HvPartition === true;
  if (isolated && hypervisor === false) {
    checker.report('hypervisor', 'must not be used without the hypervisor, which does not run', notShown, [
      members.VirtualMachine === undefined ? 'HvPartition' : 'VirtualMachine',
    ]);
  }
}

function checkId(id: string, inUse: boolean, checker: CheckContext): void {
  if (!isSafeId(id)) {
    checker.report('id', 'must have an id of letters, digits, "-", "_", "." and "@"', id, [], 'warning');
  } else if (id.length === 36 && /^[0-]+$/.test(id)) {
    checker.report('id', 'must have an id other than the null GUID', id, [], 'warning');
  } else if (inUse) checker.report('id', 'must have an id that no other system has', id);
}

// Letters, digits and _ . @ - only.
function isSafeId(id: string): boolean {
  for (let at = 0; at < id.length; at++) {
    const code = id.charCodeAt(at);
    const lower = code | 0x20;
    if ((lower >= 0x61 && lower <= 0x7a) || (code >= 0x2d && code <= 0x39 && code !== 0x2f)) continue;
    if (code !== 0x40 && code !== 0x5f) return false;
  }
  return id !== '';
}

const checkSystem: Check = (members, checker) => {
  const { Container, SchemaVersion, HostingSystemId } = members;
  checkCreate(members, checker);
  const { Major, Minor } = membersOf(SchemaVersion);
  if (typeof Major === 'number') checkVersion(Major, typeof Minor === 'number' ? Minor : 0, checker);
  else if (SchemaVersion !== undefined && Major === undefined) {
    checker.report('schema-for-build', 'must have Major', notShown, ['SchemaVersion']);
  }
  if (HostingSystemId === '') {
    checker.report('hosted-system', 'must not be empty', HostingSystemId, ['HostingSystemId']);
  }
  const { hostingSystemState: state, imageBuild } = checker.facts.known;
  if (HostingSystemId !== undefined && state !== undefined && state !== 'Running') {
    const requirement: Requirement = `must be a running system, and this one ${state === null ? 'does not exist' : `is ${state}`}`;
    checker.report('hosted-system', requirement, HostingSystemId, ['HostingSystemId']);
  }
  if (Container !== undefined && imageBuild !== undefined) checkImage(imageBuild, checker);
};

const checkHosted: Check = ({ SchemaVersion }, checker) => {
  if (SchemaVersion !== undefined) return;
  const requirement = 'must be set, since a guest refused members of schema 2 without it';
  checker.report('hosted-system', requirement, SchemaVersion, ['SchemaVersion'], 'warning');
};

function checkVersion(major: number, minor: number, checker: CheckContext): void {
  const requirement = versionRequirement(major, minor, checker.facts);
  if (requirement === undefined) return;
  checker.report('schema-for-build', `${requirement}; received ${major}.${minor}`, notShown, ['SchemaVersion']);
}

// The newest first.
const firstBuilds = schemaBuilds.map(([schema, first]) => [versionNumber(schema), first] as const).reverse();

// Each version has its first build; what the host supports counts where it is known.
function versionRequirement(major: number, minor: number, { build, version }: ResolvedFacts): Requirement | undefined {
  if (major !== 2) return 'must be 2, as the members are';
  const stated = major * 1000 + minor;
  const first = build === Infinity ? 0 : firstBuilds.find(([schema]) => schema <= stated)![1];
  if (build < first) return `must be a version that build ${build} supports, not one of build ${first}`;
  return stated > version ? `must be at most ${versionText(version)}, which the host supports` : undefined;
}

// The long-term releases whose images newer hosts run.
const stable = [26100, 20348];

/** Below 20348 the builds are equal; from there on an image may be as old as the long-term release before. */
export function checkImage(imageBuild: number, checker: CheckContext): void {
  const { build } = checker.facts;
  if (build === Infinity) return;
  const oldest = stable.find((release) => build > release) ?? build;
  if (imageBuild > build || imageBuild < oldest) {
    checker.report('image-build', `must have an image that build ${build} runs process-isolated`, imageBuild);
  }
}

const checkSocketConfig: Check = (members, checker) => {
  checkDescriptor('DefaultBindSecurityDescriptor', members, checker);
  checkDescriptor('DefaultConnectSecurityDescriptor', members, checker);
};

const checkService: Check = (members, checker) => {
  checkDescriptor('BindSecurityDescriptor', members, checker);
  checkDescriptor('ConnectSecurityDescriptor', members, checker);
};

function checkDescriptor(name: string, members: Members, checker: CheckContext): void {
  const value = members[name];
  if (isText(value) && !isSddl(value)) {
    checker.report('socket-table', 'must be a security descriptor in SDDL', value, [name], 'warning');
  }
}

const dataOf: Readonly<Record<string, string>> = {
  String: 'StringValue',
  ExpandedString: 'StringValue',
  MultiString: 'StringValue',
  Binary: 'BinaryValue',
  CustomType: 'BinaryValue',
  DWord: 'DWordValue',
  QWord: 'QWordValue',
};

const dataMembers = ['StringValue', 'BinaryValue', 'DWordValue', 'QWordValue'] as const;

const checkRegistryValue: Check = (members, checker) => {
  const { Name, Type, CustomType } = members;
  if (typeof Name !== 'string') checker.report('registry-value', 'must have Name', notShown, [], 'warning'); // it may be empty
  const wanted = dataOf[String(Type)];
  let given = 0;
  let stray: string | undefined;
  for (const name of dataMembers) {
    if (members[name] === undefined) continue;
    given++;
    if (name !== wanted) stray = name;
  }
  if (wanted !== undefined && given === 0)
    checker.report('registry-value', `must have ${wanted} for Type ${String(Type)}`, notShown);
  if (given === 1 && stray !== undefined && typeof Type === 'string') {
    checker.report('registry-value', `must not be combined with Type ${Type}`, notShown, [stray], 'warning');
  }
  if (CustomType !== undefined && Type !== 'CustomType') {
    checker.report('registry-value', 'must not be used unless Type is CustomType', notShown, ['CustomType'], 'warning');
  }
};

export const systemChecks: Readonly<Record<string, Check>> = {
  ComputeSystem: checkSystem,
  HostedSystem: checkHosted,
  HvSocketSystemConfig: checkSocketConfig,
  HvSocketServiceConfig: checkService,
  RegistryValue: checkRegistryValue,
};
