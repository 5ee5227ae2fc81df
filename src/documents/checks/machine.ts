/**
 * Rules for virtual machines: boot, memory, processors, NUMA.
 *
 * @module
 */
import type { Check, Checker, Members } from '../checker.js';
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
    checker.report('one-processor-group', 'excludes CpuGroup', ['ResourcePartitionId']);
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
export function checkMachineMemory(size: unknown, below: Path, checker: Checker): void {
  const megabytes = numberOf(size);
  if (megabytes === undefined || megabytes % 4 !== 2) return;
  checker.report(
    'machine-memory',
    `is ${megabytes} MB, and a host refused what is not a multiple of 4`,
    below,
    'warning',
  );
}

function checkCommit(size: unknown, checker: Checker): void {
  const { memoryInMB } = checker.facts.known;
  const wanted = numberOf(size);
  if (memoryInMB === undefined || wanted === undefined || wanted <= memoryInMB) return;
  const below: readonly string[] = ['ComputeTopology', 'Memory', 'SizeInMB'];
  checker.report('commit', `is ${wanted} MB, and the host has ${memoryInMB} left`, below);
}

/** A file that the VM opens itself. */
export function checkFile(path: unknown, below: Path, checker: Checker): void {
  const { realPath, accessible } = checker.facts.known;
  if ((realPath === undefined && accessible === undefined) || !isText(path)) return;
  if (realPath !== undefined && realPath(path) === undefined) checker.report('file-access', 'does not exist', below);
  else if (accessible?.(path) === false) checker.report('file-access', 'is not accessible to the VM', below);
}

function checkBoot(
  { DeviceType, DevicePath, DiskNumber, VmbFsRootPath }: Members,
  devices: Members,
  checker: Checker,
): void {
  const below: readonly string[] = ['Chipset', 'Uefi', 'BootThis'];
  if (DeviceType === 'ScsiDrive') {
    const controller = membersOf(devices.Scsi)[String(DevicePath)];
    if (controller === undefined) {
      checker.report('boot-entry', `is ${JSON.stringify(DevicePath)}, which is no controller in Scsi`, [
        ...below,
        'DevicePath',
      ]);
    } else if (membersOf(membersOf(controller).Attachments)[String(numberOf(DiskNumber) ?? 0)] === undefined) {
      checker.report('boot-entry', `is LUN ${numberOf(DiskNumber) ?? 0}, where nothing is attached`, [
        ...below,
        'DiskNumber',
      ]);
    }
  }
  if (DeviceType === 'VmbFs' && !isText(VmbFsRootPath) && !hasSystemShare(devices)) {
    checker.report('boot-entry', 'is VmbFs, without a share "os" or VmbFsRootPath', [...below, 'DeviceType']);
  }
}

function hasSystemShare({ VirtualSmb }: Members): boolean {
  return itemsOf(membersOf(VirtualSmb).Shares).some((share) => membersOf(share).Name === 'os');
}

// A VM that boots Windows from the share "os" expects its scratch on its only controller.
function checkUtilityVm(devices: Members, checker: Checker): void {
  if (!hasSystemShare(devices)) return;
  const controllers = Object.keys(membersOf(devices.Scsi)).length;
  if (controllers !== 1) {
    checker.report('scsi', `has ${controllers} controllers, and a Windows utility VM has one`, ['Devices', 'Scsi']);
  }
}

const wildcard = 255;

function checkNuma(
  { Settings, VirtualNodeCount }: Members,
  memory: Members,
  processor: Members,
  checker: Checker,
): void {
  const path: readonly string[] = ['ComputeTopology', 'Numa'];
  const say = (problem: string, ...below: (string | number)[]): void =>
    checker.report('numa', problem, [...path, ...below]);
  if (memory.AllowOvercommit === true) say('excludes AllowOvercommit');
  const nodes = itemsOf(Settings).map(membersOf);
  if (nodes.length > 64) say('has more than 64 nodes', 'Settings');
  if (nodes.length === 0) return;
  if (VirtualNodeCount !== undefined && numberOf(VirtualNodeCount) !== nodes.length) {
    say(`is not the number of Settings, ${nodes.length}`, 'VirtualNodeCount');
  }
  const numbers = new Set<number>();
  nodes.forEach((node, index) => {
    const number = numberOf(node.VirtualNodeNumber) ?? 0;
    if (numbers.has(number)) say(`is ${number} once more`, 'Settings', index, 'VirtualNodeNumber');
    numbers.add(number);
    if (!numberOf(node.CountOfMemoryBlocks)) say('has no memory', 'Settings', index);
  });
  const open = nodes.filter((node) => node.PhysicalNodeNumber === wildcard).length;
  if (open > 0 && open < nodes.length) say(`has ${wildcard} for some nodes but not for all`, 'Settings');
  const sum = (name: string): number => nodes.reduce((total, node) => total + (numberOf(node[name]) ?? 0), 0);
  const [blocks, count] = [sum('CountOfMemoryBlocks'), sum('CountOfProcessors')];
  if (memory.SizeInMB !== undefined && blocks !== numberOf(memory.SizeInMB))
    say(`adds up to ${blocks} MB, not to the VM`, 'Settings');
  if (processor.Count !== undefined && count !== numberOf(processor.Count)) {
    say(`adds up to ${count} processors, not to the VM`, 'Settings');
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
