/**
 * The methods of a compute system that create, run and open processes.
 *
 * @module
 */
import { HcsArgumentError } from '../errors/errors.js';
import type { EventMap } from '../host/context-emitter.js';
import { Entity } from '../host/entity.js';
import type { Notification } from '../host/notification.js';
import type { OperationOptions } from '../host/operation-options.js';
import type { ExecCommand, ExecEncoding, ExecOnlyOptions, ExecOptions, ExecOutput, ExecResult } from './exec.js';
import { exec } from './exec.js';
import type {
  ProcessCommand,
  ProcessOptions,
  ProcessParameters,
  ProcessStdioOption,
  ProcessTtyOption,
} from './process-command.js';
import { readProcessArguments } from './process-command.js';
import type { ProcessParent } from './process-parent.js';
import type { ProcessWith } from './process.js';
import { Process } from './process.js';

/** An entity that processes run in. `ComputeSystem` is the only one. */
export abstract class ProcessRunner<
  Events extends EventMap<Events> & { notification: [notification: Notification] },
  Exit,
> extends Entity<Events, Exit> {
  /** @internal */
  protected abstract readonly processParent: ProcessParent;

  /**
   * Creates a process in the system: from a document in HCS's own spelling, or its JSON text.
   *
   * When the operation times out or is cancelled, the process is terminated and closed as soon as the host has created it.
   */
  createProcess(json: `{${string}`, options?: OperationOptions): Promise<Process>;
  /**
   * From a command line.
   *
   * @example
   * await using process = await system.createProcess('cmd /c ver');
   */
  createProcess<const S extends ProcessStdioOption = 'pipe', const T extends ProcessTtyOption = false>(
    command: string,
    options?: ProcessOptions<S, T>,
  ): Promise<ProcessWith<S, T>>;
  /** From a program and its arguments. */
  createProcess<const S extends ProcessStdioOption = 'pipe', const T extends ProcessTtyOption = false>(
    file: string,
    args: readonly string[],
    options?: ProcessOptions<S, T>,
  ): Promise<ProcessWith<S, T>>;
  /** From a command and its options in one object. */
  createProcess<const S extends ProcessStdioOption = 'pipe', const T extends ProcessTtyOption = false>(
    command: ProcessCommand<S, T>,
    options?: OperationOptions,
  ): Promise<ProcessWith<S, T>>;
  // For arguments of which only this much is known.
  // eslint-disable-next-line @typescript-eslint/unified-signatures -- the first overload has to come before the second
  createProcess(parameters: ProcessParameters | ProcessCommand | string, options?: OperationOptions): Promise<Process>;
  async createProcess(...args: readonly unknown[]): Promise<Process> {
    const request = readProcessArguments(args);
    return Process.create(this.processParent, request, request.options);
  }

  /**
   * Runs a command to its end and collects its output. It takes what createProcess() takes. An exit code other than 0 does
   * not reject.
   *
   * Whatever fails, nothing stays behind: the process is killed and its handle released.
   *
   * @throws {@link HcsMaxBufferError} when stdout or stderr is longer than `maxBuffer`
   *
   * @example
   * const { exitCode, stdout } = await system.exec('cmd /c ver', { timeoutMs: 10_000 });
   */
  exec<const E extends ExecEncoding = 'utf8'>(
    command: string,
    options?: ExecOptions<E>,
  ): Promise<ExecResult<ExecOutput<E>>>;
  exec<const E extends ExecEncoding = 'utf8'>(
    file: string,
    args: readonly string[],
    options?: ExecOptions<E>,
  ): Promise<ExecResult<ExecOutput<E>>>;
  exec<const E extends ExecEncoding = 'utf8'>(command: ExecCommand<E>): Promise<ExecResult<ExecOutput<E>>>;
  exec<const E extends ExecEncoding = 'utf8'>(
    parameters: ProcessParameters | ExecCommand,
    options?: ExecOnlyOptions<E>,
  ): Promise<ExecResult<ExecOutput<E>>>;
  exec(...args: readonly unknown[]): Promise<ExecResult<string | Buffer>> {
    return exec(this.processParent, args);
  }

  /** Opens a process that runs in the system. It has no streams: those belong to whoever created it. */
  async openProcess(pid: number, options: OperationOptions = {}): Promise<Process<null, null, null>> {
    if (!Number.isInteger(pid) || pid < 0 || pid > 0xffffffff) {
      throw new HcsArgumentError('pid', 'must be a whole number from 0 to 4294967295', pid);
    }
    return Process.open(this.processParent, pid, options);
  }
}
