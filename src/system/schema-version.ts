/**
 * The version of the schema that a host and this package both speak.
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

// What every host of schema 2 speaks.
const oldest: Schema2.Version = { Major: 2, Minor: 1 };

const spoken = new WeakMap<Session, Schema2.Version>();

const resolved = new WeakMap<Session, ResolvedFacts>();

/** What has been found out of a host so far, with what is known of the system. */
export function factsOf(session: Session, known: KnownFacts): ResolvedFacts {
  const { version, build } = resolved.get(session) ?? resolve(session);
  return { version, build, known };
}

function resolve(session: Session): ResolvedFacts {
  const schemaVersion = spoken.get(session);
  const { osBuild } = session;
  const facts = resolveFacts({
    ...(schemaVersion !== undefined && { schemaVersion }),
    ...(osBuild !== undefined && { osBuild }),
  });
  resolved.set(session, facts);
  return facts;
}

/** The document with a version: the caller's, or the newest that the host and the types speak. Text stays as it is. */
export async function withVersion(
  document: HcsDocument,
  session: Session,
  options: OperationOptions,
): Promise<HcsDocument> {
  const SchemaVersion = await hostVersion(session, options);
  return { ...(document as object), SchemaVersion };
}

/** Whether a document is of schema 2 and does not say so. */
export function lacksVersion(document: HcsDocument): boolean {
  if (!isMembers(document) || document.SchemaVersion !== undefined || typeof document.toJSON === 'function')
    return false;
  return (
    document.Container !== undefined || document.VirtualMachine !== undefined || document.HostedSystem !== undefined
  );
}

async function hostVersion(session: Session, options: OperationOptions): Promise<Schema2.Version> {
  const before = spoken.get(session);
  if (before !== undefined) return before;
  const version = newest(await supportedVersions(session, options));
  spoken.set(session, version);
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
    // An older host cannot be asked. One that does not answer in time is another matter.
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
