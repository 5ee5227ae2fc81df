import { createRequire } from 'node:module';

import type { Host } from 'hostcompute';

import type { Action } from '../command-line/declare.js';
import type { GlobalOptions } from '../command-line/global-options.js';
import { openHostIfThere } from '../host/host-if-there.js';
import { Output } from '../output/output.js';
import { packageVersion } from '../package-version.js';

/** The versions of this command, of what it stands on, and of the host, where there is one. */
export const version: Action<object> = async ({ globals }) => {
  const { node } = process.versions;
  const host = await hostOf(globals);
  const versions = { library: versionOf('hostcompute'), images: versionOf('hostcompute-images') };
  const platform = `${process.platform}-${process.arch}`;
  new Output(globals).one({ kind: 'version', version: packageVersion(), ...versions, node, platform, host }, [
    `hostcompute ${packageVersion()}, Node ${node}, ${platform}`,
    `Library: ${versions.library}, images ${versions.images}`,
    `Host: ${host.error ?? [host.name, host.api, host.backend, host.schemas].filter(Boolean).join(', ')}`,
  ]);
};

interface ShownHost {
  /** `windows`, `simulated`, ...; null where none can be opened. */
  readonly name: string | null;
  readonly api: string | null;
  readonly backend: string | null;
  /** The schemas that it speaks: `2.1, 1.0`; null where it does not say. */
  readonly schemas: string | null;
  /** Why there is none. */
  readonly error: string | null;
}

// A host that is not there is what this is asked about.
async function hostOf(globals: GlobalOptions): Promise<ShownHost> {
  const none = (error: string): ShownHost => ({ name: null, api: null, backend: null, schemas: null, error });
  const found = await openHostIfThere(globals);
  if (found.host === undefined) return none(found.failure);
  await using opened = found.host;
  const { kind, api, backend } = opened;
  try {
    return { name: kind, api, backend, schemas: await schemasOf(opened, globals.timeout ?? 5000), error: null };
  } catch (error) {
    return none(error instanceof Error ? error.message : String(error));
  }
}

async function schemasOf(host: Host, timeoutMs: number): Promise<string | null> {
  const { Properties: [basic] = [] } = await host.serviceProperties(['Basic'], { timeoutMs });
  const versions = basic?.SupportedSchemaVersions ?? [];
  return versions.length === 0 ? null : versions.map(({ Major, Minor }) => `${Major}.${Minor}`).join(', ');
}

function versionOf(name: string): string {
  const manifest = createRequire(import.meta.url)(`${name}/package.json`) as { readonly version: string };
  return manifest.version;
}
