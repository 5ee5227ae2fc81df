// The libraries of HCS.
import { isAbsent } from '../answer.js';
import type { Check } from '../check.js';
import { library } from '../questions.js';
import { askFor, unknown, valueOf } from '../read-answer.js';
import { isLibrary } from '../shapes.js';
import { enabling } from './features.js';

export const vmcompute = library(
  'vmcompute.dll',
  'HcsEnumerateComputeSystems',
  'HcsCreateComputeSystem',
  'HcsRegisterComputeSystemCallback',
  'HcsCreateProcess',
  'ImportLayer',
  'ActivateLayer',
);

/** ERROR_BAD_EXE_FORMAT */
const otherMachine = 193;

export const libVmcompute: Check = {
  id: 'lib.vmcompute',
  title: 'vmcompute.dll',
  goals: ['process', 'hyperv', 'vm', 'lcow', 'layers'],
  blocks: ['process', 'hyperv', 'vm', 'lcow', 'layers'],
  rule: 'The library is in System32, and has the functions for systems, processes and layers.',
  source: 'moby/moby daemon/daemon_windows.go checkSystem',
  date: '2026-08-23',
  async find(facts) {
    const answer = await facts.ask(vmcompute);
    if (isAbsent(answer)) {
      const wantsVmOnly = facts.goals.every((goal) => goal === 'vm' || goal === 'network');
      const remedy = await enabling(facts, wantsVmOnly ? 'VirtualMachinePlatform' : 'Containers');
      return { outcome: 'problem', cause: 'There is no vmcompute.dll: no feature that brings HCS is enabled.', remedy };
    }
    if ('error' in answer && answer.error === otherMachine) {
      const remedy = 'Run the Node.js of the architecture of this machine.';
      return { outcome: 'problem', cause: 'vmcompute.dll is of another architecture than this program.', remedy };
    }
    if (!('value' in answer)) return unknown(vmcompute, answer);
    const { missing, version } = valueOf(vmcompute, answer, isLibrary);
    if (missing.length === 0) return { outcome: 'ok', ...(version !== null && { note: version }) };
    const cause = `vmcompute.dll has no ${missing.join(', ')}.`;
    return { outcome: 'problem', cause, remedy: 'Update Windows, and look whether something has replaced the file.' };
  },
};

const newer = [
  ['computecore.dll', 'HcsCreateOperation', 'HcsGetServiceProperties'],
  ['computestorage.dll', 'HcsImportLayer', 'HcsInitializeWritableLayer'],
  ['computenetwork.dll', 'HcnEnumerateNetworks', 'HcnCreateEndpoint'],
] as const;

export const newerLibraries = newer.map(([name, ...exports]) => library(name, ...exports));

export const libNewer: Check = {
  id: 'lib.newer',
  title: 'newer libraries',
  goals: ['process', 'hyperv', 'vm', 'lcow', 'layers', 'network'],
  blocks: [],
  rule: 'computecore.dll, computestorage.dll and computenetwork.dll are in System32 with their functions; else a warning.',
  source: 'Microsoft Learn, Host Compute System and Host Compute Network reference; microsoft/hcsshim',
  date: '2026-08-20',
  async find(facts) {
    const found = await Promise.all(newerLibraries.map((question) => askFor(facts, question, isLibrary)));
    const lacks = newer.flatMap(([name], at) => {
      const there = found[at];
      if (there === null || there === undefined) return name;
      return there.missing.length === 0 ? [] : `${there.missing.join(', ')} of ${name}`;
    });
    if (lacks.length === 0) return { outcome: 'ok' };
    return {
      outcome: 'warning',
      cause: `There is no ${lacks.join(', no ')}: what needs it is refused.`,
      remedy: 'They come with build 17763 and a feature: update Windows, and enable Containers or Hyper-V.',
    };
  },
};
