// Drivers that stand between HCS and the files of layers, by name. Data: a line is added where one is reported.

/** A driver that is reported to break layers. */
export interface BreakingDriver {
  /** In lower case: the whole name, or what names begin with (`*` at the end). */
  readonly name: string;
  /** What people know it as. */
  readonly product: string;
  readonly symptom: string;
  /** `warning` where only some versions do, and those of today are not reported. */
  readonly outcome: 'problem' | 'warning';
  readonly remedy: string;
  readonly source: string;
  readonly date: string;
}

export const breakingDrivers: readonly BreakingDriver[] = [
  {
    name: 'cbfs*',
    product: 'CBFS, of Box Drive and other virtual drives',
    symptom: 'PrepareLayer fails with 0x1. It is no minifilter: "fltmc" does not show it',
    outcome: 'problem',
    remedy: 'Update the program that brought it, or uninstall it and restart.',
    source: 'moby/moby#42807',
    date: '2021-08-31',
  },
  {
    name: 'dbx*',
    product: 'Dropbox',
    symptom: 'versions of 2019 made PrepareLayer fail with 0x1',
    outcome: 'warning',
    remedy: 'If layers fail with 0x1, update Dropbox, or uninstall it and restart.',
    source: 'docker/for-win#3884; dotnet/core#3798',
    date: '2019-11-19',
  },
];

/** A scanner of files: importing and preparing layers takes longer, and is refused while it holds a file. */
export interface Scanner {
  readonly name: string;
  readonly product: string;
}

// Beside these, every filter whose altitude is that of scanners is one.
export const scanners: readonly Scanner[] = [
  { name: 'wdfilter', product: 'Microsoft Defender' },
  { name: 'srtsp', product: 'Symantec' },
  { name: 'symefasi*', product: 'Symantec' },
  { name: 'mfehidk', product: 'McAfee' },
  { name: 'mfeavfk', product: 'McAfee' },
  { name: 'csagent', product: 'CrowdStrike' },
  { name: 'sentinelmonitor', product: 'SentinelOne' },
  { name: 'sophosed', product: 'Sophos' },
  { name: 'savonaccess', product: 'Sophos' },
  { name: 'eamonm', product: 'ESET' },
  { name: 'klif', product: 'Kaspersky' },
  { name: 'tmprefilter', product: 'Trend Micro' },
];

/** A load order group of minifilters, by its altitudes. */
export interface FilterGroup {
  readonly name: string;
  readonly first: number;
  readonly last: number;
}

/** Scanners. */
export const antiVirusGroup: FilterGroup = { name: 'FSFilter Anti-Virus', first: 320000, last: 329999 };

/** Groups of filters that change what a file is, and so what a layer is made of. */
export const changingGroups: readonly FilterGroup[] = [
  { name: 'FSFilter HSM (sync)', first: 180000, last: 189999 },
  { name: 'FSFilter Encryption', first: 140000, last: 149999 },
  { name: 'FSFilter Virtualization (virtual drives)', first: 130000, last: 139999 },
];

/** Filters of Windows itself in these groups, which stand on healthy hosts (docker/for-win#3884 lists one). */
export const ownFilters: ReadonlySet<string> = new Set(
  'wcifs wcnfs bindflt cldflt filecrypt luafv prjflt gvflt dedup unionfs gameflt'.split(' '),
);

export const isNamed = (pattern: string, name: string): boolean =>
  pattern.endsWith('*') ? name.toLowerCase().startsWith(pattern.slice(0, -1)) : name.toLowerCase() === pattern;

/** Altitudes are decimal texts of any length, such as 328010 or 328010.3. */
export const isInGroup = ({ first, last }: FilterGroup, altitude: string): boolean => {
  const number = /^\d{1,15}(\.\d+)?$/.test(altitude) ? Math.floor(Number(altitude)) : NaN;
  return number >= first && number <= last;
};
