// The services of HCS and HNS.
import type { Check, Finding } from '../check.js';
import type { ServiceValue } from '../questions.js';
import { registryValue, service, system } from '../questions.js';
import { askFor, valueOf } from '../read-answer.js';
import { isRegistry, isService, isSystem } from '../shapes.js';
import { enabling } from './features.js';

export const running = 4;
const startsByItself = 2;
export const disabled = 4;
/** ERROR_SERVICE_NEVER_STARTED: it has not been wanted since Windows was started. */
const neverStarted = 1077;

const states: Readonly<Record<number, string>> = {
  1: 'stopped',
  2: 'starting',
  3: 'stopping',
  4: 'running',
  5: 'continuing',
  6: 'pausing',
  7: 'paused',
};

/** The state for people, with how it ended where it did not end well. */
export function stateOf({ state, exitCode }: ServiceValue): string {
  const name = states[state] ?? `in state ${state}`;
  return state === running || exitCode === 0 || exitCode === neverStarted ? name : `${name}, with ${exitCode}`;
}

/** A service that starts when it is called: to be stopped is no fault. */
function onDemand(name: string, value: ServiceValue): Finding {
  const state = stateOf(value);
  if (value.startType === disabled) {
    const remedy = `Let it start on demand, in an elevated program: sc.exe config ${name} start= demand`;
    return { outcome: 'problem', cause: `The service ${name} is disabled (${state}).`, remedy };
  }
  const isDown = value.state !== running && value.state !== 2;
  if (isDown && (value.startType === startsByItself || value.state !== 1)) {
    const remedy = `Start it in an elevated program: sc.exe start ${name}. If it ends again, the event log of Windows says why.`;
    return { outcome: 'warning', cause: `The service ${name} is ${state}, and should run.`, remedy };
  }
  return { outcome: 'ok', note: `${name} ${state}` };
}

export const svcVmcompute: Check = {
  id: 'svc.vmcompute',
  title: 'Host Compute Service',
  goals: ['process', 'hyperv', 'vm', 'lcow'],
  blocks: ['process', 'hyperv', 'vm', 'lcow'],
  rule: 'The service vmcompute is there and not disabled. Stopped is right where it starts on demand: a call starts it.',
  source: 'moby/moby daemon ensureServicesInstalled; microsoft/WSL src/windows/common/wslutil.cpp',
  date: '2026-08-23',
  async find(facts) {
    const there = await askFor(facts, service('vmcompute'), isService);
    if (there !== null) return onDemand('vmcompute', there);
    const remedy = await enabling(facts, facts.goals.includes('process') ? 'Containers' : 'VirtualMachinePlatform');
    return {
      outcome: 'problem',
      cause: 'There is no service vmcompute: no feature that brings HCS is in force.',
      remedy,
    };
  },
};

export const mitigation = registryValue(
  'SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Image File Execution Options\\vmcompute.exe',
  'MitigationOptions',
);

export const svcVmcomputeMitigation: Check = {
  id: 'svc.vmcompute.mitigation',
  title: 'exploit protection of vmcompute.exe',
  goals: ['process', 'hyperv', 'vm', 'lcow'],
  blocks: [],
  rule: 'No override of exploit protection is set for vmcompute.exe: with some of them it does not start.',
  source: 'microsoft/WSL#4951',
  date: '2026-08-08',
  async find(facts) {
    const set = await askFor(facts, mitigation, isRegistry);
    if (set === null || set.value === 0 || /^0*$/.test(String(set.value))) return { outcome: 'ok' };
    return {
      outcome: 'warning',
      cause: 'Exploit protection has an override for vmcompute.exe, which may keep the service from starting.',
      remedy:
        'Remove vmcompute.exe from Windows Security, App & browser control, Exploit protection, Program settings.',
    };
  },
};

/** From this build on HNS calls its switch, which is a driver of its own. */
const firstWithSwitch = 22621;

export const svcHns: Check = {
  id: 'svc.hns',
  title: 'Host Network Service',
  goals: ['network'],
  blocks: ['network'],
  rule:
    `The service hns is there and not disabled, and from build ${firstWithSwitch} on the driver vfpext: without it HNS is there, ` +
    'and calls to it fail.',
  source: 'microsoft/WSL src/windows/common/wslutil.cpp 1347',
  date: '2026-08-08',
  async find(facts) {
    const [hns, is] = await Promise.all([askFor(facts, service('hns'), isService), facts.ask(system)]);
    if (hns === null) {
      const remedy = await enabling(facts, 'Containers');
      return { outcome: 'problem', cause: 'There is no service hns: no feature that brings it is in force.', remedy };
    }
    const { build } = valueOf(system, is, isSystem);
    if (build >= firstWithSwitch) {
      const vfpext = await askFor(facts, service('vfpext'), isService);
      if (vfpext === null || vfpext.startType === disabled) {
        const remedy = await enabling(facts, 'VirtualMachinePlatform');
        const is = vfpext === null ? 'not there' : 'disabled';
        return { outcome: 'problem', cause: `hns is there, and the driver vfpext that it needs is ${is}.`, remedy };
      }
    }
    return onDemand('hns', hns);
  },
};

export const svcVmms: Check = {
  id: 'svc.vmms',
  title: 'Hyper-V management',
  goals: ['hyperv'],
  blocks: [],
  rule: 'The service vmms is not needed by HCS: not to be there is right. To be there and stopped is a warning.',
  source: 'inferred from what HCS calls',
  date: '2026-11-30',
  async find(facts) {
    const vmms = await askFor(facts, service('vmms'), isService);
    if (vmms === null) return { outcome: 'ok', note: 'not there, and not needed' };
    if (vmms.state === running) return { outcome: 'ok', note: 'vmms running' };
    const remedy = 'Start it in an elevated program, if you use Hyper-V Manager: sc.exe start vmms';
    return { outcome: 'warning', cause: `The service vmms is ${stateOf(vmms)}.`, remedy };
  },
};

export const svcHvhost: Check = {
  id: 'svc.hvhost',
  title: 'HV Host Service',
  goals: ['hyperv', 'vm', 'lcow'],
  blocks: ['hyperv', 'vm', 'lcow'],
  rule: 'The service hvhost, where it is there, is not disabled; stopped is a warning: it runs while the hypervisor does.',
  source: 'general knowledge of Hyper-V; Microsoft Learn, HV Host Service',
  date: '2026-11-30',
  async find(facts) {
    const hvhost = await askFor(facts, service('hvhost'), isService);
    if (hvhost === null) return { outcome: 'ok', note: 'not there' };
    const remedy = 'Let it start on demand, in an elevated program, and restart: sc.exe config hvhost start= demand';
    if (hvhost.startType === disabled) {
      return { outcome: 'problem', cause: 'The service hvhost is disabled.', remedy };
    }
    if (hvhost.state === running) return { outcome: 'ok', note: 'hvhost running' };
    const cause = `The service hvhost is ${stateOf(hvhost)}: it runs while the hypervisor does.`;
    return { outcome: 'warning', cause, remedy: 'Start the hypervisor: see hypervisor.running.' };
  },
};
