// Which Windows it is, and whether it waits for a restart.
import type { Check, Facts, Finding } from '../check.js';
import { edition, installation, revision } from '../describe-host.js';
import { host, notSupported, registryKey, service, system } from '../questions.js';
import { askFor, CannotTell, unknown, valueOf } from '../read-answer.js';
import { isHost, isRegistry, isRegistryKey, isService, isSystem } from '../shapes.js';
import { platformName } from '../windows-names.js';
import { isChosen } from './features.js';

/** The first build whose HCS and HNS have all that this package needs. */
export const firstBuild = 17763;
/** The first build with containers, and its first revision that runs them reliably. */
const oldestBuild = 14393;
const oldestRevision = 351;

const newer = `Update Windows to build ${firstBuild} (Windows Server 2019, Windows 10 1809) or newer.`;

export const osBuild: Check = {
  id: 'os.build',
  title: 'build of Windows',
  goals: ['process', 'hyperv', 'vm', 'lcow', 'layers', 'network'],
  blocks: ['process', 'hyperv', 'vm', 'lcow', 'layers', 'network'],
  rule:
    `RtlGetVersion: ${firstBuild} or newer is right. ${oldestBuild} and newer have schema 1 only, no HCN, and run images of their own ` +
    'revision: a warning. What is older has no containers.',
  source: 'moby/moby daemon/daemon_windows.go; MicrosoftDocs/Virtualization-Documentation Debug-ContainerHost.ps1',
  date: '2026-08-23',
  async find(facts) {
    const answer = await facts.ask(system);
    if ('error' in answer && answer.error === notSupported) {
      const asked = await facts.ask(host);
      return offWindows(answer.call, 'value' in asked && isHost(asked.value) && asked.value.kind === 'simulated');
    }
    if (!('value' in answer)) return unknown(system, answer);
    const { major, minor, build } = valueOf(system, answer, isSystem);
    if (build >= firstBuild) return { outcome: 'ok', note: `${major}.${minor}.${build}` };
    if (build < oldestBuild) {
      const cause = `Build ${build} has no containers: they came with ${oldestBuild}, Windows Server 2016.`;
      return { outcome: 'problem', cause, remedy: newer };
    }
    const cause = `Build ${build} knows schema 1 only, has no HCN, and runs images of its own revision.`;
    return { outcome: 'warning', cause, remedy: newer };
  },
};

function offWindows(platform: string, isSimulated: boolean): Finding {
  const here = `This is ${platformName(platform)}: HCS is a part of Windows`;
  if (isSimulated) return { outcome: 'ok', note: `${here}, and the host is simulated.` };
  return {
    outcome: 'problem',
    cause: `${here}.`,
    remedy:
      'Choose the simulated host (HOSTCOMPUTE_HOST=simulated), or replay what "hostcompute doctor --record" has written on a Windows machine.',
  };
}

async function textOf(facts: Facts, question: string): Promise<string> {
  const { value } = valueOf(question, await facts.ask(question), isRegistry);
  if (typeof value !== 'string') throw new CannotTell(`"${question}" is no text.`);
  return value;
}

const hasContainers = /^(Server|Professional|Enterprise|Education|IoTEnterprise)/;

export const osEdition: Check = {
  id: 'os.edition',
  title: 'edition of Windows',
  goals: ['process', 'hyperv'],
  blocks: ['process', 'hyperv'],
  rule:
    'EditionID and InstallationType: Pro, Enterprise, Education and servers have the feature Containers. Home has not, though ' +
    'Virtual Machine Platform, which is enough for virtual machines. Nano Server is an image, and hosts nothing.',
  source: 'MicrosoftDocs/Virtualization-Documentation deploy-containers/system-requirements.md',
  date: '2026-08-07',
  async find(facts) {
    const [name, kind] = await Promise.all([textOf(facts, edition), textOf(facts, installation)]);
    if (kind === 'Nano Server') {
      const remedy = 'Run on Server Core, Server, or a client.';
      return { outcome: 'problem', cause: 'Nano Server hosts no containers: it is what runs in them.', remedy };
    }
    if (hasContainers.test(name)) return { outcome: 'ok', note: `${name}, ${kind}` };
    if (name.startsWith('Core')) {
      return {
        outcome: 'problem',
        cause: `Windows Home (${name}) has no feature Containers.`,
        remedy:
          'Change to Pro or a server. For virtual machines Home is enough, with the feature VirtualMachinePlatform.',
      };
    }
    return { outcome: 'unknown', cause: `Whether the edition ${name} has containers is not known here.` };
  },
};

export const osRevision: Check = {
  id: 'os.revision',
  title: 'revision of Windows',
  goals: ['process', 'hyperv', 'vm', 'lcow', 'layers', 'network'],
  blocks: ['process', 'hyperv'],
  rule: `The value UBR: any is right but on build ${oldestBuild}, where it has to be ${oldestRevision} or newer.`,
  source: 'MicrosoftDocs/Virtualization-Documentation Debug-ContainerHost.ps1; microsoft/hcsshim osversion',
  date: '2026-08-07',
  async find(facts) {
    const [answer, is] = await Promise.all([facts.ask(revision), facts.ask(system)]);
    const { value } = valueOf(revision, answer, isRegistry);
    if (typeof value !== 'number') throw new CannotTell(`"${revision}" is ${JSON.stringify(value)}, no number.`);
    const { build } = valueOf(system, is, isSystem);
    if (build !== oldestBuild || value >= oldestRevision) return { outcome: 'ok', note: `${build}.${value}` };
    const cause = `${build}.${value} is older than ${oldestBuild}.${oldestRevision}, the first that runs containers reliably.`;
    return { outcome: 'problem', cause, remedy: 'Install the updates of Windows.' };
  },
};

export const osSystemDrive: Check = {
  id: 'os.system-drive',
  title: 'drive of Windows',
  goals: ['process'],
  blocks: ['process'],
  rule: 'GetSystemWindowsDirectoryW: process isolation needs Windows on C:.',
  source: 'MicrosoftDocs/Virtualization-Documentation deploy-containers/system-requirements.md',
  date: '2026-08-07',
  async find(facts) {
    const { windowsDirectory: folder } = valueOf(system, await facts.ask(system), isSystem);
    if (/^c:/i.test(folder)) return { outcome: 'ok', note: folder };
    const cause = `Windows is in ${folder}, and process isolation needs it on C:.`;
    return { outcome: 'problem', cause, remedy: 'Use Hyper-V isolation on this machine.' };
  },
};

export const pendingKeys = [
  'SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Component Based Servicing\\RebootPending',
  'SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\WindowsUpdate\\Auto Update\\RebootRequired',
].map(registryKey);

/** A feature, and a service that it brings. */
const brought = [
  ['Containers', 'vmcompute'],
  ['Microsoft-Hyper-V', 'vmms'],
  ['VirtualMachinePlatform', 'vmcompute'],
] as const;

export const osReboot: Check = {
  id: 'os.reboot',
  title: 'restart',
  goals: ['process', 'hyperv', 'vm', 'lcow', 'layers', 'network'],
  blocks: ['process', 'hyperv', 'vm', 'lcow'],
  rule:
    'The keys RebootPending of Component Based Servicing and RebootRequired of Windows Update: there is one, a warning. A feature ' +
    'that was chosen (Selection, which is not documented) and whose service is not there is a problem: it is not yet in force.',
  source: 'users of Docker on Windows; Component Based Servicing as installers read it',
  date: '2026-08-23',
  async find(facts) {
    const [pending, late] = await Promise.all([
      Promise.all(pendingKeys.map((key) => askFor(facts, key, isRegistryKey))),
      Promise.all(brought.map(([feature, brings]) => isLate(facts, feature, brings))),
    ]);
    const feature = brought.find((_, at) => late[at])?.[0];
    if (feature !== undefined) {
      const cause = `The feature ${feature} was enabled, and is not yet in force.`;
      return { outcome: 'problem', cause, remedy: 'Restart Windows.' };
    }
    if (pending.every((key) => key === null)) return { outcome: 'ok' };
    return { outcome: 'warning', cause: 'Windows waits for a restart.', remedy: 'Restart Windows.' };
  },
};

async function isLate(facts: Facts, feature: string, brings: string): Promise<boolean> {
  if (!(await isChosen(facts, feature))) return false;
  return (await askFor(facts, service(brings), isService)) === null;
}
