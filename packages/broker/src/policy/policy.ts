/**
 * What a policy is: rules of who may do what. What no rule allows is refused.
 *
 * @module
 */
import type { FolderUse } from '../documents/shapes.js';

/** The classes of calls that a rule can allow. The others are for nobody. */
export const callClasses = ['look', 'list', 'service', 'run', 'state', 'create', 'change', 'save', 'layers'] as const;

/** What calls of a kind have in common, for a rule that allows all of them. */
export type CallClass = (typeof callClasses)[number];

/** A folder of the host that clients may name. */
export interface PolicyFolder {
  readonly path: string;
  readonly use: readonly FolderUse[];
  readonly access: 'read' | 'write';
  /** Each client has a folder of its own below it, which has the client's owner name. */
  readonly perUser: boolean;
}

/** The most that one user may have, over all connections. Left out: no limit but that of the host. */
export interface PolicyLimits {
  readonly connections: number;
  readonly callsInFlight: number;
  readonly systems: number;
  readonly processes: number;
  readonly memoryInMB: number;
}

/** What some users may do. The first rule that names a caller is the one that counts for it. */
export interface PolicyRule {
  readonly name: string;
  readonly users: readonly string[];
  readonly groups: readonly string[];
  /** Begins the owner name of each user, and so the ids of its systems on the host. */
  readonly prefix: string;
  /** Classes, and functions by name. */
  readonly calls: readonly string[];
  readonly folders: readonly PolicyFolder[];
  /** Pipes that documents may name. */
  readonly pipes: readonly string[];
  /** Endpoints and networks that documents may name. */
  readonly networks: readonly string[];
  readonly limits: PolicyLimits;
}

/** A policy. */
export interface Policy {
  readonly rules: readonly PolicyRule[];
  readonly audit: {
    /** Whether a call is refused when its line cannot be written; default true. */
    readonly required: boolean;
    /** The most characters of a client's text in a line. */
    readonly textLength: number;
  };
}
