import assert from 'node:assert/strict';

import type { Process } from 'hostcompute';
import { ComputeSystem, HcsArgumentError, HcsError } from 'hostcompute';
import type { Simulator } from 'hostcompute/simulator';
import { faults } from 'hostcompute/simulator';

import { containerDocument } from '../support/documents.js';

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

/**
 * Does things at random with systems and processes, under faults at random, and then ends everything. The same seed makes
 * the same choices. Rejects for any error that the API does not promise; whether anything is left is for the caller to see.
 */
export class Chaos {
  readonly #simulator: Simulator;
  readonly #systems: ComputeSystem[] = [];
  readonly #processes: Process[] = [];
  readonly #underWay = new Set<Promise<void>>();
  readonly #errors: Record<string, number> = {};
  readonly #wrong: unknown[] = [];
  readonly #seed: number;
  #state: number;
  #made = 0;

  constructor(simulator: Simulator, seed: number) {
    this.#simulator = simulator;
    this.#seed = seed;
    this.#state = seed | 0;
  }

  async run(steps: number): Promise<ChaosReport> {
    for (let step = 0; step < steps; step++) {
      this.#step();
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
    for (const each of [...this.#processes, ...this.#systems]) this.#begin(() => each.close());
    await Promise.all(this.#underWay);
    assert.deepEqual(this.#wrong, [], `seed ${this.#seed}`);
  }

  // mulberry32
  #random(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  }

  #below(count: number): number {
    return Math.floor(this.#random() * count);
  }

  #pick<T>(list: readonly T[]): T | undefined {
    return list[this.#below(list.length)];
  }

  #take<T>(list: T[]): T | undefined {
    return list.splice(this.#below(list.length), 1)[0];
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

  #options(): { timeoutMs: number; signal?: AbortSignal } {
    const timeoutMs = 5 + this.#below(100);
    if (this.#below(8) > 0) return { timeoutMs };
    const controller = new AbortController();
    setTimeout(() => controller.abort(), this.#below(5));
    return { timeoutMs, signal: controller.signal };
  }

  #step(): void {
    const options = this.#options();
    const system = this.#pick(this.#systems);
    const process = this.#pick(this.#processes);
    const choice = this.#below(20);
    if (system === undefined || (choice < 3 && this.#systems.length < mostSystems)) this.#create(options);
    else if (choice < 5) this.#begin(() => system.start(options));
    else if (choice < 8 && this.#processes.length < mostProcesses) this.#createProcess(system, options);
    else if (choice === 8) this.#begin(() => system.pause(options));
    else if (choice === 9) this.#begin(() => system.properties(['Statistics'], options));
    else if (choice === 10) this.#begin(() => system.shutdown(options));
    else if (choice === 11) this.#begin(() => system.stop({ graceMs: this.#below(20), forceMs: 20 }));
    else if (choice === 12) this.#closeSystem(options);
    else if (choice === 13) this.#begin(() => this.#simulator.provoke(this.#pick(faults)!.name));
    else if (process === undefined) this.#begin(() => system.processes(options));
    else if (choice === 14) this.#begin(() => process.kill(options));
    else if (choice === 15) this.#begin(() => process.signal('SIGTERM', options));
    else if (choice === 16) this.#write(process);
    else if (choice === 17) this.#begin(() => process.closeStdin(options));
    else if (choice === 18) process.stdout?.destroy();
    else this.#closeProcess(options);
  }

  #write({ stdin }: Process): void {
    if (stdin?.writable) stdin.write(Buffer.alloc(this.#below(200_000)));
  }

  #create(options: object): void {
    const id = `chaos-${this.#seed}-${++this.#made}`;
    this.#begin(async () => {
      const host = this.#simulator.host;
      this.#systems.push(await ComputeSystem.create(id, containerDocument('chaos'), { host, ...options }));
    });
  }

  #createProcess(system: ComputeSystem, options: object): void {
    const command = this.#pick(commands)!;
    const reads = this.#below(2) === 0;
    this.#begin(async () => {
      const process = await system.createProcess({ command }, options);
      this.#processes.push(process);
      for (const stream of [process.stdin, process.stdout, process.stderr]) stream?.on('error', () => undefined);
      if (reads) process.stdout?.resume();
    });
  }

  // A close that was given up, or that failed, is tried again: it is what a program that cares does.
  #closeSystem(options: object): void {
    const system = this.#take(this.#systems);
    if (system !== undefined) this.#begin(() => system.close(options).catch(() => void this.#systems.push(system)));
  }

  #closeProcess(options: object): void {
    const process = this.#take(this.#processes);
    if (process !== undefined)
      this.#begin(() => process.close(options).catch(() => void this.#processes.push(process)));
  }
}
