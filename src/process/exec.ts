/**
 * exec(): runs a command to its end and collects its output.
 *
 * @module
 */
import type { Readable, Writable } from 'node:stream';

import { parseDocument } from '../documents/document-text.js';
import type { HcsError } from '../errors/errors.js';
import { HcsArgumentError, HcsMaxBufferError, HcsStreamError, isUnanswered } from '../errors/errors.js';
import { boundedWait } from '../host/waits/bounded-wait.js';
import { remaining } from '../host/waits/deadlines.js';
import type { OperationOptions } from '../host/operation-options.js';
import { throwIfAborted } from '../host/operation-options.js';
import type { CommandOrFile, ProcessOptions, ProcessRequest } from './process-command.js';
import { readProcessArguments } from './process-command.js';
import type { ProcessParent } from './process-parent.js';
import { Process } from './process.js';

/** How exec() decodes output: to strings, or not at all. */
export type ExecEncoding = BufferEncoding | 'buffer';

/** What exec() takes beside the command. Deadline and signal cover everything from the first call to the close. */
export interface ExecOnlyOptions<Encoding extends ExecEncoding = ExecEncoding> extends OperationOptions {
  /** Default `utf8`; `buffer` for the bytes. */
  readonly encoding?: Encoding;
  /** Written to stdin, a string as UTF-8. Without it the process has no stdin. */
  readonly input?: string | Uint8Array;
  /** The most bytes of stdout, and of stderr; default 1 MiB. A process that writes more is killed. */
  readonly maxBuffer?: number;
}

/** How exec() runs a command. */
export interface ExecOptions<Encoding extends ExecEncoding = ExecEncoding>
  extends Omit<ProcessOptions, 'stdio'>, ExecOnlyOptions<Encoding> {}

/** A command for exec() with all its options, in one object. */
export type ExecCommand<Encoding extends ExecEncoding = ExecEncoding> = CommandOrFile & ExecOptions<Encoding>;

/** What exec() collects, by its encoding. */
export type ExecOutput<Encoding extends ExecEncoding> = Encoding extends 'buffer' ? Buffer : string;

/** What a command has done. */
export interface ExecResult<Output extends string | Buffer = string> {
  /** Unsigned, as on Windows. */
  readonly exitCode: number;
  readonly stdout: Output;
  readonly stderr: Output;
}

const execMembers = ['encoding', 'input', 'maxBuffer'];
const defaultMaxBuffer = 1024 * 1024;

/** How long a kill may take whose result nobody waits for. */
const killTimeoutMs = 30_000;

/** Runs what the arguments describe, see `ComputeSystem#exec()`. */
export async function exec(parent: ProcessParent, args: readonly unknown[]): Promise<ExecResult<string | Buffer>> {
  const request = readProcessArguments(args, execMembers);
  const { encoding, input, maxBuffer } = readExecOptions(request);
  const { options } = request;
  throwIfAborted('exec', parent.life.subject, options);
  const started = performance.now();
  const process = await Process.create(parent, withPipes(request, input !== undefined), options);
  const subject = { ...parent.life.subject, processId: process.pid };
  const within = <T>(promise: Promise<T>): Promise<T> =>
    boundedWait(promise, 'exec', subject, parent.life.subscription, remaining(options, started));
  try {
    const [exit, stdout, stderr] = await within(
      Promise.all([
        process.exited,
        collect(process.stdout, maxBuffer, () => new HcsMaxBufferError({ ...subject, stream: 'stdout', maxBuffer })),
        collect(process.stderr, maxBuffer, () => new HcsMaxBufferError({ ...subject, stream: 'stderr', maxBuffer })),
        feed(process.stdin, input),
      ]),
    );
    if (exit.exitCode === null) throw exit.error!;
    await within(process.close());
    const decode = (output: Buffer): string | Buffer => (encoding === 'buffer' ? output : output.toString(encoding));
    return { exitCode: exit.exitCode, stdout: decode(stdout), stderr: decode(stderr) };
  } catch (error) {
    const discarded = discard(process);
    // Waited for while there is time; it goes on by itself otherwise.
    if (!isUnanswered(error)) await within(discarded).catch(() => undefined);
    throw error;
  }
}

interface Validated {
  readonly encoding: ExecEncoding;
  readonly input: string | Uint8Array | undefined;
  readonly maxBuffer: number;
}

function readExecOptions({ given, fieldOf }: ProcessRequest): Validated {
  const { encoding = 'utf8', input, maxBuffer = defaultMaxBuffer, stdio } = given;
  if (stdio !== undefined) {
    throw new HcsArgumentError(fieldOf('stdio'), 'must not be passed to exec(), which reads all output', stdio);
  }
  if (encoding !== 'buffer' && (typeof encoding !== 'string' || !Buffer.isEncoding(encoding))) {
    throw new HcsArgumentError(fieldOf('encoding'), 'must be an encoding of Node, or "buffer"', encoding);
  }
  if (input !== undefined && typeof input !== 'string' && !(input instanceof Uint8Array)) {
    throw new HcsArgumentError(fieldOf('input'), 'must be a string or a Uint8Array', input);
  }
  if (typeof maxBuffer !== 'number' || !(maxBuffer >= 0)) {
    throw new HcsArgumentError(fieldOf('maxBuffer'), 'must be a number of at least 0, or Infinity', maxBuffer);
  }
  return { encoding: encoding, input, maxBuffer };
}

// exec() decides which streams there are, in a document of HCS too.
function withPipes(request: ProcessRequest, stdin: boolean): ProcessRequest {
  if (!('document' in request)) {
    return { ...request, given: { ...request.given, stdio: [stdin ? 'pipe' : 'ignore', 'pipe', 'pipe'] } };
  }
  const { document } = request;
  const parsed = typeof document === 'string' ? parseDocument(document) : document;
  if (typeof parsed !== 'object' || parsed === null) {
    throw new HcsArgumentError('parameters', 'must be a command, or a JSON object', document);
  }
  const { EmulateConsole } = parsed as { readonly EmulateConsole?: unknown };
  const pipes = { CreateStdInPipe: stdin, CreateStdOutPipe: true, CreateStdErrPipe: EmulateConsole !== true };
  return { ...request, document: { ...parsed, ...pipes } };
}

function collect(stream: Readable | null, maxBuffer: number, exceeded: () => HcsError): Promise<Buffer> {
  if (stream === null) return Promise.resolve(Buffer.alloc(0));
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    stream.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= maxBuffer) chunks.push(chunk);
      else stream.destroy(exceeded());
    });
    stream.on('error', reject);
    stream.on('close', () => resolve(Buffer.concat(chunks)));
  });
}

// A process need not read its input; what the host refuses is another matter.
function feed(stream: Writable | null, input: string | Uint8Array | undefined): Promise<void> {
  if (stream === null) return Promise.resolve();
  return new Promise((resolve, reject) => {
    stream.on('error', (error) => {
      if (error instanceof HcsStreamError) resolve();
      else reject(error);
    });
    stream.on('close', resolve);
    stream.end(input);
  });
}

// Kills the process, which is of no use to anybody any more, and releases its handle.
async function discard(process: Process): Promise<void> {
  const limit: OperationOptions = { timeoutMs: killTimeoutMs };
  await process.kill('SIGKILL', limit).catch(() => undefined);
  await process.close().catch(() => undefined);
}
