/**
 * Rules for the devices of a virtual machine.
 *
 * @module
 */
import type { Check, Checker } from '../checker.js';
import type { Path } from '../issue.js';
import { isPipe, isText, itemsOf, membersOf, numberOf } from './text-forms.js';
import { checkFile } from './machine.js';

const atPath: Path = ['Path'];
const atHostPath: Path = ['HostPath'];

const checkComPort: Check = ({ NamedPipe }, checker) => {
  if (isText(NamedPipe) && !isPipe(NamedPipe)) {
    checker.report('com-port', `is ${JSON.stringify(NamedPipe)}, not \\\\.\\pipe\\NAME`, ['NamedPipe'], 'warning');
  }
};

const checkAttachment: Check = ({ Type, Path, ExtensibleVirtualDiskType }, checker) => {
  if (Type === 'ExtensibleVirtualDisk' && ExtensibleVirtualDiskType === undefined) {
    checker.report('attachment-type', 'has no ExtensibleVirtualDiskType');
  }
  if (Type !== 'PassThru') checkFile(Path, atPath, checker);
};

const checkPersistentMemory: Check = (members, checker) => {
  const { Devices, MaximumCount, MaximumSizeBytes } = members;
  const devices = membersOf(Devices);
  const numbers = Object.keys(devices);
  const most = numberOf(MaximumCount) ?? 128;
  const largest = numberOf(MaximumSizeBytes);
  if (numbers.length > most)
    checker.report('persistent-memory', `has ${numbers.length} devices, not up to ${most}`, ['Devices']);
  if (checker.facts.known.arm64 === true) checker.report('persistent-memory', 'does not exist on arm64');
  for (const number of numbers) {
    const size = numberOf(membersOf(devices[number]).SizeBytes);
    if (size === undefined) continue;
    const below: Path = ['Devices', number, 'SizeBytes'];
    if (size % 4096 !== 0) checker.report('persistent-memory', `is ${size}, not a multiple of 4096`, below);
    if (largest !== undefined && size > largest) {
      checker.report('persistent-memory', `is ${size}, more than MaximumSizeBytes`, below);
    }
  }
};

const checkPersistentDevice: Check = ({ HostPath }, checker) => checkFile(HostPath, atHostPath, checker);

/** Names of shares, which tell them apart. */
function checkNames(shares: unknown, checker: Checker): void {
  const taken = new Set<string>();
  itemsOf(shares).forEach((share, index) => {
    const { Name } = membersOf(share);
    if (!isText(Name)) return;
    if (taken.has(Name.toLowerCase()))
      checker.report('shares', `is ${JSON.stringify(Name)} once more`, ['Shares', index, 'Name']);
    taken.add(Name.toLowerCase());
  });
}

const checkShares: Check = ({ Shares }, checker) => checkNames(Shares, checker);

const checkSmbShare: Check = ({ Path, AllowedFiles, Options }, checker) => {
  if (itemsOf(AllowedFiles).length > 0 && membersOf(Options).RestrictFileAccess !== true) {
    checker.report('shares', 'needs Options.RestrictFileAccess', ['AllowedFiles']);
  }
  const { ReadOnly, ShareRead, CacheIo } = membersOf(Options);
  if (ReadOnly !== true && (ShareRead === true || CacheIo === true)) {
    checker.report('shares', 'is for a share that can only be read, and a host refused it for another', ['Options']);
  }
  checkFile(Path, atPath, checker);
};

// Plan9ShareFlagsRestrictFileAccess.
const restricted = 128;

const checkPlan9Share: Check = ({ AllowedFiles, Flags, Path }, checker) => {
  if (itemsOf(AllowedFiles).length > 0 && ((numberOf(Flags) ?? 0) & restricted) === 0) {
    checker.report('shares', `needs ${restricted} in Flags`, ['AllowedFiles']);
  }
  checkFile(Path, atPath, checker);
};

export const deviceChecks: Readonly<Record<string, Check>> = {
  ComPort: checkComPort,
  Attachment: checkAttachment,
  VirtualPMemController: checkPersistentMemory,
  VirtualPMemDevice: checkPersistentDevice,
  VirtualSmb: checkShares,
  VirtualSmbShare: checkSmbShare,
  Plan9: checkShares,
  Plan9Share: checkPlan9Share,
};
