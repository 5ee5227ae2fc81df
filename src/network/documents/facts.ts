/**
 * What is known of the host, and of the network, that a document is for.
 *
 * @module
 */
import type * as Hcn from '../../../types/hcn/index.js';
import type * as Hns from '../../../types/hns/index.js';
import type * as Schema2 from '../../../types/schema2/index.js';
import type { CheckContext } from '../../documents/check.js';
import type { ResolvedFacts } from '../../documents/facts.js';
import type { VersionNumber } from '../../documents/versions.js';
import { readSchemaVersion, versionNumber } from '../../documents/versions.js';
import { HcsArgumentError } from '../../errors/errors.js';
import type { HnsVersion } from './features.js';
import { readHnsVersion } from './features.js';
import { schemaBuilds } from './tables.js';

/** The host that a document of a network is for. */
export interface NetworkHostFacts {
  /** The version of its network service, such as `{ Major: 15, Minor: 4 }` or `'15.4'`: which features it has. */
  readonly hnsVersion?: HnsVersion | string;
  /** The schema that it has, such as `'2.11'`; else it follows from `osBuild`. */
  readonly schemaVersion?: Schema2.Version | string;
  /** The build of Windows, such as 20348. */
  readonly osBuild?: number;
}

/** What the caller knows beyond the document. Rules that need what is left out say nothing. */
export interface KnownNetworkFacts {
  /** The network of an endpoint, or of a change: its kind and its subnets, such as its properties have them. */
  readonly network?: Hcn.HostComputeNetwork | Hns.Network;
}

/** The same with what is not known made harmless. */
export interface ResolvedNetworkFacts extends ResolvedFacts {
  /** Of the network service; undefined where it is not known. */
  readonly hnsVersion: VersionNumber | undefined;
  readonly network: KnownNetworkFacts['network'];
}

/** The facts of a check, which the walk passes on as they are. */
export function factsOf(context: CheckContext): ResolvedNetworkFacts {
  return context.facts as ResolvedNetworkFacts;
}

export function resolveNetworkFacts(host: NetworkHostFacts, known: KnownNetworkFacts = {}): ResolvedNetworkFacts {
  const { hnsVersion, schemaVersion, osBuild } = host;
  if (osBuild !== undefined && (!Number.isInteger(osBuild) || osBuild < 0)) {
    throw new HcsArgumentError('options.osBuild', 'must be a build of Windows, such as 20348', osBuild);
  }
  return {
    version: schemaVersion === undefined ? versionOfBuild(osBuild) : readSchemaVersion(schemaVersion),
    build: osBuild ?? Infinity,
    known: {},
    hnsVersion: hnsVersion === undefined ? undefined : readHnsVersion(hnsVersion),
    network: known.network,
  };
}

// A host after the newest one that is documented may have more: nothing is too new for it.
function versionOfBuild(osBuild: number | undefined): VersionNumber {
  const [, newest = 0] = schemaBuilds.at(-1) ?? [];
  if (osBuild === undefined || osBuild > newest) return Infinity;
  const spoken = schemaBuilds.findLast(([, build]) => build <= osBuild);
  return versionNumber(spoken?.[0] ?? '1.0');
}
