/**
 * Rules for containers, of either schema.
 *
 * @module
 */
import { isGuid } from '../../guid.js';
import type { Requirement } from '../../errors/errors.js';
import { quoted } from '../../shortened.js';
import { notShown } from '../../errors/errors.js';
import type { Check, CheckContext, Members } from '../check.js';
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
      'must be set with a namespace, which a host refused without it',
      undefined,
      ['GuestOs', 'HostName'],
      'warning',
    );
  }
  if (ContainerCredentialGuard !== undefined) checkGuard(membersOf(ContainerCredentialGuard), checker);
};

function checkGuard({ Transport, Cookie, RpcEndpoint }: Members, checker: CheckContext): void {
  const below: readonly string[] = ['ContainerCredentialGuard'];
  const wanted = checker.hosted ? 'HvSocket' : 'LRPC';
  if (Transport !== undefined && Transport !== wanted) {
    checker.report('credentials', `must be ${wanted} for this container`, Transport, [...below, 'Transport']);
  }
  if (Cookie === undefined || RpcEndpoint === undefined) {
    checker.report('credentials', 'must have the Cookie and the RpcEndpoint that the service returns', notShown, below);
  }
}

const checkStorage: Check = (members, checker) => {
  const { Path, Layers } = members;
  if (isText(Path) && !checker.hosted && !isVolumeFolder(Path)) {
    const form = `\\\\?\\Volume{GUID}\\`;
    checker.report('scratch-path', `must be ${form} with the backslash at its end`, Path, ['Path'], 'warning');
  }
  checkLayers(Layers, Path, checker);
};

function checkLayers(layers: unknown, writable: unknown, checker: CheckContext): void {
  const items = itemsOf(layers);
  for (let index = 0; index < items.length; index++) {
    const { ID, Path } = membersOf(items[index]);
    if (ID !== undefined && !isGuid(ID))
      checker.report('layers', 'must be a GUID', ID, ['Layers', index, 'ID'], 'warning');
    if (isText(Path) && sameFolder(Path, writable))
      checker.report('layers', 'must not be the writable layer', Path, ['Layers', index, 'Path'], 'warning');
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
export function checkMemory(size: unknown, below: Path, checker: CheckContext): void {
  const megabytes = numberOf(size);
  if (megabytes !== undefined && megabytes >= 1 && megabytes < 64) {
    checker.report('container-memory', 'must be at least 64 MB: with less, a start may hang', size, below, 'warning');
  }
}

/** Of processors, against what the host has. */
export function checkCount(count: unknown, below: Path, checker: CheckContext): void {
  const { processors } = checker.facts.known;
  const wanted = numberOf(count);
  if (processors !== undefined && wanted !== undefined && wanted > processors) {
    checker.report('processor-count', `must be at most ${processors}, the processors of the host`, count, below);
  }
}

const checkGuestOs: Check = ({ HostName }, checker) => checkHostName(HostName, checker);

const linuxName = /^[\w.-]{0,255}$/;
const windowsName = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;

function checkHostName(name: unknown, checker: CheckContext): void {
  if (!isText(name)) return;
  const linux = isLinux(checker);
  const form = linux ? linuxName : windowsName;
  if (!form.test(name)) {
    const wanted = linux
      ? 'at most 255 letters, digits, "_", "-" and "."'
      : '1 to 63 letters, digits and inner hyphens';
    checker.report('host-name', `must be ${wanted}`, name, ['HostName'], linux ? 'error' : 'warning');
  } else if (!linux && name.length > 15) {
    checker.report('host-name', 'must be at most 15 characters, the limit of NetBIOS', name, ['HostName'], 'warning');
  }
}

function isLinux(checker: CheckContext): boolean {
  return checker.facts.known.guestOs === 'Linux';
}

const checkDirectory: Check = ({ HostPath, HostPathType }, checker) => {
  if (isText(HostPath) && HostPathType !== 'VirtualSmbShareName') checkSource(HostPath, checker);
};

function checkSource(path: string, checker: CheckContext): void {
  if (!isAbsolute(path)) {
    checker.report('mapped-directory', 'must be an absolute path', path, ['HostPath'], 'warning');
    return;
  }
  if (/^[A-Za-z]:.*\//.test(path)) {
    checker.report('mapped-directory', 'must not contain "/", which a host refused', path, ['HostPath'], 'warning');
  }
  const { realPath } = checker.facts.known;
  if (realPath === undefined || checker.hosted) return;
  const real = realPath(path);
  if (real === undefined) checker.report('mapped-directory', 'must exist', path, ['HostPath']);
  else if (!sameFolder(real, path)) {
    checker.report(
      'mapped-directory',
      `must not go through a link: it leads to ${real}`,
      path,
      ['HostPath'],
      'warning',
    );
  }
}

/** The target of a mapped directory in a Windows container: what hosts were seen to refuse. */
export function checkTarget(path: unknown, below: Path, checker: CheckContext): void {
  if (!isText(path)) return;
  const requirement = targetRequirement(path);
  if (requirement !== undefined) checker.report('mapped-directory', requirement, path, below);
  else if (!isAbsolute(path) && !isDrive(path)) {
    checker.report('mapped-directory', 'must be an absolute path', path, below, 'warning');
  }
}

function targetRequirement(path: string): Requirement | undefined {
  if (path.includes('/')) return 'must not contain "/"';
  if (/^[A-Za-z]:(?:\\|\.|\\\.)$/.test(path)) return `must be ${path.slice(0, 2)} for a whole drive`;
  if (/^[ABD-Zabd-z]:\\/.test(path)) return 'must be a folder of C:, or a whole drive';
  return path.endsWith('\\') ? 'must not end with a backslash' : undefined;
}

function checkTargets(directories: unknown, checker: CheckContext, linux: boolean): void {
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
    if (taken.has(target)) {
      const below: Path = ['MappedDirectories', index, 'ContainerPath'];
      checker.report('mapped-directory', 'must be the target of one directory only', ContainerPath, below, 'warning');
    }
    taken.add(target);
  });
}

const checkPipe: Check = (members, checker) => {
  const { HostPath, ContainerPipeName, HostPathType } = members;
  if (isText(HostPath) && HostPathType !== 'VirtualSmbPipeName' && !isPipe(HostPath)) {
    checker.report('mapped-pipe', 'must be \\\\.\\pipe\\NAME', HostPath, ['HostPath']);
  }
  if (isText(ContainerPipeName) && /[\\/]/.test(ContainerPipeName)) {
    checker.report('mapped-pipe', 'must be a name without slashes', ContainerPipeName, ['ContainerPipeName']);
  }
};

const checkNetworking: Check = ({ Namespace }, checker) => {
  if (isLinux(checker) || Namespace === undefined || isGuid(Namespace)) return;
  checker.report('network', 'must be a GUID', Namespace, ['Namespace']);
};

const checkDevice: Check = (members, checker) => {
  const { Type = 'ClassGuid' } = members;
  const wanted = Type === 'ClassGuid' ? 'InterfaceClassGuid' : Type === 'DeviceInstance' ? 'LocationPath' : undefined;
  if (wanted !== undefined && members[wanted] === undefined) checker.report('device', `must have ${wanted}`, notShown);
  for (const name of ['InterfaceClassGuid', 'LocationPath'] as const) {
    if (name !== wanted && members[name] !== undefined)
      checker.report('device', `must not be combined with Type ${String(Type)}`, notShown, [name]);
  }
};

const checkConfig: Check = (members, checker) => {
  checkCreate(members, checker);
  const { Name, HvPartition, VolumePath, LayerFolderPath, Layers, Credentials, AssignedDevices } = members;
  const { id, imageBuild } = checker.facts.known;
  if (id !== undefined && isText(Name) && Name !== id)
    checker.report('schema1-identity', `must be the id, ${quoted(id)}`, Name, ['Name']);
  if (HvPartition !== true && imageBuild !== undefined) checkImage(imageBuild, checker);
  checkLayers(Layers, LayerFolderPath, checker);
  if (isText(VolumePath) && !isVolume(VolumePath)) {
    checker.report('scratch-path', 'must be \\\\?\\Volume{GUID} without a backslash at its end', VolumePath, [
      'VolumePath',
    ]);
  }
  checkRuntime(members, checker);
  checkShares(members, checker);
  checkHostName(members.HostName, checker);
  checkMemory(members.MemoryMaximumInMB, ['MemoryMaximumInMB'], checker);
  checkCount(members.ProcessorCount, ['ProcessorCount'], checker);
  checkTargets(members.MappedDirectories, checker, isLinux(checker) || isLinuxType(members.ContainerType));
  if (HvPartition === true && itemsOf(AssignedDevices).length > 0) {
    checker.report('schema1-devices', 'must not be combined with HvPartition', notShown, ['AssignedDevices']);
  }
  if (isText(Credentials) && !isJsonObject(Credentials))
    checker.report('credentials', 'must be the JSON text of an object', notShown, ['Credentials']);
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

function checkRuntime({ HvPartition, HvRuntime, VolumePath, ContainerType }: Members, checker: CheckContext): void {
  const runtime = membersOf(HvRuntime);
  if (HvPartition === true) {
    if (!isText(runtime.ImagePath)) {
      checker.report('hyper-v-runtime', 'must be combined with HvRuntime.ImagePath', notShown, ['HvPartition']);
    }
    if (VolumePath !== undefined) {
      checker.report('hyper-v-runtime', 'must not be combined with HvPartition', notShown, ['VolumePath']);
    }
  } else if (HvRuntime !== undefined) {
    checker.report('hyper-v-runtime', 'must be combined with HvPartition', notShown, ['HvRuntime']);
  }
  if (!isLinuxType(ContainerType)) return;
  if (HvPartition !== true) {
    checker.report('linux-runtime', 'must be combined with HvPartition', ContainerType, ['ContainerType']);
    return;
  }
  const { LinuxKernelFile, LinuxInitrdFile, BootSource } = runtime;
  const boots = BootSource === 'Vhd' || (isText(LinuxKernelFile) && isText(LinuxInitrdFile));
  if (!boots) {
    const requirement = 'must be combined with a kernel and an initrd, or a BootSource, in HvRuntime';
    checker.report('linux-runtime', requirement, ContainerType, ['ContainerType']);
  }
}

// A process-isolated container has one limit of processors; 0 is none.
function checkShares(members: Members, checker: CheckContext): void {
  if (members.HvPartition === true) return;
  const given = ['ProcessorCount', 'ProcessorMaximum', 'ProcessorWeight'].filter((name) => numberOf(members[name]));
  const last = given.at(-1);
  if (given.length < 2 || last === undefined) return;
  const requirement: Requirement = `must not be combined with ${given.slice(0, -1).join(' and ')}`;
  checker.report('one-processor-limit', requirement, notShown, [last], 'warning');
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
