// A broker whose folders are a list of paths and whose audit is a list of lines, and clients of it.
import assert from 'node:assert/strict';

import { Broker } from '../../src/broker.js';
import type { Caller, Completed, Decision, HostCall, RemoteCall } from '../../src/decision.js';
import type { Held, HeldFolders, HeldRequest } from '../../src/paths/held-folders.js';
import { HeldError } from '../../src/paths/held-folders.js';
import { joined } from '../../src/paths/lexical.js';
import type { Policy } from '../../src/policy/policy.js';
import { readPolicy } from '../../src/policy/read-policy.js';

export const anna = 'S-1-5-21-1-2-3-1001';
export const ben = 'S-1-5-21-1-2-3-1002';
export const users = 'S-1-5-32-545';
export const endpoint = '11111111-2222-3333-4444-555555555555';

export const caller = (user: string, more: Partial<Caller> = {}): Caller => ({
  user,
  groups: [users],
  elevated: false,
  integrity: 0x2000,
  logon: '0:999',
  ...more,
});

/** A policy of one rule for all users, with changes. */
export const policyOf = (changes: Record<string, unknown> = {}, rest: Record<string, unknown> = {}): Policy =>
  readPolicy(
    JSON.stringify({
      version: 1,
      rules: [
        {
          name: 'everybody',
          groups: [users],
          prefix: 'team',
          calls: ['look', 'list', 'service', 'run', 'state', 'create', 'change', 'save', 'layers'],
          folders: [
            { path: 'D:\\base', use: ['layers', 'shares', 'disks'], access: 'read' },
            { path: 'D:\\work', use: ['layers', 'shares', 'disks', 'state'], access: 'write' },
          ],
          pipes: ['\\\\.\\pipe\\team-console'],
          networks: [endpoint],
          ...changes,
        },
      ],
      ...rest,
    }),
    'windows',
  );

/** Holds whatever is asked for, but what is listed as not to be held. */
export class ListedFolders implements HeldFolders {
  readonly form = 'windows';
  readonly held = new Set<string>();
  readonly refused = new Set<string>();
  readonly changed = new Set<string>();
  readonly requests: HeldRequest[] = [];

  hold(request: HeldRequest): Promise<Held> {
    this.requests.push(request);
    const path = joined(request.root, request.names, 'windows');
    if (this.refused.has(path)) return Promise.reject(new HeldError('must not be a link'));
    this.held.add(path);
    const isSame = (): Promise<boolean> => Promise.resolve(!this.changed.has(path));
    return Promise.resolve({ path, isSame, release: () => this.held.delete(path) });
  }
}

/** What a test drives: the broker, and what it wrote. */
export class Bench {
  readonly folders = new ListedFolders();
  readonly lines: Record<string, unknown>[] = [];
  readonly undone: HostCall[] = [];
  readonly broker: Broker;
  policy: Policy;
  /** Set to make the audit fail. */
  auditFails = false;
  #connections = 0;

  constructor(policy: Policy = policyOf()) {
    this.policy = policy;
    this.broker = new Broker({
      policy: () => this.policy,
      folders: this.folders,
      audit: {
        write: (line) => {
          if (this.auditFails) throw new Error('the disk is full');
          assert.match(line, /^[\x20-\x7e\u0080-\uffff]+$/);
          this.lines.push(JSON.parse(line) as Record<string, unknown>);
        },
      },
      undo: (calls) => this.undone.push(...calls),
      now: () => new Date(0),
    });
  }

  connect(user: string = anna, more: Partial<Caller> = {}): Client {
    const client = new Client(this, ++this.#connections, caller(user, more));
    assert.ok(this.broker.connected(client.connection, client.caller));
    return client;
  }
}

/** A client, and a host that answers each of its calls with success. */
export class Client {
  readonly connection: number;
  readonly caller: Caller;
  readonly #bench: Bench;
  #handles = 0;

  constructor(bench: Bench, connection: number, who: Caller) {
    this.#bench = bench;
    this.connection = connection;
    this.caller = who;
  }

  call(name: string, inputs: Record<string, unknown>, library = 'vmcompute'): RemoteCall {
    return { connection: this.connection, caller: this.caller, library, name, inputs };
  }

  /** What is decided about a call, which then is made at no host. */
  decide(name: string, inputs: Record<string, unknown>): Promise<Decision> {
    return this.#bench.broker.decide(this.call(name, inputs));
  }

  /** The inputs that the host gets of a call, which then is answered. */
  async allowed(name: string, inputs: Record<string, unknown>, answer: Partial<Completed> = {}): Promise<Answered> {
    const call = this.call(name, inputs);
    const decision = await this.#bench.broker.decide(call);
    if ('refuse' in decision) assert.fail(decision.message);
    const completed = { status: 0, outputs: {}, ...answer };
    const outputs = { ...completed.outputs, ...this.#bench.broker.completed(call, completed) };
    return { inputs: { ...inputs, ...decision.allow }, outputs };
  }

  async refused(name: string, inputs: Record<string, unknown>): Promise<{ status: number; message: string }> {
    const decision = await this.decide(name, inputs);
    if ('allow' in decision) assert.fail(`${name} is allowed with ${JSON.stringify(decision.allow)}`);
    return { status: decision.refuse, message: decision.message };
  }

  /** Makes a system, and returns its handle and the document that the host got. */
  async create(
    id: string,
    document: object = container(),
  ): Promise<{ handle: number; document: Record<string, unknown>; hostId: string }> {
    const handle = ++this.#handles;
    const { inputs } = await this.allowed(
      'HcsCreateComputeSystem',
      { id, configuration: JSON.stringify(document), identity: null },
      { outputs: { computeSystem: handle } },
    );
    const sent = JSON.parse(inputs.configuration as string) as Record<string, unknown>;
    return { handle, document: sent, hostId: inputs.id as string };
  }

  /** What the host would get of a document. */
  async document(document: object): Promise<Record<string, unknown>> {
    return (await this.create('probe', document)).document;
  }

  /** Why a document is refused. */
  async refusal(document: object | string): Promise<string> {
    const configuration = typeof document === 'string' ? document : JSON.stringify(document);
    return (await this.refused('HcsCreateComputeSystem', { id: 'probe', configuration, identity: null })).message;
  }
}

export interface Answered {
  readonly inputs: Record<string, unknown>;
  readonly outputs: Record<string, unknown>;
}

const version = { Major: 2, Minor: 1 };
export const container = (members: object = {}): object => ({ SchemaVersion: version, Container: members });
export const machine = (members: object = {}): object => ({ SchemaVersion: version, VirtualMachine: members });
