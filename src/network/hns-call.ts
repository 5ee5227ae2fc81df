/**
 * The older route to the network service, `HNSCall`: a method, a path and a document, as over HTTP.
 *
 * @module
 */
import { isMembers, type Members } from '../documents/check.js';
import { parseDocument } from '../documents/document-text.js';
import { parseResult } from '../documents/result-document.js';
import { HcsDocumentError, hostError } from '../errors/errors.js';
import { failed } from '../errors/result-codes.js';
import { run } from '../host/operation.js';
import type { OperationOptions } from '../host/operation-options.js';
import type { Session } from '../host/session.js';
import { toDocument } from './answers.js';

const operation = 'HNSCall';
/** `E_FAIL`. */
const unspecified = 0x80004005;

/**
 * Makes a call and reads what the envelope has. Of a failure the service says so by its status or by the envelope.
 *
 * @param type - the type of the answer, or of the items of its list; without it, the answer is as it came
 */
export async function callHns<T>(
  session: Session,
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  object: string | undefined,
  options: OperationOptions,
  type?: string,
): Promise<T> {
  // Microsoft's own client gives an empty text where there is no document.
  const input = { method, path, object: object ?? '' };
  const { outputs } = await run({ session, name: operation, input, options });
  const text = outputs.response;
  const envelope = parseDocument(text);
  if (!isMembers(envelope)) throw new HcsDocumentError({ operation, what: `answer to ${method} ${path}`, text });
  if (envelope.Success !== true) {
    const said = parseResult(text);
    const status = failed(said.error ?? 0) ? said.error! : unspecified;
    throw hostError({ operation, ...said, status });
  }
  const { Output } = envelope;
  if (type === undefined) return Output as T;
  if (Array.isArray(Output)) return (Output as Members[]).map((item) => toDocument(`Hns.${type}`, item)) as T;
  if (isMembers(Output)) return toDocument(`Hns.${type}`, Output) as T;
  throw new HcsDocumentError({ operation, what: `answer to ${method} ${path}`, text });
}
