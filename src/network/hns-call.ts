/**
 * The older route to the network service, `HNSCall`: a method, a path and a document, as over HTTP.
 *
 * @module
 */
import { isMembers } from '../documents/check.js';
import { parseDocument } from '../documents/document-text.js';
import { HcsDocumentError } from '../errors/errors.js';
import { recordError, run } from '../host/operation.js';
import type { OperationOptions } from '../host/operation-options.js';
import type { Session } from '../host/session.js';
import { toDocument } from './answers.js';
import { memberOf } from './network-document.js';

const operation = 'HNSCall';

/**
 * Makes a call and reads what the envelope has. Of a failure the service says so by its status or by the envelope.
 *
 * @param type - the type of the answer, or of the items of its list; without it, the answer is as it came
 * @param isList - whether the answer is a list
 */
export async function callHns<T>(
  session: Session,
  method: 'GET' | 'POST' | 'DELETE',
  path: string,
  object: string | undefined,
  options: OperationOptions,
  type?: string,
  isList = false,
): Promise<T> {
  // Microsoft's own client gives an empty text where there is no document.
  const input = { method, path, object: object ?? '' };
  const { outputs } = await run({ session, name: operation, input, options });
  const text = outputs.response;
  const envelope = parseDocument(text);
  if (!isMembers(envelope)) throw new HcsDocumentError({ operation, what: `answer to ${method} ${path}`, text });
  if (memberOf(envelope, 'Success') !== true) throw recordError(operation, {}, text);
  const output = memberOf(envelope, 'Output');
  if (type === undefined) return output as T;
  if (isList) {
    // Nothing where there is nothing to list.
    const items: unknown = output ?? [];
    if (Array.isArray(items) && items.every(isMembers))
      return items.map((item) => toDocument(`Hns.${type}`, item)) as T;
  } else if (isMembers(output)) {
    return toDocument(`Hns.${type}`, output) as T;
  }
  throw new HcsDocumentError({ operation, what: `answer to ${method} ${path}`, text });
}
