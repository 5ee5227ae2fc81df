/**
 * Reads and rebuilds the document among the inputs of a call.
 *
 * @module
 */
import type { Json } from '../documents/json.js';
import { JsonError, printJson, readJson } from '../documents/json.js';
import type { DocumentContext, Rebuilt } from '../documents/rebuild.js';
import { rebuild } from '../documents/rebuild.js';
import type { Shape } from '../documents/shapes.js';
import { object } from '../documents/shapes.js';
import type { SchemaMajor } from '../documents/types.js';
import { Refusal, statuses } from '../refusal.js';
import type { Scene } from './plan.js';

/** The document in an input; undefined where there is none. */
export function readInput(scene: Scene, input: string): Json | undefined {
  const text = scene.text(input);
  if (text === null || text === '') return undefined;
  try {
    return readJson(text);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    throw new Refusal(`"${input}" ${error.message}.`, statuses.invalidJson);
  }
}

/** Rebuilds a value, and opens the paths in it. */
export async function rebuildWhole(
  scene: Scene,
  schema: SchemaMajor,
  shape: Shape,
  value: Json,
  where: string,
  context: DocumentContext = scene.context(),
): Promise<Rebuilt> {
  const rebuilt = rebuild(schema, shape, value, where, context);
  await scene.resolve(rebuilt.files);
  return rebuilt;
}

/** The text that the host gets in place of an input that has a document of a type, or nothing. */
export async function documentInput(
  scene: Scene,
  schema: SchemaMajor,
  type: string,
  input: string,
): Promise<string | null> {
  const value = readInput(scene, input);
  if (value === undefined) return null;
  return printJson((await rebuildWhole(scene, schema, object(type), value, input)).value);
}

/** An input that has to be empty. */
export function noDocument(scene: Scene, input: string): null {
  const value = readInput(scene, input);
  if (value === undefined) return null;
  throw new Refusal(`"${input}" must be empty: this call has no options that the broker knows.`);
}
