/**
 * Rules for the devices of a virtual machine.
 *
 * @module
 */
import { notShown } from '../../errors/errors.js';
import type { Check, CheckContext } from '../check.js';
import type { Path } from '../issue.js';
import { isPipe, isText, itemsOf, membersOf, numberOf } from './text-forms.js';
import { checkFile } from './machine.js';

const atPath: Path = ['Path'];
const atHostPath: Path = ['HostPath'];

const checkComPort: Check = ({ NamedPipe }, checker) => {
  if (isText(NamedPipe) && !isPipe(NamedPipe)) {
    checker.report('com-port', 'must be \\\\.\\pipe\\NAME', NamedPipe, ['NamedPipe'], 'warning');
  }
};

const checkAttachment: Check = ({ Type, Path, ExtensibleVirtualDiskType }, checker) => {
  if (Type === 'ExtensibleVirtualDisk' && ExtensibleVirtualDiskType === undefined) {
    checker.report('attachment-type', 'must have ExtensibleVirtualDiskType', notShown);
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
    checker.report('persistent-memory', `must have at most ${most} devices`, numbers, ['Devices']);
  if (checker.facts.known.arm64 === true) checker.report('persistent-memory', 'must not be used on arm64', notShown);
  for (const number of numbers) {
    const size = numberOf(membersOf(devices[number]).SizeBytes);
    if (size === undefined) continue;
    const below: Path = ['Devices', number, 'SizeBytes'];
    if (size % 4096 !== 0) checker.report('persistent-memory', 'must be a multiple of 4096', size, below);
    if (largest !== undefined && size > largest) {
      checker.report('persistent-memory', `must be at most MaximumSizeBytes, ${largest}`, size, below);
    }
  }
};

const checkPersistentDevice: Check = ({ HostPath }, checker) => checkFile(HostPath, atHostPath, checker);

/** Names of shares, which must differ. */
function checkNames(shares: unknown, checker: CheckContext): void {
  const taken = new Set<string>();
  itemsOf(shares).forEach((share, index) => {
    const { Name } = membersOf(share);
    if (!isText(Name)) return;
    if (taken.has(Name.toLowerCase()))
      checker.report('shares', 'must be unique among the shares', Name, ['Shares', index, 'Name']);
    taken.add(Name.toLowerCase());
  });
}

const checkShares: Check = ({ Shares }, checker) => checkNames(Shares, checker);

const checkSmbShare: Check = ({ Path, AllowedFiles, Options }, checker) => {
  if (itemsOf(AllowedFiles).length > 0 && membersOf(Options).RestrictFileAccess !== true) {
    checker.report('shares', 'must be combined with Options.RestrictFileAccess', notShown, ['AllowedFiles']);
  }
  const { ReadOnly, ShareRead, CacheIo } = membersOf(Options);
  if (ReadOnly !== true && (ShareRead === true || CacheIo === true)) {
    const requirement = 'must have ReadOnly with ShareRead or CacheIo, which a host refused without it';
    checker.report('shares', requirement, notShown, ['Options']);
  }
  checkFile(Path, atPath, checker);
};

// Plan9ShareFlagsRestrictFileAccess.
const restricted = 128;

const checkPlan9Share: Check = ({ AllowedFiles, Flags, Path }, checker) => {
  if (itemsOf(AllowedFiles).length > 0 && ((numberOf(Flags) ?? 0) & restricted) === 0) {
    checker.report('shares', `must be combined with ${restricted} in Flags`, notShown, ['AllowedFiles']);
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
