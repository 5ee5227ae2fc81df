/**
 * What can be set of the simulated host.
 *
 * @module
 */
import type { CompletionStyle } from './faults/fault.js';
import type { HostSettings } from '../host/host-choice.js';

/** How the simulated host is opened. */
export interface SimulatorSettings extends HostSettings {
  /**
   * The build of Windows that the host is to be like, for this opening of it: functions that are newer are missing. Without it
   * there are all. `17763` is Windows Server 2019, `20348` Server 2022, `26100` Server 2025.
   */
  readonly osBuild?: number;
}

/** Milliseconds that each phase takes, fractions allowed; a phase that is left out takes no time. */
export interface LatencyProfile {
  readonly create?: number;
  readonly start?: number;
  readonly pause?: number;
  readonly resume?: number;
  readonly save?: number;
  readonly shutdown?: number;
  readonly terminate?: number;
  /** The share by which each varies, up or down: 0.2 for a fifth. */
  readonly jitter?: number;
  /** The share of starts that take `rareMs` instead. */
  readonly rareShare?: number;
  readonly rareMs?: number;
}

/** Profiles after figures that were published for real hosts; what is measured with them is simulated all the same. */
export type ProfileName =
  'none' | 'nanoserver-process' | 'nanoserver-hyperv' | 'servercore-process' | 'servercore-hyperv' | 'rare-stall';

/** What a named profile is made of, so that figures can be labelled. */
export interface ProfileDescription {
  readonly Name: ProfileName;
  readonly Simulated: true;
  /** Of each operation, with `Jitter`, `RareShare` and `RareMs`. */
  readonly Milliseconds: Readonly<Record<string, number>>;
  /** What was published, and where. */
  readonly Figure: string;
  readonly Source: string;
  /** What was not, above all how the figure is divided into operations. */
  readonly Inferred: string;
}

/** What can be set for the whole simulated host. */
export interface SimulatorConfiguration {
  readonly profile?: ProfileName | LatencyProfile;
  readonly completion?: CompletionStyle;
  /** Whether a call that was done at once is notified all the same. */
  readonly echoCompletion?: boolean;
  /** The family of failure codes: `0xC037....` as vmcompute.dll, or `0x8037....`. */
  readonly codeFamily?: 'vmcompute' | 'hcs';
  /** Whether process-isolated containers can be paused; on Windows they cannot. */
  readonly pauseContainers?: boolean;
  /** Whether a process-isolated container sends `SystemSiloJobCreated` once its job object has been created. */
  readonly siloJobs?: boolean;
  /** The newest schema that the host speaks, such as `'2.11'`; `'1.0'` is a host that has schema 1 only. `'2.5'` by default. */
  readonly schemaVersion?: string;
  /**
   * Whether members, words and resources that are not known, or that are newer than `schemaVersion`, are refused. By
   * default they are skipped: real hosts are newer than any list, and have updates.
   */
  readonly strict?: boolean;
  /**
   * Whether documents may name endpoints and namespaces that the network service does not have, which is refused by default:
   * for documents that come from elsewhere.
   */
  readonly unknownNetworks?: boolean;
  /**
   * At which ports of this machine's loopback the external ports of endpoints are listened on: any that are free, which
   * {@link Simulator.state} has, by default; the same; or for some of them this one, 0 for any: `{ 80: 8080 }`.
   */
  readonly publishedPorts?: 'any' | 'same' | Readonly<Record<number, number>>;
  /** The version of the network service, such as `"9.2"`; default `"15.4"`, which knows everything. */
  readonly hnsVersion?: string;
  /** Who calls from now on; only who created a system may open it. `Administrator` by default. */
  readonly user?: string;
  /** Of the jitter, and of the faults injected from then on that have a probability. */
  readonly seed?: number;
  /** `virtual`: time stands still until {@link Simulator.advance} or {@link Simulator.drain} moves it. */
  readonly clock?: 'real' | 'virtual';
}
