/**
 * Rules for virtual machines: boot, memory, processors, NUMA.
 *
 * @module
 */
import type { Requirement } from '../../errors/errors.js';
import { notShown } from '../../errors/errors.js';
import type { Check, CheckContext, Members } from '../check.js';
import type { Path } from '../issue.js';
import { checkCount } from './container.js';
import { isText, itemsOf, membersOf, numberOf } from './text-forms.js';

const checkMachine: Check = (members, checker) => {
  const { Chipset, ComputeTopology, Devices, ResourcePartitionId, GuestState } = members;
  const { Memory, Processor, Numa } = membersOf(ComputeTopology);
  const devices = membersOf(Devices);
  checkBoot(membersOf(membersOf(membersOf(Chipset).Uefi).BootThis), devices, checker);
  checkCount(membersOf(Processor).Count, ['ComputeTopology', 'Processor', 'Count'], checker);
  if (isText(ResourcePartitionId) && membersOf(Processor).CpuGroup !== undefined) {
    checker.report('one-processor-group', 'must not be combined with CpuGroup', notShown, ['ResourcePartitionId']);
  }
  checkMachineMemory(membersOf(Memory).SizeInMB, ['ComputeTopology', 'Memory', 'SizeInMB'], checker);
  checkCommit(membersOf(Memory).SizeInMB, checker);
  if (Numa !== undefined) checkNuma(membersOf(Numa), membersOf(Memory), membersOf(Processor), checker);
  checkUtilityVm(devices, checker);
  for (const name of ['GuestStateFilePath', 'RuntimeStateFilePath']) {
    checkFile(membersOf(GuestState)[name], ['GuestState', name], checker);
  }
};

/** Of a VM. That it is even is in the tables. */
export function checkMachineMemory(size: unknown, below: Path, checker: CheckContext): void {
  const megabytes = numberOf(size);
  if (megabytes === undefined || megabytes % 4 !== 2) return;
  checker.report(
    'machine-memory',
    'must be a multiple of 4, since a host refused other numbers',
    size,
    below,
    'warning',
  );
}

function checkCommit(size: unknown, checker: CheckContext): void {
  const { memoryInMB } = checker.facts.known;
  const wanted = numberOf(size);
  if (memoryInMB === undefined || wanted === undefined || wanted <= memoryInMB) return;
  const below: readonly string[] = ['ComputeTopology', 'Memory', 'SizeInMB'];
  checker.report('commit', `must be at most ${memoryInMB} MB, the free memory of the host`, size, below);
}

/** A file that the VM opens itself. */
export function checkFile(path: unknown, below: Path, checker: CheckContext): void {
  const { realPath, accessible } = checker.facts.known;
  if ((realPath === undefined && accessible === undefined) || !isText(path)) return;
  if (realPath !== undefined && realPath(path) === undefined) checker.report('file-access', 'must exist', path, below);
  else if (accessible?.(path) === false) checker.report('file-access', 'must be accessible to the VM', path, below);
}

function checkBoot(
  { DeviceType, DevicePath, DiskNumber, VmbFsRootPath }: Members,
  devices: Members,
  checker: CheckContext,
): void {
  const below: readonly string[] = ['Chipset', 'Uefi', 'BootThis'];
  if (DeviceType === 'ScsiDrive') {
    const controller = membersOf(devices.Scsi)[String(DevicePath)];
    if (controller === undefined) {
      checker.report('boot-entry', 'must be the name of a controller in Scsi', DevicePath, [...below, 'DevicePath']);
    } else if (membersOf(membersOf(controller).Attachments)[String(numberOf(DiskNumber) ?? 0)] === undefined) {
      checker.report('boot-entry', 'must be a LUN with an attachment', numberOf(DiskNumber) ?? 0, [
        ...below,
        'DiskNumber',
      ]);
    }
  }
  if (DeviceType === 'VmbFs' && !isText(VmbFsRootPath) && !hasSystemShare(devices)) {
    const requirement = 'must be combined with a share "os", or with VmbFsRootPath';
    checker.report('boot-entry', requirement, DeviceType, [...below, 'DeviceType']);
  }
}

function hasSystemShare({ VirtualSmb }: Members): boolean {
  return itemsOf(membersOf(VirtualSmb).Shares).some((share) => membersOf(share).Name === 'os');
}

// A VM that boots Windows from the share "os" expects its scratch on its only controller.
function checkUtilityVm(devices: Members, checker: CheckContext): void {
  if (!hasSystemShare(devices)) return;
  const controllers = Object.keys(membersOf(devices.Scsi)).length;
  if (controllers !== 1) {
    checker.report('scsi', 'must have one controller in a Windows utility VM', controllers, ['Devices', 'Scsi']);
  }
}

const wildcard = 255;

function checkNuma(
  { Settings, VirtualNodeCount }: Members,
  memory: Members,
  processor: Members,
  checker: CheckContext,
): void {
  const path: readonly string[] = ['ComputeTopology', 'Numa'];
  const report = (requirement: Requirement, received: unknown, ...below: (string | number)[]): void =>
    checker.report('numa', requirement, received, [...path, ...below]);
  if (memory.AllowOvercommit === true) report('must not be combined with AllowOvercommit', notShown);
  const nodes = itemsOf(Settings).map(membersOf);
  if (nodes.length > 64) report('must have at most 64 nodes', nodes, 'Settings');
  if (nodes.length === 0) return;
  if (VirtualNodeCount !== undefined && numberOf(VirtualNodeCount) !== nodes.length) {
    report(`must be the number of Settings, ${nodes.length}`, VirtualNodeCount, 'VirtualNodeCount');
  }
  const numbers = new Set<number>();
  nodes.forEach((node, index) => {
    const number = numberOf(node.VirtualNodeNumber) ?? 0;
    if (numbers.has(number)) {
      report('must be unique among the nodes', number, 'Settings', index, 'VirtualNodeNumber');
    }
    numbers.add(number);
    if (!numberOf(node.CountOfMemoryBlocks)) report('must have memory', notShown, 'Settings', index);
  });
  const open = nodes.filter((node) => node.PhysicalNodeNumber === wildcard).length;
  if (open > 0 && open < nodes.length) {
    report(`must have the PhysicalNodeNumber ${wildcard} for all nodes or for none`, notShown, 'Settings');
  }
  const sum = (name: string): number => nodes.reduce((total, node) => total + (numberOf(node[name]) ?? 0), 0);
  const [blocks, count] = [sum('CountOfMemoryBlocks'), sum('CountOfProcessors')];
  if (memory.SizeInMB !== undefined && blocks !== numberOf(memory.SizeInMB)) {
    report(`must add up to the memory of the VM, ${numberOf(memory.SizeInMB)} MB`, blocks, 'Settings');
  }
  if (processor.Count !== undefined && count !== numberOf(processor.Count)) {
    report(`must add up to the processors of the VM, ${numberOf(processor.Count)}`, count, 'Settings');
  }
}

const checkRestore: Check = ({ SaveStateFilePath }, checker) =>
  checkFile(SaveStateFilePath, ['SaveStateFilePath'], checker);

const checkKernel: Check = (members, checker) => {
  for (const name of ['KernelFilePath', 'InitRdPath']) checkFile(members[name], [name], checker);
};

export const machineChecks: Readonly<Record<string, Check>> = {
  VirtualMachine: checkMachine,
  RestoreState: checkRestore,
  LinuxKernelDirect: checkKernel,
};
