/**
 * Rules for documents as a whole, and for what all kinds of system share.
 *
 * @module
 */
import type { Check, Checker, Members } from '../checker.js';
import { versionNumber } from '../schema.js';
import { schemaBuilds } from '../tables.js';
import { isSddl, isText, membersOf } from './forms.js';

/** What does not depend on the members: the id, the caller and the host. */
export function checkCreate(members: Members, checker: Checker): void {
  const { id, idInUse, administrator, hypervisor } = checker.facts.known;
  if (id !== undefined) checkId(id, idInUse === true, checker);
  if (administrator === false) checker.report('administrator', 'is for an administrator, which the caller is not');
  const isolated = members.VirtualMachine !== undefined || members.HvPartition === true;
  if (isolated && hypervisor === false) {
    checker.report('hypervisor', 'needs the hypervisor, which does not run', [
      members.VirtualMachine === undefined ? 'HvPartition' : 'VirtualMachine',
    ]);
  }
}

function checkId(id: string, inUse: boolean, checker: Checker): void {
  if (!/^[\w.@-]+$/.test(id)) checker.report('id', `cannot have the id ${JSON.stringify(id)}`);
  else if (/^[0-]{36}$/.test(id)) checker.report('id', 'cannot have the null GUID as its id');
  else if (inUse) checker.report('id', `has the id of another system, ${id}`);
}

const checkSystem: Check = (members, checker) => {
  const { Container, SchemaVersion, HostingSystemId } = members;
  checkCreate(members, checker);
  const { Major, Minor } = membersOf(SchemaVersion);
  if (typeof Major === 'number') checkVersion(Major, typeof Minor === 'number' ? Minor : 0, checker);
  else if (SchemaVersion !== undefined && Major === undefined)
    checker.report('schema-for-build', 'has no Major', ['SchemaVersion']);
  if (HostingSystemId === '') checker.report('hosted-system', 'is empty', ['HostingSystemId']);
  const { hostingSystemState: state, imageBuild } = checker.facts.known;
  if (HostingSystemId !== undefined && state !== undefined && state !== 'Running') {
    checker.report('hosted-system', `is a system that ${state === null ? 'does not exist' : `is ${state}`}`, [
      'HostingSystemId',
    ]);
  }
  if (Container !== undefined && imageBuild !== undefined) checkImage(imageBuild, checker);
};

// The newest first.
const firstBuilds = schemaBuilds.map(([schema, first]) => [versionNumber(schema), first] as const).reverse();

// Each version has its first build; what the host speaks counts where it is known.
function checkVersion(major: number, minor: number, checker: Checker): void {
  const { build, version } = checker.facts;
  const stated = `${major}.${minor}`;
  const below: readonly string[] = ['SchemaVersion'];
  if (major !== 2) {
    checker.report('schema-for-build', `is ${stated}, and the members are of schema 2`, below);
    return;
  }
  const version2 = major * 1000 + minor;
  const [, first] = firstBuilds.find(([schema]) => schema <= version2)!;
  if (build < first)
    checker.report('schema-for-build', `is ${stated}, which needs build ${first}, and this is ${build}`, below);
  else if (version2 > version) {
    checker.report('schema-for-build', `is ${stated}, which is more than the host speaks`, below);
  }
}

// The long-term releases whose images newer hosts run.
const stable = [26100, 20348];

/** Below 20348 the builds are equal; from there on an image may be as old as the long-term release before. */
export function checkImage(imageBuild: number, checker: Checker): void {
  const { build } = checker.facts;
  if (build === Infinity) return;
  const oldest = stable.find((release) => build > release) ?? build;
  if (imageBuild > build || imageBuild < oldest) {
    checker.report(
      'image-build',
      `has an image of build ${imageBuild}, which build ${build} does not run in a process`,
    );
  }
}

const checkSocketConfig: Check = (members, checker) => {
  for (const name of ['DefaultBindSecurityDescriptor', 'DefaultConnectSecurityDescriptor'])
    checkDescriptor(name, members, checker);
};

const checkService: Check = (members, checker) => {
  for (const name of ['BindSecurityDescriptor', 'ConnectSecurityDescriptor']) checkDescriptor(name, members, checker);
};

function checkDescriptor(name: string, members: Members, checker: Checker): void {
  const value = members[name];
  if (isText(value) && !isSddl(value)) checker.report('socket-table', `is ${JSON.stringify(value)}, not SDDL`, [name]);
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

const checkRegistryValue: Check = (members, checker) => {
  const { Name, Type, CustomType } = members;
  if (typeof Name !== 'string') checker.report('registry-value', 'has no Name'); // it may be empty
  const wanted = dataOf[String(Type)];
  const given = ['StringValue', 'BinaryValue', 'DWordValue', 'QWordValue'].filter(
    (name) => members[name] !== undefined,
  );
  if (wanted !== undefined && given.length === 0)
    checker.report('registry-value', `has no ${wanted}, which ${String(Type)} needs`);
  const stray = given.find((name) => name !== wanted);
  if (given.length === 1 && stray !== undefined && typeof Type === 'string') {
    checker.report('registry-value', `does not go with ${Type}`, [stray]);
  }
  if (CustomType !== undefined && Type !== 'CustomType') {
    checker.report('registry-value', 'needs Type CustomType', ['CustomType']);
  }
};

export const systemChecks: Readonly<Record<string, Check>> = {
  ComputeSystem: checkSystem,
  HvSocketSystemConfig: checkSocketConfig,
  HvSocketServiceConfig: checkService,
  RegistryValue: checkRegistryValue,
};
