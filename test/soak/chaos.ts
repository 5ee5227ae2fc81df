import assert from 'node:assert/strict';

import type { Process } from 'hostcompute';
import { ComputeSystem, HcsArgumentError, HcsError } from 'hostcompute';
import type { FaultName, Simulator } from 'hostcompute/simulator';
import { faults } from 'hostcompute/simulator';

import { containerDocument } from '../support/documents.js';
import type { NetworkChoice } from './network-chaos.js';
import { NetworkChaos } from './network-chaos.js';

/** What a run has done and met. */
export interface ChaosReport {
  readonly steps: number;
  /** How often each code of an error came. */
  readonly errors: Readonly<Record<string, number>>;
}

const mostSystems = 12;
const mostProcesses = 24;
const mostUnderWay = 40;
const commands = ['cmd /c ver', 'sim-sleep', 'sim-cat', 'sim-flood 300000', 'sim-crash 7', 'no-such-program'];

/** All that chance decides of a step. */
export interface Choice {
  readonly action: number;
  /** The places of the system and the process it is about. */
  readonly system: number;
  readonly process: number;
  readonly timeoutMs: number;
  readonly abortMs: number | undefined;
  readonly graceMs: number;
  readonly fault: FaultName;
  readonly command: string;
  readonly reads: boolean;
  readonly bytes: number;
  readonly network: NetworkChoice;
}

/** The choice of a step follows from the seed and its number alone: whatever the threads do, it can be made again. */
export function choose(seed: number, step: number): Choice {
  let state = (Math.imul(seed, 0x9e3779b1) + step) | 0;
  // mulberry32
  const below = (count: number): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 4294967296) * count);
  };
  return {
    action: below(26),
    system: below(mostSystems),
    process: below(mostProcesses),
    timeoutMs: 5 + below(100),
    abortMs: below(8) > 0 ? undefined : below(5),
    graceMs: below(20),
    fault: faults[below(faults.length)]!.name,
    command: commands[below(commands.length)]!,
    reads: below(2) === 0,
    bytes: below(200_000),
    network: { kind: below(11), place: below(1000), address: below(1000) },
  };
}

/**
 * Does things at random with systems and processes, under faults at random, and then ends everything. The same seed makes
 * the same choices. Rejects for any error that the API does not promise; whether anything is left is for the caller to see.
 */
export class Chaos {
  readonly #simulator: Simulator;
  readonly #seed: number;
  readonly #networks: NetworkChaos;
  // By their places. A place is taken from the begin of a create to the end of a close.
  readonly #systems = new Map<number, ComputeSystem | undefined>();
  readonly #processes = new Map<number, Process | undefined>();
  readonly #others = new Set<ComputeSystem>();
  readonly #underWay = new Set<Promise<void>>();
  readonly #errors: Record<string, number> = {};
  readonly #wrong: unknown[] = [];

  constructor(simulator: Simulator, seed: number) {
    this.#simulator = simulator;
    this.#seed = seed;
    this.#networks = new NetworkChaos(simulator);
  }

  async run(steps: number): Promise<ChaosReport> {
    for (let step = 0; step < steps; step++) {
      this.#step(step);
      if (this.#underWay.size >= mostUnderWay) await Promise.race(this.#underWay);
      if (step % 100 === 99) await this.#simulator.clear();
    }
    await this.#end();
    return { steps, errors: this.#errors };
  }

  async #end(): Promise<void> {
    await this.#simulator.clear();
    await Promise.all(this.#underWay);
    await this.#simulator.clear();
    for (const each of [...this.#processes.values(), ...this.#systems.values(), ...this.#others])
      this.#begin(async () => each?.close());
    await Promise.all(this.#underWay);
    await this.#networks.end();
    assert.deepEqual(this.#wrong, [], `seed ${this.#seed}`);
  }

  // What is expected is counted: the API rejects with its own errors and with nothing else.
  #begin(work: () => Promise<unknown>): void {
    const done = work()
      .then(
        () => undefined,
        (error: unknown) => {
          if (!(error instanceof HcsError || error instanceof HcsArgumentError)) this.#wrong.push(error);
          const { code } = error as { code?: string };
          this.#errors[String(code)] = (this.#errors[String(code)] ?? 0) + 1;
        },
      )
      .finally(() => this.#underWay.delete(done));
    this.#underWay.add(done);
  }

  #options({ timeoutMs, abortMs }: Choice): { timeoutMs: number; signal?: AbortSignal } {
    if (abortMs === undefined) return { timeoutMs };
    const controller = new AbortController();
    setTimeout(() => controller.abort(), abortMs);
    return { timeoutMs, signal: controller.signal };
  }

  #step(step: number): void {
    const choice = choose(this.#seed, step);
    const { action } = choice;
    const options = this.#options(choice);
    const system = this.#systems.get(choice.system);
    const process = this.#processes.get(choice.process);
    if (action > 21) this.#begin(() => this.#networks.step(choice.network, options));
    else if (!this.#systems.has(choice.system)) this.#create(step, choice, options);
    else if (system === undefined) this.#begin(() => this.#simulator.host.serviceProperties(undefined, options));
    else if (action < 3) this.#begin(() => system.start(options));
    else if (action < 8 && !this.#processes.has(choice.process)) this.#createProcess(system, choice, options);
    else if (action < 5) this.#begin(() => system.processes(options));
    else if (action < 8) this.#begin(() => this.#open(system, options));
    else if (action === 8) this.#begin(() => system.pause(options));
    else if (action === 9) this.#begin(() => system.properties(['Statistics'], options));
    else if (action === 10) this.#begin(() => system.shutdown(options));
    else if (action === 11) this.#begin(() => system.stop({ graceMs: choice.graceMs, forceMs: 20 }));
    else if (action === 12 || action > 19) this.#close(this.#systems, choice.system, options);
    else if (action === 13) this.#begin(() => this.#simulator.provoke(choice.fault));
    else if (process === undefined) this.#begin(() => system.processes(options));
    else if (action === 14) this.#begin(() => process.kill('SIGKILL', options));
    else if (action === 15) this.#begin(() => process.kill('SIGTERM', options));
    else if (action === 16) this.#write(process, choice.bytes);
    else if (action === 17) this.#begin(() => process.closeStdin(options));
    else if (action === 18) process.stdout?.destroy();
    else this.#close(this.#processes, choice.process, options);
  }

  #write({ stdin }: Process, bytes: number): void {
    if (stdin?.writable) stdin.write(Buffer.alloc(bytes));
  }

  #create(step: number, { system }: Choice, options: object): void {
    this.#fill(this.#systems, system, () =>
      ComputeSystem.create(`chaos-${this.#seed}-${step}`, containerDocument('chaos'), {
        host: this.#simulator.host,
        ...options,
      }),
    );
  }

  // A second handle to the same system.
  async #open({ id }: ComputeSystem, options: object): Promise<void> {
    const handle = await ComputeSystem.open(id, { host: this.#simulator.host, ...options });
    this.#others.add(handle);
    await handle.close(options);
    this.#others.delete(handle);
  }

  #createProcess(system: ComputeSystem, { process: place, command, reads }: Choice, options: object): void {
    this.#fill(this.#processes, place, async () => {
      const process = await system.createProcess({ command }, options);
      for (const stream of [process.stdin, process.stdout, process.stderr]) stream.on('error', () => undefined);
      if (reads) process.stdout.resume();
      return process;
    });
  }

  #fill<T>(places: Map<number, T | undefined>, place: number, make: () => Promise<T>): void {
    places.set(place, undefined);
    this.#begin(async () => {
      try {
        places.set(place, await make());
      } catch (error) {
        places.delete(place);
        throw error;
      }
    });
  }

  // A close that was given up, or that failed, is tried again by a later step, or at the end: a program that cares does that.
  #close<T extends ComputeSystem | Process>(places: Map<number, T | undefined>, place: number, options: object): void {
    this.#begin(async () => {
      const each = places.get(place);
      await each?.close(options);
      if (places.get(place) === each) places.delete(place); // another close of it may have come first
    });
  }
}
