/**
 * Makes the document that the host gets from the one that a client sent: member by member, by the tables. The client's text never
 * reaches the host, and what the tables do not know is refused.
 *
 * @module
 */
import { Refusal } from '../refusal.js';
import type { Json, JsonObject } from './json.js';
import { isJsonList, isJsonObject, printJson, quoted } from './json.js';
import type { FolderUse, Setting, Shape, Wanted, Writing } from './shapes.js';
import type { SchemaMajor } from './types.js';
import { tables } from './types.js';

/** What the policy and the ledger say about the client whose document it is. */
export interface DocumentContext {
  /** What `Owner` becomes. */
  readonly owner: string;
  /** The client's SID. */
  readonly user: string;
  /** The id of the system that the document is for: the client's name for it, and the host's. */
  readonly id?: { readonly client: string; readonly host: string };
  /** Whether the policy lets the client name this pipe, endpoint or network. */
  pipe(name: string): boolean;
  network(id: string): boolean;
  /** The host's name for a system of this client. */
  system(id: string): string | undefined;
  /** Whether the host has named this volume to this client. */
  volume(path: string): boolean;
}

/** A path that is to be looked for, before the host gets its final name. */
export interface FileRequest {
  /** Where in the document. */
  readonly member: string;
  readonly path: string;
  readonly uses: readonly FolderUse[];
  readonly want: Wanted;
  readonly write: boolean;
  /** Puts the final name into the document. */
  readonly put: (path: string) => void;
}

/** A document that is whole but for its paths. */
export interface Rebuilt {
  readonly value: Json;
  readonly files: readonly FileRequest[];
  /** The sum of the memory that it asks for; undefined where it says nothing of memory. */
  readonly memoryInMB: number | undefined;
}

/**
 * Rebuilds a value of a shape. `where` names it in messages.
 *
 * @throws Refusal for what the client may not ask
 */
export function rebuild(
  schema: SchemaMajor,
  shape: Shape,
  value: Json,
  where: string,
  context: DocumentContext,
): Rebuilt {
  const builder = new Builder(schema, context);
  const rebuilt = builder.value(shape, value, { where });
  return { value: rebuilt, files: builder.files, memoryInMB: builder.memoryInMB };
}

/** Where a value stands: its path, and the object that it is a member of, as it was and as it becomes. */
interface Place {
  readonly where: string;
  readonly name?: string;
  readonly source?: JsonObject;
  readonly target?: Map<string, Json>;
}

class Builder {
  readonly files: FileRequest[] = [];
  memoryInMB: number | undefined;
  readonly #schema: SchemaMajor;
  readonly #context: DocumentContext;

  constructor(schema: SchemaMajor, context: DocumentContext) {
    this.#schema = schema;
    this.#context = context;
  }

  value(shape: Shape, value: Json, place: Place): Json {
    switch (shape.is) {
      case 'object':
        return this.#object(shape.type, value, place.where);
      case 'list':
        return this.#list(shape, value, place.where);
      case 'map':
        return this.#map(shape, value, place.where);
      case 'set':
        return this.#setting(shape.to);
      case 'flag':
        if (typeof value !== 'boolean') throw wrong(place, 'true or false', value);
        if (shape.only !== undefined && value !== shape.only) throw wrong(place, `${shape.only} for clients`, value);
        return value;
      case 'whole':
        return this.#whole(shape, value, place);
      case 'signal':
        if (typeof value === 'number' && Number.isInteger(value) && value > 0 && value <= 64) return value;
        return oneOf(['CtrlC', 'CtrlBreak', 'CtrlClose', 'CtrlLogOff', 'CtrlShutdown'], value, place);
      case 'word':
        return oneOf(shape.of, value, place);
      case 'text':
        return text(shape, value, place);
      case 'refused':
        throw new Refusal(`"${place.where}" is not for clients of the broker. ${shape.why} Leave it out.`);
      default:
        return this.#named(shape, value, place);
    }
  }

  #object(type: string, value: Json, where: string): JsonObject {
    const members = tables[this.#schema][type]!;
    if (!isJsonObject(value)) throw wrong({ where }, 'an object', value);
    const target = new Map<string, Json>();
    for (const [name, member] of value) {
      const line = Object.hasOwn(members, name) ? members[name] : undefined;
      if (line === undefined) {
        throw new Refusal(
          `"${where}" must have members that the broker knows; received ${quoted(name)}. Leave it out.`,
        );
      }
      const [, shape] = line;
      if (member === null || (member === '' && mayBeEmpty(shape))) continue;
      target.set(name, this.value(shape, member, { where: `${where}.${name}`, name, source: value, target }));
    }
    for (const [name, [, shape]] of Object.entries(members)) {
      if (shape.is === 'set') target.set(name, this.#setting(shape.to));
    }
    return target;
  }

  #list(shape: Shape & { is: 'list' }, value: Json, where: string): Json {
    if (!isJsonList(value)) throw wrong({ where }, 'a list', value);
    if (value.length > shape.max)
      throw new Refusal(`"${where}" must have at most ${shape.max} values; received ${value.length}.`);
    return value.map((one, at) => this.value(shape.of, one, { where: `${where}[${at}]` }));
  }

  #map(shape: Shape & { is: 'map' }, value: Json, where: string): Json {
    if (!isJsonObject(value)) throw wrong({ where }, 'an object', value);
    if (value.size > shape.max)
      throw new Refusal(`"${where}" must have at most ${shape.max} members; received ${value.size}.`);
    const target = new Map<string, Json>();
    for (const [key, one] of value) {
      if (!shape.key.test(key)) throw new Refusal(`"${where}" must have keys of its form; received ${quoted(key)}.`);
      target.set(key, this.value(shape.of, one, { where: `${where}.${key.slice(0, 80)}` }));
    }
    return target;
  }

  #whole(shape: Shape & { is: 'whole' }, value: Json, place: Place): Json {
    const { max, bits, charge } = shape;
    const large = typeof value === 'bigint';
    if (!large && !Number.isSafeInteger(value)) throw wrong(place, 'a whole number', value);
    if ((value as number | bigint) < 0 || (value as number | bigint) > max)
      throw wrong(place, `at most ${max}, and not negative`, value);
    if (bits !== undefined && (Number(value) & ~bits) !== 0) throw wrong(place, `of the bits of ${bits}`, value);
    if (charge === 'memory') this.memoryInMB = (this.memoryInMB ?? 0) + Number(value);
    return value;
  }

  /** What names something outside the document. */
  #named(shape: Shape, value: Json, place: Place): Json {
    if (typeof value !== 'string') throw wrong(place, 'a string', value);
    switch (shape.is) {
      case 'pipe':
        if (this.#context.pipe(value)) return value;
        throw wrong(place, 'a pipe that the policy lists', value);
      case 'network':
        if (this.#context.network(value)) return value;
        throw wrong(place, 'an endpoint or network that the policy lists', value);
      case 'system':
        return this.#context.system(value) ?? never(wrong(place, 'a system of this client', value));
      case 'id':
        if (value === this.#context.id?.client) return this.#context.id.host;
        throw wrong(place, 'the id of the system', value);
      case 'volume':
        if (this.#context.volume(value)) return value;
        return this.#file({ uses: ['layers'], want: 'folder', write: true }, value, place);
      case 'file':
        return this.#file(requestOf(shape, place), value, place);
      default:
        throw new Refusal(`"${place.where}" is not for clients of the broker.`);
    }
  }

  #file(request: Pick<FileRequest, 'uses' | 'want' | 'write'>, path: string, place: Place): Json {
    const { where, name, target } = place;
    this.files.push({
      ...request,
      member: where,
      path,
      put: (final) => {
        target!.set(name!, final);
      },
    });
    return null; // until its final name is known
  }

  #setting(to: Setting): Json {
    const { owner, user } = this.#context;
    switch (to) {
      case 'owner':
        return owner;
      case 'caller':
        return [user];
      case 'descriptor':
        return `D:P(A;;FA;;;SY)${user.startsWith('S-') ? `(A;;FA;;;${user})` : ''}`;
      case true:
        return true;
    }
  }
}

/** What names nothing when it is empty: clients write it so where they mean nothing. */
function mayBeEmpty(shape: Shape): boolean {
  return ['file', 'volume', 'pipe', 'network', 'system', 'refused'].includes(shape.is);
}

function isWritten(writing: Writing, { source }: Place): boolean {
  if (typeof writing === 'string') return writing === 'always';
  if ('unlessFlag' in writing) {
    const flags = source?.get(writing.unlessFlag);
    return typeof flags !== 'number' || (flags & 1) === 0;
  }
  return memberOf(source, writing.unless) !== true;
}

/** A member of the client's object, by its way from there. */
function memberOf(source: JsonObject | undefined, way: string): Json | undefined {
  let value: Json | undefined = source;
  for (const step of way.split('.')) value = isJsonObject(value) ? value.get(step) : undefined;
  return value;
}

function requestOf(shape: Shape & { is: 'file' }, place: Place): Pick<FileRequest, 'uses' | 'want' | 'write'> {
  const { use, want, writing, layersOnly } = shape;
  const write = isWritten(writing, place);
  if (layersOnly === undefined || memberOf(place.source, layersOnly) !== true) return { uses: use, want, write };
  if (write) throw new Refusal(`"${place.where}" must be read only with ${layersOnly}.`);
  return { uses: ['layers'], want, write };
}

function text(shape: Shape & { is: 'text' }, value: Json, place: Place): string {
  if (typeof value !== 'string') throw wrong(place, 'a string', value);
  if (value.length > shape.max)
    throw new Refusal(`"${place.where}" must have at most ${shape.max} characters; received ${value.length}.`);
  if (shape.form !== undefined && !shape.form.test(value)) throw wrong(place, 'of its form', value);
  return value;
}

function oneOf(words: readonly string[], value: Json, place: Place): string {
  if (typeof value === 'string' && words.includes(value)) return value;
  throw wrong(place, `one of ${words.map((word) => `"${word}"`).join(', ')}`, value);
}

function wrong(place: Pick<Place, 'where'>, requirement: string, value: Json): Refusal {
  const received =
    typeof value === 'string' ? quoted(value) : isJsonObject(value) ? 'an object' : printJson(value).slice(0, 80);
  return new Refusal(`"${place.where}" must be ${requirement}; received ${received}.`);
}

function never(error: Error): never {
  throw error;
}
