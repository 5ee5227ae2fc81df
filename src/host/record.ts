/**
 * Opens a host whose calls are recorded, so that they can be replayed elsewhere with `Host.open({ replay: file })`.
 *
 * @module
 */
import { release } from 'node:os';
import { types } from 'node:util';

import type { FunctionKey } from '../backend/backend.js';
import { HcsArgumentError } from '../errors/errors.js';
import { readOptions } from '../known-options.js';
import { packageVersion } from '../package-version.js';
import { formatVersion } from '../recorder/format.js';
import { RecordingBackend, Tape } from '../recorder/recording.js';
import type { RedactionOptions } from '../recorder/redaction.js';
import { Redactor } from '../recorder/redaction.js';
import { Host } from './host.js';
import type { HostChoice, HostSettings } from './host-choice.js';

/** Options of {@link record}. */
export interface RecordOptions {
  /** The host to record, as for `Host.open()`. */
  readonly host?: HostChoice;
  /** As for `Host.open()`. */
  readonly settings?: HostSettings;
  /** What is redacted; `false`: nothing. */
  readonly redact?: RedactionOptions | false;
}

/**
 * Opens a host, and records its calls, completions and notifications in a file until it is closed. An existing file is
 * replaced. Lines are buffered and never delay a call: when more than 64 MiB wait for the disk, the recording ends there
 * and `host.close()` rejects, so that a recording has no gaps.
 *
 * The bytes of process streams are not recorded, only which streams there were. Secrets are redacted, and all values of
 * environments. Only the owner can read the file.
 *
 * @throws `HcsRecordingError` when the file cannot be written, and what `Host.open()` throws
 *
 * @example
 * await using host = await record('host.jsonl');
 * await using system = await ComputeSystem.create('web', document, { host });
 */
export async function record(file: string, given: RecordOptions = {}): Promise<Host> {
  if (typeof file !== 'string' || file === '' || file.includes('\0')) {
    throw new HcsArgumentError('file', 'must be the path of the recording', file);
  }
  const { host: choice, settings = {}, redact = {} } = readOptions(given, ['host', 'settings', 'redact']);
  const redactor = new Redactor(checked(redact));
  const tape = new Tape(file);
  const host = await Host.openThrough(choice, settings, {
    wrap: (open) => (libraries, sink, how) =>
      new RecordingBackend((through) => open(libraries, through, how), sink, tape, redactor),
    closed: () => tape.close(),
  });
  try {
    const present: Readonly<Record<string, boolean>> = host.functions;
    await tape.begin({
      kind: 'recording',
      version: formatVersion,
      package: packageVersion(),
      date: new Date().toISOString(),
      platform: `${process.platform}-${process.arch}`,
      release: release(),
      node: process.version,
      host: host.kind,
      ...(host.api === 'computecore' && { api: host.api }),
      functions: (Object.keys(present) as FunctionKey[]).filter((name) => present[name]),
      redaction: redactor.inForce,
    });
  } catch (error) {
    await host.close();
    throw error;
  }
  return host;
}

function checked(given: unknown): RedactionOptions | false {
  if (given === false) return given;
  if (typeof given !== 'object' || given === null) {
    throw new HcsArgumentError('options.redact', 'must be { environment, value }, or false to keep everything', given);
  }
  const redact = readOptions(given, ['environment', 'value'], 'options.redact');
  const { environment, value } = redact as Partial<Record<keyof RedactionOptions, unknown>>;
  if (environment !== undefined && typeof environment !== 'boolean') {
    throw new HcsArgumentError('options.redact.environment', 'must be a boolean', environment);
  }
  if (value !== undefined && typeof value !== 'function') {
    throw new HcsArgumentError('options.redact.value', 'must be a function', value);
  }
  if (types.isAsyncFunction(value)) {
    const remedy = 'Decide at once: what is recorded cannot wait.';
    throw new HcsArgumentError('options.redact.value', 'must not be an async function', value, remedy);
  }
  return redact;
}
