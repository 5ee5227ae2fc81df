/**
 * Records what a host does, so that it can be played back elsewhere with `Host.open({ replay: file })`.
 *
 * @module
 */
import { release } from 'node:os';

import type { FunctionName } from '../backend/backend.js';
import { HcsArgumentError } from '../errors/errors.js';
import type { HostChoice, HostSettings } from '../host/host.js';
import { Host } from '../host/host.js';
import { packageVersion } from '../package-version.js';
import { formatVersion } from './format.js';
import { RecordingBackend, Tape } from './recording.js';
import type { RedactionOptions } from './redaction.js';
import { Redactor } from './redaction.js';

/** Options of {@link record}. */
export interface RecordOptions {
  /** The host to record; as for `Host.open()`. */
  readonly host?: HostChoice;
  readonly settings?: HostSettings;
  /** What else is left out besides the values of members with the name of a secret; `false`: nothing is left out. */
  readonly redact?: RedactionOptions | false;
}

/**
 * Opens a host and records all that it is asked and all that it says in a file, until it is closed. What the file held is
 * replaced. Lines wait in memory for the disk, and never make a call wait: should more than 64 MiB wait, the recording
 * ends there and `host.close()` rejects, so that what there is has no gap.
 *
 * The bytes of the streams of processes are not recorded, only which streams there were.
 *
 * @throws `HcsRecordingError` when the file cannot be written, and what `Host.open()` throws
 *
 * @example
 * await using host = await record('host.jsonl');
 * await using system = await ComputeSystem.create('web', document, { host });
 */
export async function record(file: string, options: RecordOptions = {}): Promise<Host> {
  if (typeof file !== 'string' || file === '' || file.includes('\0')) {
    throw new HcsArgumentError('file', 'is no path', 'Pass the path of the recording.');
  }
  const { host: choice, settings = {}, redact = {} } = options;
  const redactor = new Redactor(checked(redact));
  const tape = new Tape(file);
  const host = await Host.openThrough(choice, settings, {
    wrap: (open) => (path, sink, how) =>
      new RecordingBackend((through) => open(path, through, how), sink, tape, redactor),
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
      functions: (Object.keys(present) as FunctionName[]).filter((name) => present[name]),
      redaction: redactor.inForce,
    });
  } catch (error) {
    await host.close();
    throw error;
  }
  return host;
}

function checked(redact: unknown): RedactionOptions | false {
  const remedy = 'Pass { environment, value }, or false to leave nothing out.';
  if (redact === false) return redact;
  if (typeof redact !== 'object' || redact === null) {
    throw new HcsArgumentError('options.redact', `is ${String(redact)}`, remedy);
  }
  const { environment, value } = redact as Partial<Record<keyof RedactionOptions, unknown>>;
  if (environment !== undefined && typeof environment !== 'boolean') {
    throw new HcsArgumentError('options.redact.environment', 'is no boolean', remedy);
  }
  if (value !== undefined && typeof value !== 'function') {
    throw new HcsArgumentError('options.redact.value', 'is no function', remedy);
  }
  return redact;
}
