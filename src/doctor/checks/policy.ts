// Settings of the registry that make containers slow or fail.
import type { Check, Facts } from '../check.js';
import { registryKey, registryValue } from '../questions.js';
import { askFor, CannotTell } from '../read-answer.js';
import { isRegistry, isRegistryKey } from '../shapes.js';

const containers = 'SOFTWARE\\Microsoft\\Windows NT\\CurrentVersion\\Virtualization\\Containers';
const fve = 'SYSTEM\\CurrentControlSet\\Policies\\Microsoft\\FVE';

/** Values that have to be 0 or absent. */
const zero = [
  { key: containers, name: 'VSmbDisableOplocks', does: 'turns off the locks that shared layers are cached by' },
  {
    key: fve,
    name: 'FDVDenyWriteAccess',
    does: 'denies writing to drives without BitLocker, which disks of containers are',
  },
];

export const policyQuestions: readonly string[] = [
  registryKey(containers),
  ...zero.map(({ key, name }) => registryValue(key, name)),
];

async function isSet(facts: Facts, key: string, name: string): Promise<boolean> {
  const question = registryValue(key, name);
  const found = await askFor(facts, question, isRegistry);
  if (found === null) return false;
  if (typeof found.value !== 'number') throw new CannotTell(`"${question}" is no number.`);
  return found.value !== 0;
}

const removal = (key: string, name: string): string =>
  `Remove-ItemProperty 'HKLM:\\${key}' '${name.replaceAll("'", "''")}'`;

export const policyContainers: Check = {
  id: 'policy.containers',
  title: 'settings of containers',
  goals: ['hyperv', 'layers'],
  blocks: [],
  rule:
    'VSmbDisableOplocks of Virtualization\\Containers and FDVDenyWriteAccess of the policies of BitLocker are 0 or absent, and no value ' +
    'of Virtualization\\Containers has a name that begins with zz.',
  source: 'MicrosoftDocs/Virtualization-Documentation Debug-ContainerHost.ps1',
  date: '2026-08-07',
  async find(facts) {
    const [key, ...set] = await Promise.all([
      askFor(facts, registryKey(containers), isRegistryKey),
      ...zero.map(({ key: place, name }) => isSet(facts, place, name)),
    ]);
    const bad = [
      ...zero
        .filter((_, at) => set[at])
        .map(({ key: place, name, does }) => ({ key: place, name, says: `${name} ${does}` })),
      ...(key?.values ?? [])
        .filter((name) => /^zz/i.test(name))
        .slice(0, 8)
        .map((name) => ({ key: containers, name, says: `${name} is left over from a trial of settings` })),
    ];
    if (bad.length === 0) return { outcome: 'ok' };
    return {
      outcome: 'warning',
      cause: `${bad.map(({ says }) => says).join('; ')}.`,
      remedy: `Clear it in an elevated PowerShell, or in the policy that sets it: ${bad.map((each) => removal(each.key, each.name)).join('; ')}`,
    };
  },
};
