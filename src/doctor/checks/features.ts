// The optional features of Windows: whether they were chosen, and how they are enabled.
import type { Facts } from '../check.js';
import { registryValue, system } from '../questions.js';
import { isRegistry, isSystem } from '../shapes.js';

const chosen =
  'SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Component Based Servicing\\Notifications\\OptionalFeatures';

/** Those that bring HCS. */
export const featureNames = ['Containers', 'Microsoft-Hyper-V', 'VirtualMachinePlatform'] as const;

/** Whether a feature was chosen, in force or not yet. Nothing documents it, and everybody may read it. */
export const selection = (feature: string): string => registryValue(`${chosen}\\${feature}`, 'Selection');

/** Whether the registry says that it was chosen. What it does not tell decides nothing. */
export async function isChosen(facts: Facts, feature: string): Promise<boolean> {
  const answer = await facts.ask(selection(feature));
  return 'value' in answer && isRegistry(answer.value) && answer.value.value === 1;
}

const roles: Readonly<Record<string, string>> = { Containers: 'Containers', 'Microsoft-Hyper-V': 'Hyper-V' };

/** The command that enables a feature of this Windows, and that it takes a restart. */
export async function enabling(facts: Facts, feature: string): Promise<string> {
  const answer = await facts.ask(system);
  const isClient = 'value' in answer && isSystem(answer.value) && answer.value.productType === 1;
  const role = roles[feature];
  const command =
    isClient || role === undefined
      ? `Enable-WindowsOptionalFeature -Online -FeatureName ${feature} -All`
      : `Install-WindowsFeature ${role}`;
  return `Enable the feature ${feature} in an elevated PowerShell, and restart: ${command}`;
}
