/**
 * Rules for containers, of either schema.
 *
 * @module
 */
import { isGuid } from '../../guid.js';
import type { Check, Checker, Members } from '../checker.js';
import { shown } from '../document-text.js';
import type { Path } from '../issue.js';
import {
  isAbsolute,
  isDrive,
  isPipe,
  isText,
  isVolume,
  isVolumeFolder,
  itemsOf,
  membersOf,
  numberOf,
} from './text-forms.js';
import { checkCreate, checkImage } from './system.js';

const atCount: Path = ['Processor', 'Count'];
const atSize: Path = ['Memory', 'SizeInMB'];

const checkContainer: Check = (members, checker) => {
  const { Processor, Memory, MappedDirectories, ContainerCredentialGuard, Networking, GuestOs } = members;
  checkCount(membersOf(Processor).Count, atCount, checker);
  checkMemory(membersOf(Memory).SizeInMB, atSize, checker);
  checkTargets(MappedDirectories, checker, isLinux(checker));
  if (isText(membersOf(Networking).Namespace) && !isText(membersOf(GuestOs).HostName) && !checker.hosted) {
    checker.report(
      'network',
      'is missing, and a host refused a namespace without it',
      ['GuestOs', 'HostName'],
      'warning',
    );
  }
  if (ContainerCredentialGuard !== undefined) checkGuard(membersOf(ContainerCredentialGuard), checker);
};

function checkGuard({ Transport, Cookie, RpcEndpoint }: Members, checker: Checker): void {
  const below: readonly string[] = ['ContainerCredentialGuard'];
  const wanted = checker.hosted ? 'HvSocket' : 'LRPC';
  if (Transport !== undefined && Transport !== wanted) {
    checker.report('credentials', `is ${shown(Transport)}, and this container needs ${wanted}`, [
      ...below,
      'Transport',
    ]);
  }
  if (Cookie === undefined || RpcEndpoint === undefined) {
    checker.report('credentials', 'has no Cookie or no RpcEndpoint, which the service makes', below);
  }
}

const checkStorage: Check = (members, checker) => {
  const { Path, Layers } = members;
  if (isText(Path) && !checker.hosted && !isVolumeFolder(Path)) {
    const form = `\\\\?\\Volume{GUID}\\`;
    const problem = `is ${JSON.stringify(Path)}, not ${form} with its last backslash`;
    checker.report('scratch-path', problem, ['Path'], 'warning');
  }
  checkLayers(Layers, Path, checker);
};

function checkLayers(layers: unknown, writable: unknown, checker: Checker): void {
  const items = itemsOf(layers);
  for (let index = 0; index < items.length; index++) {
    const { ID, Path } = membersOf(items[index]);
    if (ID !== undefined && !isGuid(ID))
      checker.report('layers', `is ${JSON.stringify(ID)}, not a GUID`, ['Layers', index, 'ID'], 'warning');
    if (isText(Path) && sameFolder(Path, writable))
      checker.report('layers', 'is the writable layer', ['Layers', index, 'Path'], 'warning');
  }
}

function sameFolder(path: string, other: unknown): boolean {
  if (!isText(other)) return false;
  const length = trimmedLength(path);
  return (
    length === trimmedLength(other) && path.slice(0, length).toLowerCase() === other.slice(0, length).toLowerCase()
  );
}

// Without the separators at the end.
function trimmedLength(path: string): number {
  let length = path.length;
  while (length > 0 && (path[length - 1] === '\\' || path[length - 1] === '/')) length--;
  return length;
}

/** A limit of memory, in the container or in a change to it. */
export function checkMemory(size: unknown, below: Path, checker: Checker): void {
  const megabytes = numberOf(size);
  if (megabytes !== undefined && megabytes >= 1 && megabytes < 64) {
    checker.report('container-memory', `is ${megabytes} MB, with which a start may hang`, below, 'warning');
  }
}

/** Of processors, against what the host has. */
export function checkCount(count: unknown, below: Path, checker: Checker): void {
  const { processors } = checker.facts.known;
  const wanted = numberOf(count);
  if (processors !== undefined && wanted !== undefined && wanted > processors) {
    checker.report('processor-count', `is ${wanted}, and there are ${processors}`, below);
  }
}

const checkGuestOs: Check = ({ HostName }, checker) => checkHostName(HostName, checker);

const linuxName = /^[\w.-]{0,255}$/;
const windowsName = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;

function checkHostName(name: unknown, checker: Checker): void {
  if (!isText(name)) return;
  const linux = isLinux(checker);
  const form = linux ? linuxName : windowsName;
  if (!form.test(name)) {
    checker.report('host-name', `is ${JSON.stringify(name)}`, ['HostName'], linux ? 'error' : 'warning');
  } else if (!linux && name.length > 15) {
    checker.report('host-name', `has ${name.length} characters, of which NetBIOS keeps 15`, ['HostName'], 'warning');
  }
}

function isLinux(checker: Checker): boolean {
  return checker.facts.known.guestOs === 'Linux';
}

const checkDirectory: Check = ({ HostPath, HostPathType }, checker) => {
  if (isText(HostPath) && HostPathType !== 'VirtualSmbShareName') checkSource(HostPath, checker);
};

function checkSource(path: string, checker: Checker): void {
  if (!isAbsolute(path)) {
    checker.report('mapped-directory', 'is not absolute', ['HostPath'], 'warning');
    return;
  }
  if (/^[A-Za-z]:.*\//.test(path)) {
    const problem = `is ${JSON.stringify(path)}, and a host refused a path with "/"`;
    checker.report('mapped-directory', problem, ['HostPath'], 'warning');
  }
  const { realPath } = checker.facts.known;
  if (realPath === undefined || checker.hosted) return;
  const real = realPath(path);
  if (real === undefined) checker.report('mapped-directory', 'does not exist', ['HostPath']);
  else if (!sameFolder(real, path)) {
    checker.report('mapped-directory', `leads over a link to ${real}`, ['HostPath'], 'warning');
  }
}

/** Where a container of Windows has a mapped directory: what hosts were seen to refuse. */
export function checkTarget(path: unknown, below: Path, checker: Checker): void {
  if (!isText(path)) return;
  const problem = targetProblem(path);
  if (problem !== undefined) checker.report('mapped-directory', problem, below);
  else if (!isAbsolute(path) && !isDrive(path)) checker.report('mapped-directory', 'is not absolute', below, 'warning');
}

function targetProblem(path: string): string | undefined {
  const given = JSON.stringify(path);
  if (path.includes('/')) return `is ${given}, and hosts refuse a path with "/"`;
  if (/^[A-Za-z]:(?:\\|\.|\\\.)$/.test(path)) return `is ${given}, and hosts take a drive as ${path.slice(0, 2)} only`;
  if (/^[ABD-Zabd-z]:\\/.test(path)) return `is ${given}, and hosts refuse a folder of a drive other than C:`;
  return path.endsWith('\\') ? `is ${given}, and hosts refuse a backslash at its end` : undefined;
}

function checkTargets(directories: unknown, checker: Checker, linux: boolean): void {
  const items = itemsOf(directories);
  if (!linux) {
    items.forEach((item, index) => {
      checkTarget(membersOf(item).ContainerPath, ['MappedDirectories', index, 'ContainerPath'], checker);
    });
  }
  if (items.length < 2) return;
  const taken = new Set<string>();
  items.forEach((item, index) => {
    const { ContainerPath } = membersOf(item);
    if (!isText(ContainerPath)) return;
    const target = ContainerPath.slice(0, trimmedLength(ContainerPath)).toLowerCase();
    if (taken.has(target))
      checker.report('mapped-directory', 'is taken', ['MappedDirectories', index, 'ContainerPath'], 'warning');
    taken.add(target);
  });
}

const checkPipe: Check = (members, checker) => {
  const { HostPath, ContainerPipeName, HostPathType } = members;
  if (isText(HostPath) && HostPathType !== 'VirtualSmbPipeName' && !isPipe(HostPath)) {
    checker.report('mapped-pipe', `is ${JSON.stringify(HostPath)}, not \\\\.\\pipe\\NAME`, ['HostPath']);
  }
  if (isText(ContainerPipeName) && /[\\/]/.test(ContainerPipeName)) {
    checker.report('mapped-pipe', `is ${JSON.stringify(ContainerPipeName)}, not a bare name`, ['ContainerPipeName']);
  }
};

const checkNetworking: Check = ({ Namespace }, checker) => {
  if (isLinux(checker) || Namespace === undefined || isGuid(Namespace)) return;
  checker.report('network', `is ${JSON.stringify(Namespace)}, not a GUID`, ['Namespace']);
};

const checkDevice: Check = (members, checker) => {
  const { Type = 'ClassGuid' } = members;
  const wanted = Type === 'ClassGuid' ? 'InterfaceClassGuid' : Type === 'DeviceInstance' ? 'LocationPath' : undefined;
  if (wanted !== undefined && members[wanted] === undefined) checker.report('device', `has no ${wanted}`);
  for (const name of ['InterfaceClassGuid', 'LocationPath'] as const) {
    if (name !== wanted && members[name] !== undefined)
      checker.report('device', `does not go with ${shown(Type)}`, [name]);
  }
};

const checkConfig: Check = (members, checker) => {
  checkCreate(members, checker);
  const { Name, HvPartition, VolumePath, LayerFolderPath, Layers, Credentials, AssignedDevices } = members;
  const { id, imageBuild } = checker.facts.known;
  if (id !== undefined && isText(Name) && Name !== id)
    checker.report('schema1-identity', `is not the id, ${JSON.stringify(id)}`, ['Name']);
  if (HvPartition !== true && imageBuild !== undefined) checkImage(imageBuild, checker);
  checkLayers(Layers, LayerFolderPath, checker);
  if (isText(VolumePath) && !isVolume(VolumePath)) {
    checker.report(
      'scratch-path',
      `is ${JSON.stringify(VolumePath)}, not \\\\?\\Volume{GUID} without a last backslash`,
      ['VolumePath'],
    );
  }
  checkRuntime(members, checker);
  checkShares(members, checker);
  checkHostName(members.HostName, checker);
  checkMemory(members.MemoryMaximumInMB, ['MemoryMaximumInMB'], checker);
  checkCount(members.ProcessorCount, ['ProcessorCount'], checker);
  checkTargets(members.MappedDirectories, checker, isLinux(checker) || isLinuxType(members.ContainerType));
  if (HvPartition === true && itemsOf(AssignedDevices).length > 0) {
    checker.report('schema1-devices', 'needs process isolation', ['AssignedDevices']);
  }
  if (isText(Credentials) && !isJsonObject(Credentials))
    checker.report('credentials', 'is no JSON object', ['Credentials']);
};

function isLinuxType(type: unknown): boolean {
  return isText(type) && type.toLowerCase() === 'linux';
}

function isJsonObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

function checkRuntime({ HvPartition, HvRuntime, VolumePath, ContainerType }: Members, checker: Checker): void {
  const runtime = membersOf(HvRuntime);
  if (HvPartition === true) {
    if (!isText(runtime.ImagePath)) checker.report('hyper-v-runtime', 'needs HvRuntime.ImagePath', ['HvPartition']);
    if (VolumePath !== undefined) checker.report('hyper-v-runtime', 'does not go with HvPartition', ['VolumePath']);
  } else if (HvRuntime !== undefined) {
    checker.report('hyper-v-runtime', 'needs HvPartition', ['HvRuntime']);
  }
  if (!isLinuxType(ContainerType)) return;
  if (HvPartition !== true) {
    checker.report('linux-runtime', 'needs HvPartition', ['ContainerType']);
    return;
  }
  const { LinuxKernelFile, LinuxInitrdFile, BootSource } = runtime;
  const boots = BootSource === 'Vhd' || (isText(LinuxKernelFile) && isText(LinuxInitrdFile));
  if (!boots) checker.report('linux-runtime', 'needs something to boot in HvRuntime', ['ContainerType']);
}

// A process-isolated container has one limit of processors; 0 is none.
function checkShares(members: Members, checker: Checker): void {
  if (members.HvPartition === true) return;
  const given = ['ProcessorCount', 'ProcessorMaximum', 'ProcessorWeight'].filter((name) => numberOf(members[name]));
  const last = given.at(-1);
  if (given.length < 2 || last === undefined) return;
  checker.report('one-processor-limit', `excludes ${given.slice(0, -1).join(' and ')}`, [last], 'warning');
}

export const containerChecks: Readonly<Record<string, Check>> = {
  Container: checkContainer,
  Storage: checkStorage,
  GuestOs: checkGuestOs,
  MappedDirectory: checkDirectory,
  MappedDir: checkDirectory,
  MappedPipe: checkPipe,
  Networking: checkNetworking,
  Device: checkDevice,
  ContainerConfig: checkConfig,
};
