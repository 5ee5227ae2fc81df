/**
 * Decides about each call of each client: who it is, whether a rule allows it, what it names, what of it the host gets, and what
 * of the host's answer the client gets.
 *
 * @module
 */
import type { AuditEvent, AuditLog, Verdict } from './audit/audit-line.js';
import { auditLine } from './audit/audit-line.js';
import { clientResult, clientText } from './calls/answers.js';
import { classOf } from './policy/functions.js';
import type { Outcome, Plan } from './calls/plan.js';
import { Scene } from './calls/plan.js';
import { planners } from './calls/plans.js';
import type { Caller, Completed, Decision, HostCall, RemoteCall } from './decision.js';
import { LayerOwners } from './ledger/layer-owners.js';
import type { Connection, MountRecord } from './ledger/ledger.js';
import { Ledger, takeMounts } from './ledger/ledger.js';
import type { Held, HeldFolders } from './paths/held-folders.js';
import { allows, callerFlaw, ownerName, ruleFor } from './policy/callers.js';
import type { Policy, PolicyRule } from './policy/policy.js';
import { Refusal, statuses } from './refusal.js';

/** What a broker consists of. */
export interface BrokerOptions {
  /** The policy that counts now: asked at each call. */
  policy(): Policy;
  readonly folders: HeldFolders;
  readonly audit: AuditLog;
  /** Who has made which layer; default what this broker has seen itself. */
  readonly layers?: LayerOwners;
  /** Makes calls at the host that undo what a call has done for a client that had gone before it was completed. */
  undo?(calls: readonly HostCall[]): void;
  /** The time, for the audit. */
  now?(): Date;
}

/** A call that has been allowed, until it is completed. */
interface Pending {
  readonly number: number;
  readonly plan: Plan;
  readonly scene: Scene;
  /** Whether it is counted among the calls in flight: 1 or 0. */
  readonly counted: number;
  readonly held: readonly Held[];
}

/** Decides. Each call that it allows has to be completed once, also when the client has gone meanwhile. */
export class Broker {
  readonly #options: BrokerOptions;
  readonly #ledger = new Ledger();
  readonly #layers: LayerOwners;
  readonly #pending = new Map<RemoteCall, Pending>();
  #calls = 0;

  constructor(options: BrokerOptions) {
    this.#options = options;
    this.#layers = options.layers ?? new LayerOwners(options.folders.form);
  }

  /** Whether a connection is served. One that is not has to be closed. */
  connected(connection: number, caller: Caller): boolean {
    if (this.#ledger.connection(connection) !== undefined) return false;
    const account = this.#ledger.account(caller.user);
    let verdict: Verdict;
    try {
      const { name, limits } = this.#ruleFor(caller);
      account.take('connections', 1, limits);
      verdict = { allowed: true, rule: name };
    } catch (error) {
      verdict = refusedBy(error);
    }
    const written = this.#isAudited({ event: 'connect', connection, caller, verdict });
    if (verdict.allowed && written) this.#ledger.connect(connection, account);
    else if (verdict.allowed) account.give('connections', 1);
    return verdict.allowed && written;
  }

  /** Forgets a connection. What it has mounted is undone by the calls that are returned, in their order. */
  disconnected(connection: number): readonly HostCall[] {
    if (this.#ledger.connection(connection) === undefined) return [];
    this.#isAudited({ event: 'disconnect', connection });
    return undoing(this.#ledger.disconnect(connection));
  }

  /** Whether a call is made, and with what. Never rejects. */
  async decide(call: RemoteCall): Promise<Decision> {
    const number = ++this.#calls;
    const connection = this.#ledger.connection(call.connection);
    if (connection === undefined)
      return { refuse: statuses.accessDenied, message: 'The connection has not been accepted.' };
    let rule: PolicyRule | undefined;
    let scene: Scene | undefined;
    let plan: Plan | undefined;
    // What a client gives back is not counted: it can always do that.
    const counted = classOf(call.library, call.name) === 'close' ? 0 : 1;
    let taken = 0;
    try {
      rule = this.#ruleFor(call.caller);
      connection.account.take('callsInFlight', counted, rule.limits);
      taken = counted;
      scene = this.#scene(call, rule, connection);
      plan = await this.#plan(scene);
      this.#reserve(plan, scene);
    } catch (error) {
      connection.account.give('callsInFlight', taken);
      release(scene?.held ?? []);
      return this.#refused(number, call, rule, error);
    }
    const pending: Pending = { number, plan, scene, counted, held: scene.held };
    return await this.#allow(call, rule, pending);
  }

  /** Enters the result of a call that was allowed. Returns the outputs that are replaced. */
  completed(call: RemoteCall, completed: Completed): Readonly<Record<string, unknown>> | undefined {
    const pending = this.#pending.get(call);
    if (pending === undefined) return undefined;
    this.#pending.delete(call);
    const { number, scene } = pending;
    this.#isAudited({ event: 'result', number, call, status: completed.status });
    const replaced = this.#finish(pending, completed);
    const { result } = completed.outputs;
    return { ...replaced, ...(typeof result === 'string' && { result: clientResult(result, scene.owner) }) };
  }

  /** What a client may read of a notification that is for it. */
  notification(caller: Caller, text: string): string {
    const rule = ruleFor(this.#options.policy(), caller);
    return rule === undefined ? '' : clientText(text, ownerName(rule, caller));
  }

  #scene(call: RemoteCall, rule: PolicyRule, connection: Connection): Scene {
    const owner = ownerName(rule, call.caller);
    const parts = { call, rule, owner, connection, ledger: this.#ledger, layers: this.#layers };
    return new Scene(parts, this.#options.folders);
  }

  async #plan(scene: Scene): Promise<Plan> {
    const { call, rule, account } = scene;
    const { library, name } = call;
    if (call.caller.user !== account.user) throw new Refusal('The caller must be the one that connected.');
    const planner = planners[`${library}.${name}`];
    if (classOf(library, name) === undefined || !allows(rule, library, name) || planner === undefined) {
      throw new Refusal(
        `The policy does not allow ${library}.${name} to this user. Ask the administrator of the broker.`,
      );
    }
    return await planner(scene);
  }

  #reserve(plan: Plan, { account, rule }: Scene): void {
    const taken: (() => void)[] = [];
    try {
      for (const [what, amount] of reserved(plan)) {
        account.take(what, amount, rule.limits);
        taken.push(() => account.give(what, amount));
      }
    } catch (error) {
      for (const give of taken) give();
      throw error;
    }
  }

  async #allow(call: RemoteCall, rule: PolicyRule, pending: Pending): Promise<Decision> {
    const { plan, number } = pending;
    const paths = pending.held.map(({ path }) => path);
    const verdict: Verdict = {
      allowed: true,
      rule: rule.name,
      ...(plan.object !== undefined && { object: plan.object }),
      ...(paths.length > 0 && { paths }),
    };
    this.#pending.set(call, pending);
    if (plan.keeps !== undefined) plan.keeps.handles++;
    if (!this.#isAudited({ event: 'decision', number, call, verdict })) {
      return this.#undo(call, 'The audit cannot be written.');
    }
    for (const held of pending.held) {
      if (await held.isSame()) continue;
      return this.#undo(call, 'A path of the call must not change while it is checked.');
    }
    return { allow: plan.inputs };
  }

  /** Refuses a call after all. */
  #undo(call: RemoteCall, message: string): Decision {
    this.completed(call, { status: statuses.accessDenied, outputs: {} });
    return { refuse: statuses.accessDenied, message };
  }

  #refused(number: number, call: RemoteCall, rule: PolicyRule | undefined, error: unknown): Decision {
    const verdict = { ...refusedBy(error), ...(rule && { rule: rule.name }) };
    this.#isAudited({ event: 'decision', number, call, verdict });
    if (error instanceof Refusal) return { refuse: error.status, message: error.message };
    return { refuse: statuses.accessDenied, message: 'The broker could not decide about the call.' };
  }

  #finish(
    { plan, scene, counted, held }: Pending,
    completed: Completed,
  ): Readonly<Record<string, unknown>> | undefined {
    const kept = { is: false };
    let left = held;
    const outcome: Outcome = {
      keep: () => {
        kept.is = true;
      },
      takeHeld: () => {
        const taken = left;
        left = [];
        return taken;
      },
    };
    let replaced: Readonly<Record<string, unknown>> | undefined;
    try {
      replaced = plan.finish?.(completed, outcome);
    } catch {
      // A file of the broker that cannot be written, for one: what could not be looked at is not for the client.
      replaced = withoutTexts(completed);
    }
    if (plan.keeps !== undefined) this.#ledger.release(plan.keeps);
    const { connection } = scene;
    if (connection.gone && connection.mounts.size > 0) this.#options.undo?.(undoing(takeMounts(connection)));
    scene.account.give('callsInFlight', counted);
    for (const [what, amount] of kept.is ? [] : reserved(plan)) scene.account.give(what, amount);
    release(left);
    return replaced;
  }

  #ruleFor(caller: Caller): PolicyRule {
    const flaw = callerFlaw(caller);
    if (flaw !== undefined) throw new Refusal(flaw);
    const rule = ruleFor(this.#options.policy(), caller);
    if (rule === undefined)
      throw new Refusal('The policy has no rule for this user. Ask the administrator of the broker.');
    return rule;
  }

  /** Writes a line. Whether the call may be made now. */
  #isAudited(event: AuditEvent): boolean {
    const { audit } = this.#options;
    const time = this.#options.now?.() ?? new Date();
    const { required, textLength } = this.#options.policy().audit;
    try {
      audit.write(auditLine(event, time, textLength));
      return true;
    } catch {
      return !required;
    }
  }
}

function refusedBy(error: unknown): Verdict {
  const status = error instanceof Refusal ? error.status : statuses.accessDenied;
  return { allowed: false, status, reason: error instanceof Error ? error.message : String(error) };
}

function reserved({ reserve = {} }: Plan): readonly ['systems' | 'processes' | 'memoryInMB', number][] {
  const { systems = 0, processes = 0, memoryInMB = 0 } = reserve;
  return [
    ['systems', systems],
    ['processes', processes],
    ['memoryInMB', memoryInMB],
  ];
}

/** The calls that unmount layers. */
function undoing(mounts: readonly MountRecord[]): readonly HostCall[] {
  const driver = { flavour: 1, homeDir: '' };
  return mounts.flatMap(({ path, state }) => {
    const names = state === 'prepared' ? ['UnprepareLayer', 'DeactivateLayer'] : ['DeactivateLayer'];
    return names.map((name) => ({ library: 'vmcompute', name, inputs: { driver, layer: path } }));
  });
}

function withoutTexts({ outputs }: Completed): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, value]) => [name, typeof value === 'string' ? null : value]),
  );
}

function release(held: readonly Held[]): void {
  for (const one of held) one.release();
}
