/**
 * The documents of layers: which layers are below one.
 *
 * @module
 */
import type * as Schema2 from '../../types/schema2/index.js';
import { isMembers } from '../documents/check.js';
import { documentText, objectOf } from '../documents/document-text.js';
import { printJson } from '../documents/json.js';
import { loadValidation } from '../documents/load-validation.js';
import type { ValidationOptions } from '../documents/validation-error.js';
import { validationOf } from '../documents/validation-error.js';
import { HcsArgumentError } from '../errors/errors.js';
import type { HostOptions } from '../host/open-handle.js';
import { readOperationOptions } from '../host/operation-options.js';
import { run } from '../host/operation.js';
import type { Session } from '../host/session.js';
import { remaining } from '../host/waits/deadlines.js';
import { checkFolder, leafOf } from '../layers/layer-names.js';
import { sessionFor } from './storage-call.js';

// Every host that has computestorage.dll has it.
const version: Schema2.Version = { Major: 2, Minor: 1 };

/** The layers below one: a document, or its JSON text, which is passed on unchanged. */
export type LayerDataDocument = Schema2.LayerData | string;

/**
 * The document of layers that lie in these folders, with the ids by which the host knows them.
 *
 * @param parents - absolute paths: first the immediate parent, last the base
 * @example
 * import { layerData } from 'hostcompute/storage';
 * import { Host } from 'hostcompute';
 *
 * await using host = await Host.open('simulated');
 * console.log(await layerData(['/layers/app', '/layers/base'], { host }));
 */
export async function layerData(parents: readonly string[], options: HostOptions = {}): Promise<Schema2.LayerData> {
  const started = performance.now();
  const folders = checkParents(parents);
  options = readOperationOptions(options, ['host']);
  const session = await sessionFor('layerData', options.host);
  return layerDataOf(session, folders, () => remaining(options, started));
}

/** Throws unless they are absolute paths. */
export function checkParents(parents: readonly string[], field = 'parents'): string[] {
  const given: unknown = parents;
  if (!Array.isArray(given)) {
    throw new HcsArgumentError(field, 'must be an array: first the immediate parent, last the base', given);
  }
  return parents.map((parent, i) => checkFolder(parent, `${field}[${i}]`));
}

/** The same document, asked of a session. */
export async function layerDataOf(
  session: Session,
  folders: readonly string[],
  left: () => HostOptions,
): Promise<Schema2.LayerData> {
  const layers: Schema2.Layer[] = [];
  for (const path of folders) {
    const input = { name: leafOf(path) };
    const { outputs } = await run({ session, name: 'NameToGuid', input, subject: { layer: path }, options: left() });
    layers.push({ Id: outputs.guid!, Path: path });
  }
  return { SchemaVersion: version, Layers: layers };
}

/**
 * The text of a document of layers, which gets a version where it has none, validated.
 *
 * @throws `HcsValidationError`
 */
export async function layerDataText(
  data: LayerDataDocument,
  session: Session,
  options: ValidationOptions,
  field = 'data',
): Promise<string> {
  const text = documentText(data, field);
  const object = objectOf(field, text);
  await validateStorage(field, object, 'LayerData', session, options);
  if (typeof data === 'string' || (isMembers(object) && object.SchemaVersion != null)) return text;
  return printJson({ ...object, SchemaVersion: version })!;
}

/** Throws for what the host would refuse of a document of this type. */
export async function validateStorage(
  field: string,
  document: object,
  kind: string,
  { osBuild }: Session,
  options: ValidationOptions,
): Promise<void> {
  const validate = validationOf(options);
  if (validate === 'off') return;
  const { validateRequest } = await loadValidation();
  validateRequest({ field, document: document, host: osBuild === undefined ? {} : { osBuild }, kind }, validate);
}
