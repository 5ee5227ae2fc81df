/**
 * The newest version of schema 2 that both a host and this package support.
 *
 * @module
 */
import type * as Schema2 from '../../types/schema2/index.js';
import type { HcsDocument } from '../documents/document-text.js';
import { parseDocument } from '../documents/document-text.js';
import { isMembers } from '../documents/checker.js';
import type { KnownFacts, ResolvedFacts } from '../documents/facts.js';
import { resolveFacts } from '../documents/facts.js';
import { newestSchema } from '../documents/tables.js';
import { HcsArgumentError, HcsError, HcsSymbolError } from '../errors/errors.js';
import type { OperationOptions } from '../host/operation-options.js';
import { run } from '../host/operation.js';
import type { Session } from '../host/session.js';

// Supported by every host of schema 2.
const oldest: Schema2.Version = { Major: 2, Minor: 1 };

const supported = new WeakMap<Session, Schema2.Version>();

const resolved = new WeakMap<Session, ResolvedFacts>();

/** What is known of a host so far, and of the system. */
export function factsOf(session: Session, known: KnownFacts): ResolvedFacts {
  const { version, build } = resolved.get(session) ?? resolve(session);
  return { version, build, known };
}

function resolve(session: Session): ResolvedFacts {
  const schemaVersion = supported.get(session);
  const { osBuild } = session;
  const facts = resolveFacts({
    ...(schemaVersion !== undefined && { schemaVersion }),
    ...(osBuild !== undefined && { osBuild }),
  });
  resolved.set(session, facts);
  return facts;
}

/** The document with the newest version that the host and the types support. */
export async function withVersion(
  document: HcsDocument,
  session: Session,
  options: OperationOptions,
): Promise<HcsDocument> {
  const SchemaVersion = await hostVersion(session, options);
  return { ...(document as object), SchemaVersion };
}

/** Whether a document is of schema 2 and has no version. */
export function lacksVersion(document: HcsDocument): boolean {
  if (!isMembers(document) || isGiven(document.SchemaVersion) || typeof document.toJSON === 'function') return false;
  return isGiven(document.Container) || isGiven(document.VirtualMachine) || isGiven(document.HostedSystem);
}

function isGiven(member: unknown): boolean {
  return member !== undefined && member !== null;
}

async function hostVersion(session: Session, options: OperationOptions): Promise<Schema2.Version> {
  const before = supported.get(session);
  if (before !== undefined) return before;
  const version = newest(await supportedVersions(session, options));
  supported.set(session, version);
  resolve(session);
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

function newest(versions: readonly unknown[]): Schema2.Version {
  const minors = versions.filter(isMembers).flatMap(({ Major, Minor = 0 }) => (Major === 2 ? [Number(Minor)] : []));
  if (minors.length === 0) {
    throw new HcsArgumentError(
      'document.SchemaVersion',
      'must be given, because this host does not support schema 2',
      undefined,
      'Pass a document of schema 1 to this host.',
    );
  }
  return { Major: 2, Minor: Math.min(Math.max(...minors), newestSchema) };
}
