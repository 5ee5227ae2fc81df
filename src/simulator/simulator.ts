/**
 * The simulated host: the same calls as Windows, anywhere, with faults on demand. There is one per process, as there is
 * one host per machine; everything that opens it sees the same systems.
 *
 * @module
 */
import { keyOf } from '../backend/keys.js';
import { remoteLibraries } from '../backend/load.js';
import { parseDocument } from '../documents/document-text.js';
import { HcsArgumentError, HcsError } from '../errors/errors.js';
import { forComputecore } from './faults/computecore.js';
import type { Fault, FaultAct, FaultRule, FaultScenario, RaisedNotification } from './faults/fault.js';
import type { FaultName } from './faults.js';
import { faults } from './faults.js';
import { limitedTo } from './faults/limits.js';
import { Host, sessionOf } from '../host/host.js';
import type { HostChoice } from '../host/host-choice.js';
import { findBinary } from '../host/host-choice.js';
import { perform } from '../host/operation.js';
import { connectRemote } from '../host/remote-connection.js';
import { checkServedName } from '../host/served-name.js';
import { capitalise, readMembersOf } from './option-names.js';
import type { ProfileDescription, SimulatorConfiguration, SimulatorSettings } from './simulator-settings.js';
import type { ClockState, ProcessEnd, SimulatorState, SystemEnd } from './simulator-state.js';

interface TraceAnswer {
  readonly Dropped: number;
  readonly Lines: string[];
}

/** Those that serve until this process exits, whether or not anything else refers to them. */
const serving = new Set<Simulator>();

/**
 * The simulated host, opened, with controls for its faults, clock and trace.
 *
 * @example
 * const simulator = await Simulator.open();
 * await simulator.inject({ function: 'vmcompute.HcsStartComputeSystem', status: 0xc0370106 });
 * const system = await ComputeSystem.create('web', document, { host: simulator.host });
 * await system.start(); // rejects with HCS_E_UNEXPECTED_EXIT
 */
export class Simulator {
  /** Pass it as the option `host`. */
  readonly host: Host;
  /** Faults that are not rules of the native simulator. */
  readonly #own = new Set<Fault>();

  private constructor(host: Host) {
    this.host = host;
  }

  /** That of this process. */
  static async open(options: SimulatorSettings = {}): Promise<Simulator> {
    return new Simulator(await openHost('simulated', options));
  }

  /**
   * A remote simulator, which another process {@link Simulator.serve | serves}. A process can have one at a time.
   *
   * @param name - as that process has named it; without a name the default, as for `serve()`
   */
  static async connect(name?: string, options: SimulatorSettings = {}): Promise<Simulator> {
    if (name !== undefined) checkServedName('name', name);
    const host = await openHost({ libraries: findBinary(remoteLibraries) }, options);
    const refusal = await connectRemote(sessionOf(host, 'HcSimulatorControl'), name);
    if (refusal === undefined) return new Simulator(host);
    await host.close();
    throw new HcsError(`The simulated host refused the request: "name": ${refusal}.`, {
      code: 'ERR_HC_SIMULATOR',
      operation: 'HcSimulatorControl',
    });
  }

  /** Controls a simulated host that was opened by other means. */
  static of(host: Host): Simulator {
    if (host.kind !== 'simulated') throw new HcsArgumentError('host', 'must be a simulated host', host.kind);
    return new Simulator(host);
  }

  /** Ends every system without notifications, removes the faults, and restores the defaults. Handles become invalid. */
  async reset(): Promise<SimulatorState> {
    this.#own.forEach((fault) => void fault.clear());
    return (await this.#control({ Reset: {} })) as SimulatorState;
  }

  /** Changes what is given and returns all that is in force, in the simulator's own spelling. */
  async configure(configuration: SimulatorConfiguration): Promise<unknown> {
    const { profile, ...rest } = readMembersOf('configuration', configuration);
    const settings = capitalise(rest);
    if (typeof profile === 'object') settings.Profile = capitalise(readMembersOf('profile', profile));
    else if (profile !== undefined) settings.Profile = profile;
    return this.#control({ Configure: settings });
  }

  /** The named profiles, with their figures and sources. */
  async profiles(): Promise<readonly ProfileDescription[]> {
    return ((await this.#control({ Profiles: {} })) as { Profiles: ProfileDescription[] }).Profiles;
  }

  /** Injects a fault. By default it applies to the next call of its function. */
  async inject(rule: FaultRule): Promise<Fault> {
    const { missing, ...effects } = readMembersOf('rule', rule);
    if (missing === true) return this.#withhold(effects);
    const { Rule: id } = (await this.#control({ Inject: capitalise(effects) })) as { Rule: number };
    return {
      id,
      release: async () => {
        await this.#control({ Release: { Rule: id } });
      },
      clear: async () => {
        await this.#control({ Clear: { Rule: id } });
      },
    };
  }

  #withhold({ function: name, ...rest }: Omit<FaultRule, 'missing'>): Fault {
    const [more] = Object.entries(rest as Record<string, unknown>).find(([, value]) => value !== undefined) ?? [];
    const key = keyOf(name);
    if (!Object.hasOwn(this.host.functions, key)) {
      throw new HcsArgumentError('rule.function', 'must be one of host.functions', name);
    }
    if (more !== undefined) {
      throw new HcsArgumentError(`rule.${more}`, 'must be absent for a function that is missing', rest[more as never]);
    }
    const restore = sessionOf(this.host, name).withhold(key);
    return this.#keep({ release: () => Promise.resolve(), clear: () => Promise.resolve(restore()) });
  }

  // Until it is cleared, for itself or with all the others.
  #keep({ release, clear }: Omit<Fault, 'id'>): Fault {
    const fault: Fault = {
      id: 0,
      release,
      clear: async () => {
        if (this.#own.delete(fault)) await clear();
      },
    };
    this.#own.add(fault);
    return fault;
  }

  /**
   * Provokes a fault of the catalogue (docs/faults.md), on one system or object of the network service, by its id, or on
   * whichever comes next. What concerns the whole host is not limited. Where computecore.dll drives the systems, its functions
   * have the fault.
   *
   * @example
   * await simulator.provoke('start-never-returns');
   * await system.stop({ graceMs: 100, forceMs: 100 });
   */
  async provoke(name: FaultName, id?: string): Promise<Fault> {
    const scenario: FaultScenario | undefined = faults.find((each) => each.name === name);
    if (scenario === undefined) {
      const names = faults.map((each) => each.name).join(', ');
      throw new HcsArgumentError('name', `must be one of ${names}`, name);
    }
    const { act } = scenario;
    const rules = this.#rulesOf(scenario, id);
    const made: Fault[] = act === undefined ? [] : [await this.#act(act, id)];
    for (const rule of rules) made.push(await this.inject(rule));
    const each = async (act: (fault: Fault) => Promise<void>): Promise<void> => {
      for (const fault of made) await act(fault);
    };
    return {
      id: made[0]!.id,
      release: () => each((fault) => fault.release()),
      clear: () => each((fault) => fault.clear()),
    };
  }

  #rulesOf({ name, rules }: FaultScenario, id: string | undefined): readonly FaultRule[] {
    const limited: readonly FaultRule[] = id === undefined ? rules : rules.map((rule) => limitedTo(id, rule));
    if (this.host.api !== 'computecore') return limited;
    const there = limited.flatMap((rule) => forComputecore(rule) ?? []);
    if (there.length > 0 || rules.length === 0) return there;
    const remedy = 'Open the simulator with the API vmcompute for this one.';
    throw new HcsArgumentError('name', 'must be a fault that computecore.dll can have', name, remedy);
  }

  async #act(act: FaultAct, system?: string): Promise<Fault> {
    const nothing = (): Promise<void> => Promise.resolve();
    if ('disconnect' in act) {
      await this.disconnect();
      return this.#keep({ release: nothing, clear: () => this.reconnect() });
    }
    if ('restartNetworks' in act) {
      await this.restartNetworks();
      return { id: 0, release: nothing, clear: nothing };
    }
    const { Systems: systems } = await this.state();
    const all = systems.filter(({ State }) => State !== 'Stopped').map(({ Id }) => Id);
    for (const each of system === undefined ? all : [system]) await this.notify({ ...act.notify, system: each });
    return { id: 0, release: nothing, clear: nothing };
  }

  /** Removes every fault. */
  async clear(): Promise<void> {
    await this.#control({ Clear: {} });
    for (const fault of this.#own) await fault.clear();
  }

  async state(): Promise<SimulatorState> {
    return (await this.#control({ State: {} })) as SimulatorState;
  }

  /** Raises notifications on a system, in order, on the simulator's threads. */
  async notify(notification: RaisedNotification): Promise<void> {
    await this.#control({ Notify: capitalise(readMembersOf('notification', notification)) });
  }

  /** Ends a system on its own, as a guest that crashes; or, with `process`, one of its processes. */
  async exit(system: string, how: SystemEnd | ProcessEnd = {}): Promise<void> {
    await this.#control({ Exit: capitalise({ system, ...readMembersOf('end', how) }) });
  }

  /** Disconnects the service: every registration is notified, every call fails, by default with `0x800706ba`. */
  async disconnect(options: { status?: number } = {}): Promise<void> {
    await this.#control({ Disconnect: capitalise(readMembersOf('disconnect', options)) });
  }

  /** Reconnects the service. Earlier handles stay invalid. */
  async reconnect(): Promise<void> {
    await this.#control({ Reconnect: {} });
  }

  /**
   * Restarts the network service, under containers that run: its callbacks are notified of the loss, its handles become stale,
   * networks and namespaces stay, and endpoints and what refers to them are gone.
   */
  async restartNetworks(): Promise<void> {
    await this.#control({ RestartNetworks: {} });
  }

  /**
   * Moves the virtual clock, and does what is due on the way, each at its own time. Notifications have been delivered
   * to the native side then; their events and promises follow on the event loop.
   *
   * @example
   * await simulator.configure({ clock: 'virtual', profile: { start: 60_000 } });
   * const system = await ComputeSystem.create('web', document, { host: simulator.host });
   * const started = system.start();
   * await simulator.reached({ scheduled: 1, callsInside: 0 }); // the host has taken the call
   * await simulator.advance(60_000);
   * await started;
   */
  async advance(ms: number): Promise<ClockState> {
    return (await this.#control({ Advance: { Ms: ms } })) as ClockState;
  }

  /** Moves the virtual clock until nothing is due any more; rejects after so many `tasks`, by default a million. */
  async drain(options: { tasks?: number } = {}): Promise<ClockState> {
    return (await this.#control({ Drain: capitalise(readMembersOf('drain', options)) })) as ClockState;
  }

  /** Records what happens at the host from now on; what was recorded before is forgotten. */
  async startTrace(): Promise<void> {
    await this.#control({ Trace: { Start: true } });
  }

  /**
   * What was recorded: calls as they returned, notifications as they were sent, and what was skipped in documents, one line
   * each, with the time if the clock is virtual. The last 100,000 lines; a first line has the number of lines that were dropped.
   */
  async trace(): Promise<string[]> {
    const { Lines: lines, Dropped: dropped } = (await this.#control({ Trace: {} })) as TraceAnswer;
    return dropped === 0 ? lines : [`${String(dropped)} lines dropped`, ...lines];
  }

  /**
   * Serves this host to other processes as a remote simulator until this process exits: each reaches it by `Simulator.connect()`, or
   * loads the library `hostcompute-remote-vmcompute` in place of `vmcompute`. What a client has open when it ends is closed for it, as
   * Windows does. When this process ends, its clients have lost the service.
   *
   * @param name - the path of a socket, absolute, about 100 characters at most; on Windows of a pipe, such as `\\.\pipe\simulator`.
   *   Only this user can use it. Without a name it is that of the environment variable `HOSTCOMPUTE_SIMULATOR_SOCKET`, or one that every
   *   process of the user finds without being told.
   * @returns the name
   */
  async serve(name?: string): Promise<string> {
    if (name !== undefined) checkServedName('name', name);
    // What connects does without it, and without the threads of Node that it asks.
    const { removeAtExit } = await import('../host/socket-file.js');
    const { Path: path } = (await this.#control({ Serve: name === undefined ? {} : { Path: name } })) as {
      Path: string;
    };
    removeAtExit(path);
    serving.add(this);
    return path;
  }

  /** Waits, without polling, until the counters have these values; false when they did not in time. */
  async reached(
    counters: {
      callsInside?: number;
      blockedCalls?: number;
      undelivered?: number;
      pipes?: number;
      programs?: number;
      scheduled?: number;
      publishedPorts?: number;
      handles?: {
        system?: number;
        process?: number;
        registration?: number;
        network?: number;
        operation?: number;
        disk?: number;
      };
    },
    timeoutMs = 10_000,
  ): Promise<boolean> {
    const { handles: open, ...rest } = readMembersOf('counters', counters);
    const handles = open && { Handles: capitalise(readMembersOf('handles', open)) };
    const request = { ...capitalise(rest), ...handles, TimeoutMs: timeoutMs };
    return ((await this.#control({ Await: request })) as { Reached: boolean }).Reached;
  }

  async close(): Promise<void> {
    await this.host.close();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async #control(request: object): Promise<unknown> {
    const name = 'HcSimulatorControl';
    const session = sessionOf(this.host, name);
    const input = { request: JSON.stringify(request) };
    const { status, outputs } = await perform({ session, name, input, options: {} });
    const response = parseDocument(outputs.response);
    if (status === 0) return response;
    const { Error: error } = (response ?? {}) as { Error?: string };
    throw new HcsError(`The simulated host refused the request: ${asGiven(error ?? 'it is not known')}`, {
      code: 'ERR_HC_SIMULATOR',
      status,
      operation: name,
    });
  }
}

function openHost(choice: HostChoice, given: SimulatorSettings): Promise<Host> {
  const { osBuild, ...settings } = readMembersOf('settings', given);
  if (osBuild !== undefined && (!Number.isInteger(osBuild) || osBuild < 0)) {
    throw new HcsArgumentError('settings.osBuild', 'must be a build of Windows, such as 20348', osBuild);
  }
  return Host.openThrough(choice, settings, undefined, osBuild);
}

/** What the arguments are called whose members are in a request; other members are arguments themselves. */
const argumentsOf: Readonly<Record<string, string>> = {
  'Serve.Path': 'name',
  'Exit.System': 'system',
  'Await.TimeoutMs': 'timeoutMs',
  Configure: 'configuration',
  Inject: 'rule',
  Notify: 'notification',
  Exit: 'end',
  Disconnect: 'disconnect',
  Drain: 'drain',
  Await: 'counters',
};

/** An error that begins with a path in the request, with the name that the caller knows. */
function asGiven(error: string): string {
  return error.replace(/^\$\.(\w+)((?:\.\w+)*):/, (_, request: string, path: string) => {
    const known = argumentsOf[request + path];
    const members = path.replace(/\.(\w)/g, (each) => each.toLowerCase());
    const within = argumentsOf[request];
    return `"${known ?? (within === undefined ? members.slice(1) : within + members)}":`;
  });
}
