/**
 * What is known of the host and of the system that a document is for.
 *
 * @module
 */
import type * as Schema2 from '../../types/schema2/index.js';
import { HcsArgumentError } from '../errors/errors.js';
import type { VersionNumber } from './versions.js';
import { readSchemaVersion, versionNumber } from './versions.js';
import { hostBuilds } from './tables.js';

/** What the caller knows beyond the document. Rules that need what is left out say nothing. */
export interface KnownFacts {
  /** The id that the system is to have. */
  readonly id?: string;
  readonly idInUse?: boolean;
  /** Of the system that `HostingSystemId` names; null when there is none. */
  readonly hostingSystemState?: Schema2.State | null;
  /** Of the system that is changed, saved, shut down, or is to run a process. */
  readonly state?: Schema2.State;
  readonly guestOs?: 'Windows' | 'Linux';
  /** Whether the guest service answers. */
  readonly guestConnection?: boolean;
  /** The build of Windows in the image. */
  readonly imageBuild?: number;
  /** Logical processors of the host. */
  readonly processors?: number;
  /** Memory in MB that the host can still commit. */
  readonly memoryInMB?: number;
  readonly arm64?: boolean;
  /** Whether the hypervisor runs. */
  readonly hypervisor?: boolean;
  /** Whether the caller is an administrator or a Hyper-V administrator. */
  readonly administrator?: boolean;
  /** The path without symbolic links; undefined when there is nothing at it. */
  readonly realPath?: (path: string) => string | undefined;
  /** Whether the VM has access to a file that exists. */
  readonly accessible?: (path: string) => boolean;
}

/** The host that a document is for. */
export interface HostFacts {
  /** What the host speaks, such as `{ Major: 2, Minor: 5 }` or `'2.5'`; else it follows from `osBuild`. */
  readonly schemaVersion?: Schema2.Version | string;
  /** The build of Windows, such as 20348. */
  readonly osBuild?: number;
}

/** The same with what is not known made harmless. */
export interface ResolvedFacts {
  /** Members beyond this version are refused. */
  readonly version: VersionNumber;
  /** Members beyond this build are refused. */
  readonly build: number;
  readonly known: KnownFacts;
}

export function resolveFacts({ schemaVersion, osBuild }: HostFacts, known: KnownFacts = {}): ResolvedFacts {
  if (osBuild !== undefined && (!Number.isInteger(osBuild) || osBuild < 0)) {
    throw new HcsArgumentError('options.osBuild', 'must be a build of Windows, such as 20348', osBuild);
  }
  const build = osBuild ?? Infinity;
  const version = schemaVersion === undefined ? versionOfBuild(osBuild) : readSchemaVersion(schemaVersion);
  return { version, build, known };
}

function versionOfBuild(osBuild: number | undefined): VersionNumber {
  if (osBuild === undefined) return Infinity;
  const [, spoken] = [...hostBuilds].reverse().find(([build]) => build <= osBuild) ?? [0, '1.0'];
  return versionNumber(spoken);
}
