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
import { HcsArgumentError } from '../errors/errors.js';
import type { OperationOptions } from '../host/operation-options.js';
import type { Session } from '../host/session.js';
import { askVersion, factsOf, knownVersion, lacksVersion, withVersion } from './schema-version.js';

type DocumentOptions = ValidationOptions & OperationOptions;

/** A document as it was when the call was made. */
export interface CallerDocument {
  readonly text: string;
  readonly lacksVersion: boolean;
  /** The document itself, as long as nothing was waited for: its caller may change it afterwards. */
  readonly unchanged: HcsDocument | undefined;
}

export function callerDocument(document: HcsDocument): CallerDocument {
  return { text: documentText(document, 'document'), lacksVersion: lacksVersion(document), unchanged: document };
}

/** The text of the document of a new system, with a version of the schema, validated. */
export async function newSystemText(
  id: string,
  { text, lacksVersion, unchanged }: CallerDocument,
  session: Session,
  options: DocumentOptions,
): Promise<string> {
  const validate = validationOf(options);
  const before = lacksVersion ? knownVersion(session) : undefined;
  const version = before ?? (lacksVersion ? await askVersion(session, options) : undefined);
  const sent = version === undefined ? text : withVersion(text, version);
  let document: HcsDocument = sent;
  if (unchanged !== undefined && before === version) {
    document = version === undefined ? unchanged : { ...(unchanged as object), SchemaVersion: version };
  }
  await validateText({ field: 'document', document, host: factsOf(session), known: { id } }, sent, validate);
  return sent;
}

/** The text of a request that changes a system. */
export async function modificationText(
  request: HcsDocument,
  session: Session,
  options: DocumentOptions,
): Promise<string> {
  const text = documentText(request, 'request');
  const kind = typeof request === 'object' && 'ResourceType' in request ? undefined : 'ModifySettingRequest';
  const host = factsOf(session);
  await validateText({ field: 'request', document: request, host, kind }, text, validationOf(options));
  return text;
}

function validationOf({ validate = 'error' }: ValidationOptions): 'error' | 'warn' | 'off' {
  const given: unknown = validate;
  if (given === 'error' || given === 'warn' || given === 'off') return given;
  throw new HcsArgumentError('options.validate', 'must be "error", "warn" or "off"', given);
}

async function validateText(request: Request, text: string, validate: 'error' | 'warn' | 'off'): Promise<void> {
  if (validate === 'off') return;
  const loaded = loadedValidation();
  if (loaded !== undefined) loaded.validateRequest(request, validate);
  else (await loadValidation()).validateRequest({ ...request, document: text }, validate);
}
