// What stands between HCS and the files of layers: filters and scanners of others.
import type { Check, Facts, Finding } from '../check.js';
import {
  antiVirusGroup,
  breakingDrivers,
  changingGroups,
  isInGroup,
  isNamed,
  ownFilters,
  scanners,
} from '../known-filters.js';
import type { DriversValue, FiltersValue } from '../questions.js';
import { drivers, filters, registryKey } from '../questions.js';
import { askFor, unknown, valueOf } from '../read-answer.js';
import { isDrivers, isFilters, isRegistryKey } from '../shapes.js';

const running = 4;

async function runningDrivers(facts: Facts): Promise<DriversValue> {
  return valueOf(drivers, await facts.ask(drivers), isDrivers).filter(({ state }) => state === running);
}

/** Null where they may not be listed, which is not "none". */
async function listedFilters(facts: Facts): Promise<FiltersValue | null> {
  const answer = await facts.ask(filters);
  return 'value' in answer && isFilters(answer.value) ? answer.value : null;
}

const listed = (names: readonly string[]): string =>
  names.length > 8 ? `${names.slice(0, 8).join(', ')} and ${names.length - 8} more` : names.join(', ');

export const filtersForeign: Check = {
  id: 'filters.foreign',
  title: 'filters of others',
  goals: ['layers'],
  blocks: ['layers'],
  rule:
    'EnumServicesStatusExW and FilterFindFirst: a driver that is reported to break layers is a problem where it runs, also one that ' +
    'is no minifilter, or a warning where the reports are of old versions. A filter that Windows does not bring, at an altitude of ' +
    'encryption, sync or virtual drives, is a warning. ' +
    'Without elevation filters cannot be listed, which is not the same as none.',
  source:
    'moby/moby#42807; docker/for-win#3884; dotnet/core#3798; Microsoft Learn, Load order groups and altitudes for minifilter drivers',
  date: '2026-08-23',
  async find(facts) {
    const [loaded, attached] = await Promise.all([runningDrivers(facts), listedFilters(facts)]);
    const names = [...loaded, ...(attached ?? [])].map(({ name }) => name);
    for (const { name: pattern, product, symptom, outcome, remedy } of breakingDrivers) {
      const name = names.find((each) => isNamed(pattern, each));
      if (name !== undefined) {
        return { outcome, cause: `The driver ${name} runs (${product}): ${symptom}.`, remedy };
      }
    }
    if (attached === null) return unknown(filters, await facts.ask(filters));
    const foreign = attached.flatMap(({ name, altitude }) => {
      const group = changingGroups.find((each) => isInGroup(each, altitude));
      return group === undefined || ownFilters.has(name.toLowerCase()) ? [] : `${name} (${group.name})`;
    });
    if (foreign.length === 0) return { outcome: 'ok', note: `${attached.length} filters` };
    return {
      outcome: 'warning',
      cause: `Filters that Windows does not bring change files: ${listed(foreign)}.`,
      remedy:
        'If layers fail with 0x1, update or uninstall the program that brought the filter, and restart. "fltmc" lists them.',
    };
  },
};

export const exclusions = registryKey('SOFTWARE\\Microsoft\\Windows Defender\\Exclusions\\Paths');

export const antivirus: Check = {
  id: 'antivirus',
  title: 'scanners of the root',
  goals: ['layers'],
  blocks: [],
  rule:
    'Scanners by their names and by the altitudes 320000 to 329999. Microsoft Defender is right where the root, or a folder around it, ' +
    'is among its exclusions, which are read from the registry; whether others exclude it cannot be seen: a warning.',
  source:
    'moby/moby#52611, #30296, #35988; docker/for-win#292, #3491; Microsoft Learn, Anti-virus optimization for Windows Containers',
  date: '2026-08-23',
  async find(facts) {
    const [loaded, attached] = await Promise.all([runningDrivers(facts), listedFilters(facts)]);
    const byAltitude = (attached ?? []).filter(({ altitude }) => isInGroup(antiVirusGroup, altitude));
    const names = [...new Set([...loaded.filter(isScanner), ...byAltitude].map(({ name }) => name))];
    const others = names.filter((name) => name.toLowerCase() !== defender);
    if (others.length > 0) {
      return {
        outcome: 'warning',
        cause: `${listed(others.map(withProduct))} scans files: layers take longer, and are refused while a file of theirs is held.`,
        remedy: `Exclude ${facts.root} and the program that uses this package from its scans, as its maker documents for containers.`,
      };
    }
    const found = names.length > 0 ? await ofDefender(facts) : undefined;
    if (found?.outcome === 'warning') return found;
    if (attached !== null && found !== undefined) return found;
    return attached === null ? unknown(filters, await facts.ask(filters)) : { outcome: 'ok', note: 'none' };
  },
};

const defender = 'wdfilter';
const isScanner = ({ name }: { readonly name: string }): boolean =>
  scanners.some(({ name: pattern }) => isNamed(pattern, name));

function withProduct(name: string): string {
  const known = scanners.find(({ name: pattern }) => isNamed(pattern, name));
  return known === undefined ? name : `${known.product} (${name})`;
}

async function ofDefender(facts: Facts): Promise<Finding> {
  const key = await askFor(facts, exclusions, isRegistryKey);
  const excluded = key?.values.find((path) => isBelow(facts.root, path));
  if (excluded !== undefined) return { outcome: 'ok', note: `Microsoft Defender excludes ${excluded}` };
  return {
    outcome: 'warning',
    cause: `Microsoft Defender scans ${facts.root}: layers take longer.`,
    remedy: `Exclude it in an elevated PowerShell: Add-MpPreference -ExclusionPath '${facts.root.replaceAll("'", "''")}'`,
  };
}

function isBelow(path: string, folder: string): boolean {
  const clean = (text: string): string => `${text.replaceAll('/', '\\').replace(/\\+$/, '').toLowerCase()}\\`;
  return folder !== '' && clean(path).startsWith(clean(folder));
}
