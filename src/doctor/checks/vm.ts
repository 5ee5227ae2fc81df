// A Windows that is itself a guest.
import type { Check, Facts } from '../check.js';
import { manufacturer, product } from '../describe-host.js';
import { isRegistry } from '../shapes.js';
import { lookAtProcessor } from './hypervisor.js';

/** By the manufacturer and product that the firmware names: what lets a guest have its own hypervisor. */
const remedies: readonly (readonly [RegExp, string])[] = [
  [
    /^Microsoft Corporation Virtual Machine/,
    'On Azure choose a size of version 3 or later with nested virtualization. On Hyper-V, with the machine off and at least 4 GB and two ' +
      'processors: Set-VMProcessor -VMName NAME -ExposeVirtualizationExtensions $true',
  ],
  [
    /Amazon EC2/,
    'Choose an instance with nested virtualization: CpuOptions.NestedVirtualization=enabled on c8i, m8i or r8i, or a metal instance.',
  ],
  [
    /Google/,
    'Enable nested virtualization of the instance: --enable-nested-virtualization, on a machine type that has it.',
  ],
  [
    /^VMware/,
    'With the machine off, enable "Expose hardware assisted virtualization to the guest OS" of its processor.',
  ],
  [
    /^(QEMU|Red Hat|Proxmox)|KVM/,
    'Enable nesting in the host (kvm_intel or kvm_amd nested=1), and give the guest the processor "host".',
  ],
  [/VirtualBox/, 'With the machine off: VBoxManage modifyvm NAME --nested-hw-virt on'],
];

export const vmNested: Check = {
  id: 'vm.nested',
  title: 'nesting',
  goals: ['hyperv', 'vm', 'lcow'],
  blocks: ['hyperv', 'vm', 'lcow'],
  rule:
    'CPUID: a hypervisor runs and does not let this Windows make partitions, so that it is a guest without nesting. The firmware names the ' +
    'cloud or the product. Process isolation works in guests.',
  source:
    'MicrosoftDocs/Virtualization-Documentation system-requirements.md; aws/containers-roadmap#2784; cloud-cml#40',
  date: '2026-08-23',
  async find(facts) {
    const { hypervisor, createPartitions, vendor } = await lookAtProcessor(facts);
    if (hypervisor !== true) return { outcome: 'ok', note: 'not a guest' };
    if (createPartitions === true) return { outcome: 'ok' };
    const machine = await machineOf(facts);
    const found = remedies.find(([name]) => name.test(machine) || name.test(vendor ?? ''));
    return {
      outcome: 'problem',
      cause: `This Windows is a guest (${[machine, vendor].find(Boolean) ?? 'of an unknown hypervisor'}) that may have no hypervisor of its own.`,
      remedy: `${found?.[1] ?? 'Enable nested virtualization where the machine is hosted.'} Process isolation works without.`,
    };
  },
};

async function machineOf(facts: Facts): Promise<string> {
  const answers = await Promise.all([manufacturer, product].map((question) => facts.ask(question)));
  const texts = answers.map((answer) =>
    'value' in answer && isRegistry(answer.value) ? String(answer.value.value) : '',
  );
  return texts.join(' ').trim();
}
