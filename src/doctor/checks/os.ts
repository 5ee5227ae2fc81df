// Which Windows it is.
import type { Check, Finding } from '../check.js';
import { host, notSupported, system } from '../questions.js';
import { unknown, valueOf } from '../read-answer.js';
import { isHost, isSystem } from '../shapes.js';
import { platformName } from '../windows-names.js';

/** The first build whose HCS and HNS have all that this package needs. */
const firstBuild = 17763;
/** The first build with containers. */
const oldestBuild = 14393;

export const osBuild: Check = {
  id: 'os.build',
  title: 'build of Windows',
  goals: ['process', 'hyperv', 'vm', 'lcow', 'layers', 'network'],
  blocks: ['process', 'hyperv', 'vm', 'lcow', 'layers', 'network'],
  rule:
    `RtlGetVersion: ${firstBuild} or newer is right. ${oldestBuild} and newer have schema 1 only, no HCN, and run images of their own ` +
    'revision: a warning. What is older has no containers.',
  source: 'moby/moby daemon/daemon_windows.go; Debug-ContainerHost.ps1 of MicrosoftDocs/Virtualization-Documentation',
  date: '2026-11-30',
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
      return {
        outcome: 'problem',
        cause: `Build ${build} has no containers: they came with ${oldestBuild}, Windows Server 2016.`,
        remedy: `Update Windows to build ${firstBuild} (Windows Server 2019, Windows 10 1809) or newer.`,
      };
    }
    return {
      outcome: 'warning',
      cause: `Build ${build} knows schema 1 only, has no HCN, and runs images of its own revision.`,
      remedy: `Update Windows to build ${firstBuild} (Windows Server 2019, Windows 10 1809) or newer.`,
    };
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
