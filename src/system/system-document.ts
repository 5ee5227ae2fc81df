/**
 * What create() and modify() send: the text of the caller's document, which is written once, at the call, and validated.
 *
 * @module
 */
import type { HcsDocument } from '../documents/document-text.js';
import { documentText } from '../documents/document-text.js';
import { loadedValidation, loadValidation } from '../documents/load-validation.js';
import type { Request } from '../documents/request-validation.js';
import type { ValidationOptions } from '../documents/validation-error.js';
import { validationOf } from '../documents/validation-error.js';
import type { OperationOptions } from '../host/operation-options.js';
import { remaining } from '../host/waits/deadlines.js';
import type { Session } from '../host/session.js';
import type { ShutdownDocument } from './guest-shutdown.js';
import { shutdownOfCreated } from './guest-shutdown.js';
import { askVersion, factsOf, knownVersion, lacksVersion, withVersion } from './schema-version.js';

/** A document as it was when the call was made. */
export interface CallerDocument {
  readonly text: string;
  readonly lacksVersion: boolean;
  /** The document itself, as long as nothing was waited for: its caller may change it afterwards. */
  readonly unchanged: HcsDocument | undefined;
  /** What the shutdown of the system will need. */
  readonly shutdown: ShutdownDocument;
}

export function callerDocument(document: HcsDocument): CallerDocument {
  const text = documentText(document, 'document');
  return { text, lacksVersion: lacksVersion(document), unchanged: document, shutdown: shutdownOfCreated(text) };
}

/**
 * The text of the document of a new system, with a version of the schema, validated. A promise only where something is waited
 * for, within what is left of the caller's limits, which count from `started`.
 */
export function newSystemText(
  id: string,
  given: CallerDocument,
  session: Session,
  options: ValidationOptions & OperationOptions,
  started: number,
): string | Promise<string> {
  const validate = validationOf(options);
  const { text, lacksVersion, unchanged } = given;
  if (!lacksVersion) return validated(newSystem(id, unchanged ?? text, session), text, validate);
  const version = knownVersion(session);
  if (version === undefined) return askedSystemText(id, text, session, validate, remaining(options, started));
  const sent = withVersion(text, version);
  const document = unchanged === undefined ? sent : { ...(unchanged as object), SchemaVersion: version };
  return validated(newSystem(id, document, session), sent, validate);
}

async function askedSystemText(
  id: string,
  text: string,
  session: Session,
  validate: Validate,
  limits: OperationOptions,
): Promise<string> {
  const sent = withVersion(text, await askVersion(session, limits));
  return validated(newSystem(id, sent, session), sent, validate);
}

function newSystem(id: string, document: HcsDocument, session: Session): Request {
  return { field: 'document', document, host: factsOf(session), known: { id } };
}

/** The text of a request that changes a system, validated. */
export function modificationText(
  request: HcsDocument,
  session: Session,
  options: ValidationOptions,
): string | Promise<string> {
  const text = documentText(request, 'request');
  const kind = typeof request === 'object' && 'ResourceType' in request ? undefined : 'ModifySettingRequest';
  const host = factsOf(session);
  return validated({ field: 'request', document: request, host, kind }, text, validationOf(options));
}

type Validate = ReturnType<typeof validationOf>;

// While the validator is loaded the caller may change the document: then what is sent is validated.
function validated(request: Request, text: string, validate: Validate): string | Promise<string> {
  if (validate === 'off') return text;
  const loaded = loadedValidation();
  if (loaded === undefined) return validatedLater(request, text, validate);
  loaded.validateRequest(request, validate);
  return text;
}

async function validatedLater(request: Request, text: string, validate: 'error' | 'warn'): Promise<string> {
  const { validateRequest } = await loadValidation();
  validateRequest({ ...request, document: text }, validate);
  return text;
}
