/**
 * How each kind of the list looks to koffi: the C type, or the two, of a parameter, the values that are passed, and what
 * is read when the host has returned. What `native/abi/kinds.h` says for the addon.
 *
 * @module
 */
import { randomUUID } from 'node:crypto';

import type { FunctionName } from '../backend.js';
import { functions } from '../functions.js';
import type { Koffi, KoffiFunction, KoffiType } from './module.js';

/** What a call that is under way has for one of its parameters. */
export interface Slot {
  /** The C arguments. */
  readonly values: readonly unknown[];
  /** What came back. `failed`: the host said so. */
  read?(failed: boolean): unknown;
  /** The host has told how much memory it wants, and is to be called again with `values`. */
  grows?(): boolean;
}

export type Parameter = readonly [direction: string, kind: string, name: string];

export const parametersOf = (name: FunctionName): readonly Parameter[] => functions[name].parameters;

/** `HCS_PROCESS_INFORMATION` as the host gives it: the streams are kernel handles, file descriptors off Windows. */
export interface RawProcessInformation {
  readonly processId: number;
  readonly stdInput: number | bigint;
  readonly stdOutput: number | bigint;
  readonly stdError: number | bigint;
}

/** Throws the error that the addon throws for what it is not to be given. */
export function refuse(message: string): never {
  throw Object.assign(new TypeError(message), { code: 'ERR_INVALID_ARG_TYPE' });
}

function textOf(value: unknown, name: string): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value !== 'string') refuse(`${name} must be a string or null`);
  if (value.includes('\0')) refuse(`${name} must not contain a NUL character`);
  return value;
}

function wholeNumber(value: unknown, name: string, most: number): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= most) return value;
  return refuse(`${name} must be an integer from 0 to ${most}`);
}

const guidText = /^([0-9a-f]{8})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{4})-([0-9a-f]{12})$/i;

function guidOf(value: unknown, name: string): Record<string, unknown> {
  const parts = typeof value === 'string' ? guidText.exec(value) : null;
  if (parts === null) refuse(`${name} must have GUIDs for ids`);
  const [data1, data2, data3] = parts.slice(1, 4).map((part) => Number.parseInt(part, 16));
  return { data1, data2, data3, data4: [...Buffer.from(parts[4]! + parts[5]!, 'hex')] };
}

function guidTextOf(bytes: Buffer): string {
  const hex = (number: number, digits: number): string => number.toString(16).padStart(digits, '0');
  const start = [hex(bytes.readUInt32LE(0), 8), hex(bytes.readUInt16LE(4), 4), hex(bytes.readUInt16LE(6), 4)];
  return [...start, bytes.toString('hex', 8, 10), bytes.toString('hex', 10)].join('-');
}

function layersOf(value: unknown, name: string): unknown[] | null {
  if (!Array.isArray(value) || value.length % 2 !== 0) refuse(`${name} must be an array of ids and paths`);
  const given = value as readonly unknown[];
  const layers = [];
  for (let i = 0; i < given.length; i += 2) {
    const layerId = guidOf(given[i], name);
    const path = textOf(given[i + 1], name) ?? refuse(`${name} must have texts for paths`);
    layers.push({ layerId, flags: 0, path });
  }
  return layers.length === 0 ? null : layers;
}

// A layer is named by its whole path, so that the home directory is empty, as with Microsoft's own client.
const driver = { flavour: 1, homeDir: '' };

const inputs: Readonly<Record<string, (value: unknown, name: string) => Slot>> = {
  Text: (value, name) => ({ values: [textOf(value, name)] }),
  Uint32: (value, name) => ({ values: [wholeNumber(value, name, 0xffffffff)] }),
  Uint64: (value, name) => ({ values: [wholeNumber(value, name, Number.MAX_SAFE_INTEGER)] }),
  Driver: () => ({ values: [driver] }),
  Identity: () => ({ values: [null] }),
  Layers(value, name) {
    const layers = layersOf(value, name);
    return { values: [layers, layers?.length ?? 0] };
  },
};

/** Reads what JavaScript gives for an In parameter; throws when that is nothing for it. */
export function readInput(kind: string, value: unknown, name: string): Slot {
  return inputs[kind]!(value, name);
}

function cell(read: (value: unknown, failed: boolean) => unknown): Slot {
  const place: unknown[] = [null];
  return { values: [place], read: (failed) => read(place[0], failed) };
}

const longestPath = 0x8000;

function sizedText(): Slot {
  const length: unknown[] = [0];
  const values: unknown[] = [length, null];
  let memory: Buffer | undefined;
  return {
    values,
    grows() {
      if (memory !== undefined || !Number(length[0])) return false;
      length[0] = Math.min(Number(length[0]), longestPath);
      values[1] = memory = Buffer.alloc(2 * Number(length[0]));
      return true;
    },
    read(failed) {
      const text = memory?.toString('utf16le') ?? '';
      const end = text.indexOf('\0');
      return failed ? null : end < 0 ? text : text.slice(0, end);
    },
  };
}

function processInformation(): Slot {
  const information = {};
  return { values: [information], read: () => information };
}

function guid(): Slot {
  const bytes = Buffer.alloc(16);
  return { values: [bytes], read: (failed) => (failed ? null : guidTextOf(bytes)) };
}

const outputs: Readonly<Record<string, () => Slot>> = {
  Text: () => cell((text) => text),
  SizedText: sizedText,
  Uint32: () => cell((number, failed) => (failed ? null : number)),
  Guid: guid,
  System: () => cell((handle) => handle),
  Process: () => cell((handle) => handle),
  Registration: () => cell((handle) => handle),
  ProcessInfo: processInformation,
};

/** Makes room for what the host gives for an Out parameter. */
export function makeOutput(kind: string): Slot {
  return outputs[kind]!();
}

/** The C types of the list, by direction and kind. A type of koffi's is for ever, and so is its name. */
export class Abi {
  /** `HCS_NOTIFICATION_CALLBACK`. */
  readonly callback: KoffiType;
  readonly #types: Readonly<Record<string, readonly KoffiType[]>>;

  /** `freeText` is how the host wants its texts freed. */
  constructor(koffi: Koffi, freeText: KoffiFunction) {
    // Types without a name get one from koffi that another one may have.
    const unique = randomUUID().replaceAll('-', '');
    const named = (name: string): string => `hostcompute_${name}_${unique}`;
    const struct = (name: string, members: Record<string, KoffiType>): KoffiType => koffi.struct(named(name), members);
    const guid = struct('Guid', {
      data1: 'uint32_t',
      data2: 'uint16_t',
      data3: 'uint16_t',
      data4: koffi.array('uint8_t', 8),
    });
    const layer = struct('LayerDescriptor', { layerId: guid, flags: 'uint32_t', path: 'str16' });
    const driverInformation = struct('DriverInformation', { flavour: 'uint32_t', homeDir: 'str16' });
    const information = struct('ProcessInformation', {
      processId: 'uint32_t',
      reserved: 'uint32_t',
      stdInput: 'intptr_t',
      stdOutput: 'intptr_t',
      stdError: 'intptr_t',
    });
    const text = koffi.disposable(named('Text'), 'str16', freeText);
    const handle = [koffi.out(koffi.pointer('void *'))];
    // 'str16' is read on the JavaScript thread, while the thread of the host waits: the text is still there.
    const parameters = ['uint32_t', 'uintptr_t', 'uint32_t', 'str16'];
    this.callback = koffi.pointer(koffi.proto(named('Callback'), 'void', parameters));
    this.#types = {
      'In Text': ['str16'],
      'In Uint32': ['uint32_t'],
      'In Uint64': ['uint64_t'],
      'In Identity': ['void *'],
      'In Driver': [koffi.pointer(driverInformation)],
      'In Layers': [koffi.pointer(layer), 'uint32_t'],
      'In System': ['void *'],
      'In Process': ['void *'],
      'In Callback': ['void *'],
      'In Context': ['uintptr_t'],
      'Release System': ['void *'],
      'Release Process': ['void *'],
      'Release Registration': ['void *'],
      'Out Text': [koffi.out(koffi.pointer(text))],
      'Out Uint32': [koffi.out(koffi.pointer('uint32_t'))],
      'Out Guid': ['void *'],
      'Out SizedText': [koffi.inout(koffi.pointer('size_t')), 'void *'],
      'Out ProcessInfo': [koffi.out(koffi.pointer(information))],
      'Out System': handle,
      'Out Process': handle,
      'Out Registration': handle,
    };
  }

  typesOf(name: FunctionName): KoffiType[] {
    return parametersOf(name).flatMap(([direction, kind]) => [...this.#types[`${direction} ${kind}`]!]);
  }
}
