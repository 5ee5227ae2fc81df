// Whether a hypervisor runs, whose it is, and whether it could.
import type { Check, Facts, Finding } from '../check.js';
import type { ProcessorValue } from '../questions.js';
import { hypervisor, processor } from '../questions.js';
import { valueOf } from '../read-answer.js';
import { isHypervisor, isProcessor } from '../shapes.js';
import { enabling } from './features.js';

/** What the processor says; where it has no CPUID, what the platform of Hyper-V says in its place. */
export async function lookAtProcessor(facts: Facts): Promise<ProcessorValue> {
  const value = valueOf(processor, await facts.ask(processor), isProcessor);
  if (value.hypervisor !== null) return value;
  const { present } = valueOf(hypervisor, await facts.ask(hypervisor), isHypervisor);
  return { ...value, hypervisor: present, createPartitions: present };
}

export const hypervisorFirmware: Check = {
  id: 'hypervisor.firmware',
  title: 'virtualization in the firmware',
  goals: ['hyperv', 'vm', 'lcow'],
  blocks: ['hyperv', 'vm', 'lcow'],
  rule:
    'IsProcessorFeaturePresent: virtualization is enabled by the firmware (21), and there are second level address translation (20) and ' +
    'NX (12). While a hypervisor runs the answers say nothing, and it is the proof.',
  source: 'Microsoft Learn, Win32_ComputerSystem HyperVRequirementVirtualizationFirmwareEnabled',
  date: '2026-08-23',
  async find(facts) {
    const is = valueOf(processor, await facts.ask(processor), isProcessor);
    const { firmwareVirtualization, slat, nx } = is;
    if (is.hypervisor === true) return { outcome: 'ok', note: 'a hypervisor runs' };
    if (firmwareVirtualization && slat && nx) return { outcome: 'ok' };
    if (is.hypervisor === null && (await lookAtProcessor(facts)).hypervisor === true) return { outcome: 'ok' };
    if (!firmwareVirtualization) {
      const remedy = 'Enable it in the firmware setup: Intel VT-x, AMD-V or SVM.';
      return { outcome: 'problem', cause: 'Virtualization is off in the firmware.', remedy };
    }
    const what = slat
      ? 'Execution prevention (NX, XD) is off'
      : 'The processor has no second level address translation';
    const remedy = slat
      ? 'Enable it in the firmware setup.'
      : 'Use a machine with a newer processor, or process isolation.';
    return { outcome: 'problem', cause: `${what}, which Hyper-V needs.`, remedy };
  },
};

export const hypervisorRunning: Check = {
  id: 'hypervisor.running',
  title: 'hypervisor',
  goals: ['hyperv', 'vm', 'lcow'],
  blocks: ['hyperv', 'vm', 'lcow'],
  rule:
    'CPUID: a hypervisor runs, and lets this Windows make partitions. Without CPUID WHvGetCapability says whether one runs. Whether a ' +
    'guest of another hypervisor may have its own is what vm.nested asks.',
  source: 'MicrosoftDocs/Virtualization-Documentation tlfs/feature-discovery.md; moby/moby#29079; docker/for-win#2710',
  date: '2026-08-07',
  async find(facts) {
    const is = await lookAtProcessor(facts);
    if (is.createPartitions === true) return { outcome: 'ok', ...(is.vendor !== null && { note: is.vendor }) };
    if (is.hypervisor === true) {
      return {
        outcome: 'skipped',
        cause: `This is a guest of ${is.vendor === null || is.vendor === '' ? 'another hypervisor' : is.vendor}: see vm.nested.`,
      };
    }
    return none(await enabling(facts, 'VirtualMachinePlatform'));
  },
};

function none(enable: string): Finding {
  return {
    outcome: 'problem',
    cause: 'No hypervisor runs.',
    remedy: `If Hyper-V or Virtual Machine Platform is enabled, let it start, and restart: bcdedit /set hypervisorlaunchtype auto. Else: ${enable}`,
  };
}
