/**
 * What a decision about one function knows, and what it comes to.
 *
 * @module
 */
import type { Completed, RemoteCall } from '../decision.js';
import type { DocumentContext, FileRequest } from '../documents/rebuild.js';
import type { FolderUse, Wanted } from '../documents/shapes.js';
import { quoted } from '../documents/json.js';
import type { LayerOwners } from '../ledger/layer-owners.js';
import type { Account, Connection, Ledger, Reservation, SystemRecord } from '../ledger/ledger.js';
import type { Held, HeldFolders } from '../paths/held-folders.js';
import { HeldError } from '../paths/held-folders.js';
import { joined, namesBelow, pathFlaw } from '../paths/lexical.js';
import type { PolicyFolder, PolicyRule } from '../policy/policy.js';
import { Refusal, statuses } from '../refusal.js';

/** A call that may be made. */
export interface Plan {
  /** The inputs that are replaced. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** What it is about, for the audit. */
  readonly object?: string;
  readonly held?: readonly Held[];
  /** What is counted from now on: for good when `finish` says so, else until the call has returned. */
  readonly reserve?: Reservation;
  /** A system that stays counted until the call has returned, also when its last handle is closed meanwhile. */
  readonly keeps?: SystemRecord;
  /** Enters what came of it. Returns the outputs that are replaced. */
  finish?(completed: Completed, outcome: Outcome): Readonly<Record<string, unknown>> | undefined;
}

/** What `finish` decides about what the plan has reserved and holds. */
export interface Outcome {
  /** What was reserved stays counted. */
  keep(): void;
  /** What is held stays so, and is the callee's to release. */
  takeHeld(): readonly Held[];
}

/** What a decision about a call knows. */
export class Scene {
  readonly call: RemoteCall;
  readonly rule: PolicyRule;
  readonly owner: string;
  readonly account: Account;
  readonly connection: Connection;
  readonly ledger: Ledger;
  readonly layers: LayerOwners;
  readonly #folders: HeldFolders;
  readonly #held: Held[] = [];

  constructor(
    parts: Pick<Scene, 'call' | 'rule' | 'owner' | 'connection' | 'ledger' | 'layers'>,
    folders: HeldFolders,
  ) {
    this.call = parts.call;
    this.rule = parts.rule;
    this.owner = parts.owner;
    this.connection = parts.connection;
    this.account = parts.connection.account;
    this.ledger = parts.ledger;
    this.layers = parts.layers;
    this.#folders = folders;
  }

  /** What has been opened for this call so far. */
  get held(): readonly Held[] {
    return this.#held;
  }

  /** A text among the inputs, or null. */
  text(name: string): string | null {
    const value = this.call.inputs[name];
    if (value === null || value === undefined) return null;
    if (typeof value !== 'string' || value.includes('\0'))
      throw new Refusal(`"${name}" must be a text without NUL characters.`);
    return value;
  }

  /** The system of a handle, which may be the handle of a process in it. */
  system(input: 'computeSystem' | 'process'): SystemRecord {
    const handle = this.ledger.handle(this.connection, this.call.inputs[input]);
    const kind = input === 'process' ? 'process' : 'system';
    if (handle?.kind !== kind)
      throw new Refusal(`"${input}" must be an open handle of this connection.`, statuses.handle);
    return handle.system;
  }

  /** A system of this client by the client's name for it. What is another's is not there. */
  named(id: string): SystemRecord | undefined {
    return this.account.systems.get(id);
  }

  /** What documents of this client may name. `id` is that of a system about to be made. */
  context(id?: DocumentContext['id']): DocumentContext {
    const { rule, owner, account } = this;
    const among = (names: readonly string[], name: string): boolean =>
      names.some((one) => one.toLowerCase() === name.toLowerCase());
    return {
      owner,
      user: account.user,
      ...(id !== undefined && { id }),
      pipe: (name) => among(rule.pipes, name),
      network: (network) => among(rule.networks, network.replace(/^\{(.*)\}$/, '$1')),
      system: (name) => this.named(name)?.hostId,
      volume: (path) => account.volumes.has(volumeKey(path)),
    };
  }

  /** Opens the paths of a document, and puts their final names into it. */
  async resolve(files: readonly FileRequest[]): Promise<void> {
    for (const { member, path, uses, want, write, put } of files) {
      const final = await this.path(path, { member, uses, want, write });
      if (write && uses.every((use) => use === 'layers')) this.checkOwn(member, path, final);
      put(final);
    }
  }

  /** Refuses a layer that another has made, as if it were not there. */
  checkOwn(member: string, path: string, final: string): void {
    if (this.layers.ownerOf(final) === this.account.user) return;
    throw nothingThere(member, path);
  }

  /** Refuses what is in a layer of another, as if it were not there. */
  #checkNotOthers(member: string, path: string, layer: string): void {
    const owner = this.layers.ownerOf(layer);
    if (owner === undefined || owner === this.account.user) return;
    throw nothingThere(member, path);
  }

  /** Opens a path, and returns its final name. It is held until the call has returned, at least. */
  async path(path: string, wanted: PathWish): Promise<string> {
    const { form } = this.#folders;
    const { member, uses, want, write, removes = false } = wanted;
    const flaw = pathFlaw(path, form);
    if (flaw !== undefined)
      throw new Refusal(`"${member}" must be a plain absolute path: ${flaw}; received ${quoted(path)}.`);
    // What may be a share or a layer is written as a share only.
    const usable = write && uses.length > 1 ? uses.filter((use) => use !== 'layers') : uses;
    const found = this.#below(path, usable);
    if (found === undefined) {
      const where = `below a folder that the policy opens for ${uses.join(' or ')}`;
      throw new Refusal(`"${member}" must be ${where}; received ${quoted(path)}.`);
    }
    const { folder, root, names } = found;
    for (const at of names.keys()) this.#checkNotOthers(member, path, joined(root, names.slice(0, at + 1), form));
    if (write && folder.access === 'read') {
      const remedy = 'Say that it is read-only, or name one in a folder for writing.';
      throw new Refusal(`"${member}" must be read only, as the policy has it; received ${quoted(path)}. ${remedy}`);
    }
    try {
      const held = await this.#folders.hold({ root, names, want, write, removes, caller: this.call.caller });
      this.#held.push(held);
      return held.path;
    } catch (error) {
      if (!(error instanceof HeldError)) throw error;
      if (error.missing) throw nothingThere(member, path);
      throw new Refusal(`"${member}" ${error.message}; received ${quoted(path)}.`);
    }
  }

  /** The folder of the policy that a path is below: of several, the innermost. */
  #below(
    path: string,
    uses: readonly FolderUse[],
  ): { folder: PolicyFolder; root: string; names: readonly string[] } | undefined {
    const { form } = this.#folders;
    const found = this.rule.folders
      .filter(({ use }) => use.some((one) => uses.includes(one)))
      .flatMap((folder) => {
        const root = folder.perUser ? joined(folder.path, [this.owner], form) : folder.path;
        const names = namesBelow(root, path, form);
        return names === undefined ? [] : [{ folder, root, names }];
      });
    return found.sort((one, other) => one.names.length - other.names.length)[0];
  }
}

/** One answer for what is not there and what is another's. */
function nothingThere(member: string, path: string): Refusal {
  return new Refusal(
    `"${member}" must be there, and not be another's; received ${quoted(path)}.`,
    statuses.pathNotFound,
  );
}

/** What a path has to be. */
export interface PathWish {
  readonly member: string;
  readonly uses: readonly FolderUse[];
  readonly want: Wanted;
  readonly write: boolean;
  readonly removes?: boolean;
}

/** One spelling of the name of a volume. */
export function volumeKey(path: string): string {
  return path.replace(/[\\/]+$/, '').toLowerCase();
}
