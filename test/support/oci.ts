import { readFileSync } from 'node:fs';

import type { documents } from 'hostcompute/documents';

export const parentLayers = [
  { Id: '00000000-0000-5000-8000-000000000001', Path: 'C:\\layers\\top' },
  { Id: '00000000-0000-5000-8000-000000000002', Path: 'C:\\layers\\base' },
] as const;

export const volume = '\\\\?\\Volume{11111111-2222-3333-4444-555555555555}\\';

/** What the comparisons with hcsshim were made with. */
export function options(schema: 1 | 2): documents.OciOptions {
  return { id: 'c1', owner: 'golden', schema, parentLayers, processorCount: 2 };
}

/** A file of test/golden/documents. */
export function golden(name: string): Record<string, unknown> {
  return JSON.parse(readFileSync(`test/golden/documents/${name}.json`, 'utf8')) as Record<string, unknown>;
}

/** A configuration of a process-isolated Windows container, with more in its Windows section. */
export function windowsConfig(windows: object = {}, rest: object = {}): object {
  return { ociVersion: '1.2.0', root: { path: volume }, windows: { layerFolders: [], ...windows }, ...rest };
}

/** The same in a utility VM. */
export function hyperVConfig(windows: object = {}, rest: object = {}): object {
  const hyperv = { utilityVMPath: 'C:\\layers\\base\\UtilityVM' };
  return windowsConfig({ hyperv, ...windows }, { root: { path: 'c:\\mounts\\scsi\\m0' }, ...rest });
}
