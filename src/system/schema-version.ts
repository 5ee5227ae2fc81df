/**
 * The newest version of schema 2 that both a host and this package support.
 *
 * @module
 */
import type * as Schema2 from '../../types/schema2/index.js';
import { isMembers } from '../documents/check.js';
import type { HcsDocument } from '../documents/document-text.js';
import { parseDocument } from '../documents/document-text.js';
import type { HostFacts } from '../documents/facts.js';
import { parseJson, printJson } from '../documents/json.js';
import { loadValidation } from '../documents/load-validation.js';
import { HcsArgumentError, HcsError, HcsSymbolError } from '../errors/errors.js';
import type { OperationOptions } from '../host/operation-options.js';
import { run } from '../host/operation.js';
import type { Session } from '../host/session.js';

// Supported by every host of schema 2.
const oldest: Schema2.Version = { Major: 2, Minor: 1 };

const supported = new WeakMap<Session, Schema2.Version>();
const facts = new WeakMap<Session, HostFacts>();

/** What is known of a host so far; the same object until more is known. */
export function factsOf(session: Session): HostFacts {
  let known = facts.get(session);
  if (known === undefined) {
    const schemaVersion = supported.get(session);
    const { osBuild } = session;
    known = { ...(schemaVersion !== undefined && { schemaVersion }), ...(osBuild !== undefined && { osBuild }) };
    facts.set(session, known);
  }
  return known;
}

/** Whether a document is of schema 2 and has no version. */
export function lacksVersion(document: HcsDocument): document is object {
  if (!isMembers(document) || isGiven(document.SchemaVersion) || typeof document.toJSON === 'function') return false;
  return isGiven(document.Container) || isGiven(document.VirtualMachine) || isGiven(document.HostedSystem);
}

function isGiven(member: unknown): boolean {
  return member !== undefined && member !== null;
}

/** The text of a document that lacks it, with the version. The text is that of an object with at least one member. */
export function withVersion(text: string, version: Schema2.Version): string {
  // A version that is null is replaced.
  if (text.includes('"SchemaVersion":null')) {
    return printJson({ ...(parseJson(text) as object), SchemaVersion: version })!;
  }
  return `${text.slice(0, -1)},"SchemaVersion":${JSON.stringify(version)}}`;
}

/** The newest version that the host and the types support, where it is known already. */
export function knownVersion(session: Session): Schema2.Version | undefined {
  return supported.get(session);
}

/** The same, asked of the host. */
export async function askVersion(session: Session, options: OperationOptions): Promise<Schema2.Version> {
  const version = await newest(await supportedVersions(session, options));
  supported.set(session, version);
  facts.delete(session);
  return version;
}

async function supportedVersions(session: Session, options: OperationOptions): Promise<readonly unknown[]> {
  const name = 'HcsGetServiceProperties';
  const input = { propertyQuery: '{"PropertyTypes":["Basic"]}' };
  try {
    const { outputs } = await run({ session, name, input, options });
    const { Properties } = (parseDocument(outputs.properties) ?? {}) as { Properties?: unknown };
    const [basic] = Array.isArray(Properties) ? (Properties as unknown[]) : [];
    const { SupportedSchemaVersions } = (basic ?? {}) as Schema2.BasicInformation;
    return Array.isArray(SupportedSchemaVersions) ? (SupportedSchemaVersions as unknown[]) : [oldest];
  } catch (error) {
    // An older host has no such query. A timeout is not an answer.
    const refused = error instanceof HcsError && error.status !== 0;
    if (refused || error instanceof HcsSymbolError) return [oldest];
    throw error;
  }
}

async function newest(versions: readonly unknown[]): Promise<Schema2.Version> {
  const minors = versions.filter(isMembers).flatMap(({ Major, Minor = 0 }) => (Major === 2 ? [Number(Minor)] : []));
  if (minors.length === 0) {
    throw new HcsArgumentError(
      'document.SchemaVersion',
      'must be given, because this host does not support schema 2',
      undefined,
      'Pass a document of schema 1 to this host.',
    );
  }
  const { newestSchema } = await loadValidation();
  return { Major: 2, Minor: Math.min(Math.max(...minors), newestSchema) };
}
