/**
 * A process inside a compute system, from create or open to close.
 *
 * @module
 */
import type { Readable, Writable } from 'node:stream';

import type { ProcessHandle } from '../backend/backend.js';
import { documentText } from '../documents/document-text.js';
import { Entity } from '../host/entity.js';
import { HcsError, isAccessDenied, isInvalidState } from '../errors/errors.js';
import type { Notification } from '../host/notification.js';
import type { LifetimeCallbacks } from '../host/handle-lifetime.js';
import { Lifetime } from '../host/handle-lifetime.js';
import type { Opened } from '../host/open-handle.js';
import { openHandle } from '../host/open-handle.js';
import { serviceDisconnectError } from '../host/service-disconnect.js';
import { failureOf, perform, run } from '../host/operation.js';
import type { ProcessExit, ProcessStatus } from './process-exit.js';
import { ExitFinder } from './process-exit.js';
import { isGone, terminateProcess } from './process-kill.js';
import type { ParentSystem, ProcessParent } from './process-parent.js';
import type { ProcessRequest, ProcessStdio, ProcessStdioOption, ProcessTtyOption } from './process-command.js';
import { resizeConsole } from './process-console.js';
import { parametersText } from './process-parameters.js';
import type { ProcessSignal } from './process-signals.js';
import { isTermination, checkSignal, signalDocument } from './process-signals.js';
import type { ProcessInput, ProcessOutput, ProcessStreams } from './process-streams.js';
import { closeStreams, makeStreams } from './process-streams.js';
import type { OperationOptions } from '../host/operation-options.js';
import { boundedWait } from '../host/waits/bounded-wait.js';
import { remaining } from '../host/waits/deadlines.js';
import { readOperationOptions, throwIfAborted } from '../host/operation-options.js';

/** The events of a process. */
export interface ProcessEvents {
  exit: [exit: ProcessExit];
  /** After `exit`, when every stream that is read or written has closed. */
  close: [exit: ProcessExit | undefined];
  disconnect: [notification: Notification];
  notification: [notification: Notification];
}

const noStreams: ProcessStreams = { stdin: null, stdout: null, stderr: null };

type ModeOf<Stdio, Index extends '0' | '1' | '2'> = Stdio extends ProcessStdio
  ? Stdio
  : Index extends keyof Stdio
    ? Stdio[Index]
    : 'pipe';
type StreamOf<Mode, Stream> = Mode extends 'ignore' ? null : Stream;

/** A process with the streams that its `stdio` and `tty` give it. */
export type ProcessWith<Stdio extends ProcessStdioOption, Tty extends ProcessTtyOption> = Process<
  StreamOf<ModeOf<Stdio, '0'>, Writable>,
  StreamOf<ModeOf<Stdio, '1'>, Readable>,
  Tty extends false ? StreamOf<ModeOf<Stdio, '2'>, Readable> : null
>;

/**
 * An open process in a compute system, similar to one of `child_process`.
 *
 * It keeps Node running until it has exited or is closed, unless unref() is called. close() does not end the process: see
 * kill(). Output stays in its pipe, and blocks the process when that is full, until it is read.
 *
 * The type parameters are the types of the streams, which follow from `stdio`; without them, any may be null.
 *
 * @example
 * await using process = await system.createProcess('cmd /c ver');
 * for await (const chunk of process.stdout) console.log(String(chunk));
 * const { exitCode } = await process.exited;
 */
export class Process<
  Stdin extends Writable | null = Writable | null,
  Stdout extends Readable | null = Readable | null,
  Stderr extends Readable | null = Readable | null,
> extends Entity<ProcessEvents, ProcessExit> {
  static readonly #callbacks: LifetimeCallbacks<Notification, Process> = {
    receive: (notification, process) => process.#receive(notification),
    ended: (process) => process.#ended(),
    closing: (process) => process.#closing(),
    parentEnded: (exited, process) => process.#parentEnded(exited),
  };

  readonly pid: number;
  readonly system: ParentSystem;
  /** Its end is the end of file for the process. Null when the process was opened, or created without it. */
  readonly stdin: Stdin;
  readonly stdout: Stdout;
  readonly stderr: Stderr;
  readonly #life: Lifetime<ProcessExit>;
  readonly #exit: ExitFinder;
  readonly #parent: ProcessParent;
  readonly #streams: ProcessStreams;
  #signals = 0;
  #killed = false;
  #stdinEnded: Promise<void> | undefined;
  #stdinClosed: Promise<void> | undefined;
  #closeEmitted = false;

  private constructor(parent: ProcessParent, opened: Opened, pid: number, streams: ProcessStreams) {
    const life = new Lifetime<ProcessExit>({ ...opened, subject: { ...opened.subject, processId: pid } });
    super(life);
    this.pid = pid;
    this.system = parent.system;
    this.stdin = streams.stdin as Writable | null as Stdin;
    this.stdout = streams.stdout as Readable | null as Stdout;
    this.stderr = streams.stderr as Readable | null as Stderr;
    this.#life = life;
    this.#exit = new ExitFinder(life);
    this.#parent = parent;
    this.#streams = streams;
    life.begin(this, Process.#callbacks);
    parent.children.set(life.handle, life.subscription);
    streams.stdin?.begin(() => this.#closeStdinInGuest());
    const { resources } = life.session;
    for (const stream of [streams.stdin, streams.stdout, streams.stderr]) {
      if (stream === null) continue;
      resources.streams++;
      stream.once('close', () => {
        resources.streams--;
        this.#streamClosed();
      });
    }
    life.ref();
    // The system may have ended before the process was created.
    if (parent.life.end.ended && !parent.life.closed) this.#parentEnded(parent.life.end.exited);
  }

  /** @internal */
  static async create(parent: ProcessParent, request: ProcessRequest, options: OperationOptions): Promise<Process> {
    const name = 'HcsCreateProcess';
    const { life } = parent;
    life.checkOpen(name);
    throwIfAborted(name, life.subject, options);
    const begun = performance.now();
    const processParameters = await parametersText(request, () => parent.guestOs(options));
    const call = life.call(name, { computeSystem: life.handle as never, processParameters }, remaining(options, begun));
    return openHandle({
      ...call,
      subject: life.subject,
      make: (opened, { processInformation: information }) => {
        const pid = information?.[0] ?? 0;
        const streams =
          information === null ? noStreams : makeStreams(information, { ...life.subject, processId: pid });
        return new Process(parent, opened, pid, streams);
      },
      discard: ({ processInformation }) => closeStreams(processInformation),
    });
  }

  /** @internal */
  static async open(parent: ProcessParent, pid: number, options: OperationOptions): Promise<Process<null, null, null>> {
    options = readOperationOptions(options);
    const { life } = parent;
    const call = life.call('HcsOpenProcess', { computeSystem: life.handle as never, processId: pid }, options);
    const subject = { ...life.subject, processId: pid };
    return openHandle({
      ...call,
      subject,
      make: (opened) => new Process<null, null, null>(parent, opened, pid, noStreams),
    });
  }

  override ref(): this {
    for (const stream of this.#openStreams) stream.ref();
    return super.ref();
  }

  /** Neither the process nor its streams keep Node running. */
  override unref(): this {
    for (const stream of this.#openStreams) stream.unref();
    return super.unref();
  }

  /**
   * Sends a signal, or ends the process by force, which is the default. True when the host has delivered the signal, false
   * when the process was gone. The exit follows: see `exited`.
   *
   * The host may complete a signal other than `SIGKILL` only after the process has ended. `SIGKILL` does not wait for an
   * earlier signal that hangs.
   *
   * @throws {@link HcsArgumentError} for a signal that the guest does not have
   *
   * @example
   * await child.kill('SIGTERM', { timeoutMs: 5000 });
   */
  async kill(signal: ProcessSignal = 'SIGKILL', options: OperationOptions = {}): Promise<boolean> {
    options = readOperationOptions(options);
    this.#life.checkOpen(signal === 'SIGKILL' ? 'HcsTerminateProcess' : 'HcsSignalProcess');
    checkSignal(signal);
    throwIfAborted('Process.kill', this.#life.subject, options);
    if (signal === 'SIGKILL') return this.#terminate(options);
    if (this.#life.end.exited) return false;
    const started = performance.now();
    const document = signalDocument(signal, await this.#parent.guestOs(options));
    const rest = remaining(options, started);
    const canSignal = this.#life.session.has('HcsSignalProcess');
    if (document === undefined || (!canSignal && isTermination(document))) return this.#terminate(rest);
    return this.#signal(document, rest);
  }

  async #terminate(options: OperationOptions): Promise<boolean> {
    const operation = 'HcsTerminateProcess';
    this.#life.checkOpen(operation);
    if (this.#killed) return true;
    if (this.#life.end.exited) return false;
    const started = performance.now();
    const describe = (limits: OperationOptions) => this.#life.call(operation, { process: this.#handle }, limits);
    const refusal = await terminateProcess(describe, options, this.#signals > 0);
    if (refusal === undefined) {
      this.#killed = true;
      this.#exit.expect(false);
      return true;
    }
    if (!isGone(refusal) && !(isAccessDenied(refusal) && (await this.#exit.confirmed(remaining(options, started))))) {
      throw refusal; // access is denied to a process that has ended, and to one without permission
    }
    this.#exit.expect(true);
    return false;
  }

  async #signal(document: object, options: OperationOptions): Promise<boolean> {
    const call = this.#life.call(
      'HcsSignalProcess',
      { process: this.#handle, options: JSON.stringify(document) },
      options,
    );
    this.#signals++;
    let refusal: HcsError | undefined;
    try {
      refusal = failureOf(call, await perform(call));
    } finally {
      this.#signals--;
    }
    if (refusal === undefined) return true;
    if (!isGone(refusal) && !isInvalidState(refusal)) throw refusal;
    this.#exit.expect(true);
    return false;
  }

  /**
   * Changes the size of the console, in characters. True when the host has done it, false when the process was gone: a program
   * may pass on every `resize` of its own terminal.
   */
  async resizeConsole(columns: number, rows: number, options: OperationOptions = {}): Promise<boolean> {
    return resizeConsole(this.#life, this.#exit, { columns, rows }, options);
  }

  /**
   * Ends the input of the process, after everything that was written to `stdin`. Works for a process that was opened, too,
   * and does nothing after the exit.
   */
  async closeStdin(options: OperationOptions = {}): Promise<void> {
    const operation = 'HcsModifyProcess';
    const { subject, subscription } = this.#life;
    options = readOperationOptions(options);
    this.#life.checkOpen(operation);
    throwIfAborted(operation, subject, options); // a refused call changes nothing
    const { stdin } = this.#streams;
    const ended = stdin === null || stdin.destroyed ? this.#closeStdinInGuest() : this.#endStdin(stdin);
    await boundedWait(ended, operation, subject, subscription, options);
  }

  #endStdin(stdin: ProcessInput): Promise<void> {
    this.#stdinEnded ??= new Promise((resolve, reject) => {
      stdin.on('error', () => undefined); // the promise rejects with it
      stdin.once('close', () => {
        // close() breaks a pending write: it is the cause, not the pipe.
        if (stdin.errored !== null && !this.#life.closed) reject(stdin.named(stdin.errored));
        else resolve(stdin.writableFinished ? undefined : this.#closeStdinInGuest());
      });
    });
    stdin.end();
    return this.#stdinEnded;
  }

  /** The status of the process, as the host returns it; what its exit said, where the host no longer knows it. */
  async properties(options: OperationOptions = {}): Promise<ProcessStatus> {
    return this.#exit.status(readOperationOptions(options));
  }

  /** Ids and state; its exit code, when it has exited. */
  toJSON(): object {
    const { end, state } = this.#life;
    const members = { pid: this.pid, systemId: this.system.id, state };
    return end.exited ? { ...members, exitCode: end.exit.exitCode } : members;
  }

  get #handle(): ProcessHandle {
    return this.#life.handle as ProcessHandle;
  }

  async #modify(request: object, options: OperationOptions): Promise<void> {
    const settings = documentText(request, 'request');
    await run(this.#life.call('HcsModifyProcess', { process: this.#handle, settings }, options));
  }

  async #closeStdinInGuest(): Promise<void> {
    if (this.#life.end.exited) return;
    this.#stdinClosed ??= this.#modify({ Operation: 'CloseHandle', CloseHandle: { Handle: 'StdIn' } }, {}).catch(
      (error: unknown) => {
        const gone = error instanceof HcsError && (isGone(error) || isInvalidState(error));
        if (this.#life.end.exited || gone) return; // it no longer reads
        this.#stdinClosed = undefined;
        throw error;
      },
    );
    await this.#stdinClosed;
  }

  #parentEnded(exited: boolean): void {
    if (exited) this.#exit.expect(true);
    else this.#life.finish({ error: () => serviceDisconnectError(this.#life.subject) });
  }

  #receive(notification: Notification): void {
    this.dispatchNotification(notification);
    if (notification.type === 'ProcessExited') {
      this.#exit.notified(notification);
    } else if (notification.type === 'ServiceDisconnect') {
      this.dispatch('disconnect', notification);
      this.#life.finish({ error: () => serviceDisconnectError(this.#life.subject) });
    }
  }

  #ended(): void {
    this.#exit.stop();
    this.#parent.children.delete(this.#life.handle);
    this.#streams.stdin?.destroy();
    if (this.#life.end.exited) this.dispatch('exit', this.#life.end.exit);
    this.endNotifications();
    // Code that waited for the exit has begun to read by then.
    setImmediate(() => this.#emitClose());
  }

  #closing(): void {
    for (const stream of this.#openStreams) stream.destroy();
  }

  get #openStreams(): (ProcessInput | ProcessOutput)[] {
    const { stdin, stdout, stderr } = this.#streams;
    return [stdin, stdout, stderr].filter((stream) => stream !== null);
  }

  #streamClosed(): void {
    this.#emitClose();
    const { stdout, stderr } = this.#streams;
    if ((stdout?.closed ?? true) && (stderr?.closed ?? true) && (stdout ?? stderr) !== null) this.#exit.expect(false);
  }

  // Output that nobody reads does not delay it, and stays in its pipe.
  #emitClose(): void {
    const { end } = this.#life;
    if (this.#closeEmitted || !end.ended) return;
    const { stdin, stdout, stderr } = this.#streams;
    if (stdin?.closed === false) return;
    if ([stdout, stderr].some((output) => output?.closed === false && output.consumed)) return;
    this.#closeEmitted = true;
    this.dispatch('close', end.exited ? end.exit : undefined);
  }
}
