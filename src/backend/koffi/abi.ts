/**
 * How each shape of value looks to koffi: the C type, or the two, of a parameter, the values that are passed, and what
 * is read when the host has returned. What `native/abi/shapes.h` says for the addon.
 *
 * @module
 */
import { v4 } from 'uuid';

import { printGuid } from '../../guid.js';
import type { FunctionKey, KindName } from '../backend.js';
import { functions, kinds, textMemory } from '../functions.js';
import type { Parameter } from '../parameters.js';
import { parametersOf } from '../parameters.js';
import { diskInputs, diskOutputs, diskTypes } from './disk-values.js';
import type { Slot } from './given-values.js';
import { guidOf, integer, refuse, textOf } from './given-values.js';
import type { Koffi, KoffiFunction, KoffiType } from './module.js';

/** `HCS_PROCESS_INFORMATION` as the host gives it: the streams are kernel handles, file descriptors off Windows. */
export interface RawProcessInformation {
  readonly processId: number;
  readonly stdInput: number | bigint;
  readonly stdOutput: number | bigint;
  readonly stdError: number | bigint;
}

function layersOf(value: unknown, name: string): unknown[] | null {
  if (!Array.isArray(value) || value.length % 2 !== 0) refuse(`${name} must be an array of ids and paths`);
  const given = value as readonly unknown[];
  const layers = [];
  for (let i = 0; i < given.length; i += 2) {
    const layerId = guidOf(given[i], `${name} must have GUIDs for ids`);
    const path = textOf(given[i + 1], name) ?? refuse(`${name} must have texts for paths`);
    layers.push({ layerId, flags: 0, path });
  }
  return layers.length === 0 ? null : layers;
}

// A layer is named by its whole path, so that the home directory is empty, as with Microsoft's own client.
const driver = { flavour: 1, homeDir: '' };

type Reader = (value: unknown, name: string, of: string | null) => Slot;

const inputs = {
  Text: (value, name) => ({ values: [textOf(value, name)] }),
  Integer: (value, name, of) => ({ values: [integer(value, name, of!)] }),
  Guid: (value, name) => ({ values: [guidOf(value, `${name} must be a GUID`)] }),
  Driver: () => ({ values: [driver] }),
  Null: () => ({ values: [null] }),
  Object: (value, name) => ({ values: [guidOf(value, `${name} must be a GUID`)] }),
  ...diskInputs,
  Layers: (value, name) => {
    const layers = layersOf(value, name);
    return { values: [layers, layers?.length ?? 0] };
  },
} satisfies Readonly<Record<string, Reader>>;

/** Reads what JavaScript gives for an In parameter; throws when that is nothing for it. */
export function readInput({ kind, shape, name }: Parameter, value: unknown): Slot {
  const reader: Reader = inputs[shape as keyof typeof inputs];
  return reader(value, name, kinds[kind].of);
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
  return { values: [bytes], read: (failed) => (failed ? null : printGuid(bytes)) };
}

function portRange(): Slot {
  const range: { startingPort?: number; endingPort?: number } = {};
  return { values: [range], read: (failed) => (failed ? null : [range.startingPort, range.endingPort]) };
}

/** What is in a slot for an array of the host: how long it is, and where. */
function portEntries(): Slot {
  const count: unknown[] = [0];
  const entries: unknown[] = [null];
  return { values: [count, entries], read: (failed) => (failed ? null : [Number(count[0]), entries[0]]) };
}

const outputs = {
  ...diskOutputs,
  Object: () => cell((handle) => handle),
  PortRange: portRange,
  PortEntries: portEntries,
  Text: () => cell((text) => text),
  SizedText: sizedText,
  Integer: () => cell((number, failed) => (failed ? null : Number(number))),
  Guid: guid,
  Handle: () => cell((handle) => handle),
  Streams: processInformation,
} satisfies Readonly<Record<string, () => Slot>>;

/** Makes room for what the host gives for an Out parameter. */
export function makeOutput(kind: KindName): Slot {
  return outputs[kinds[kind].shape as keyof typeof outputs]();
}

const guidIn = (bytes: unknown): string => printGuid(Buffer.from(bytes as Uint8Array));

/** The function of Windows that frees what a library returns. */
export type TextMemory = (typeof textMemory)[keyof typeof textMemory];

type Types = (of: string | null, memory: TextMemory) => readonly KoffiType[];

/** The C types of the list, by direction and shape. A type of koffi's is for ever, and so is its name. */
export class Abi {
  /** `HCS_NOTIFICATION_CALLBACK`. */
  readonly callback: KoffiType;
  /** `HCS_EVENT_CALLBACK`. */
  readonly eventCallback: KoffiType;
  /** `HCS_OPERATION_COMPLETION`. */
  readonly operationCallback: KoffiType;
  /** Reads the `HCS_EVENT` of a callback that has not returned. */
  readonly readEvent: (event: unknown) => { readonly type: number; readonly data: string | null };
  /** The port entries in memory of the host, as JavaScript gets them. */
  readonly readPortEntries: (entries: unknown, count: number) => unknown[][];
  readonly #types: Readonly<Record<string, Types>>;

  /** `freeText` is how the host wants the texts of a library freed. */
  constructor(koffi: Koffi, freeText: (memory: TextMemory) => KoffiFunction) {
    // Types without a name get one from koffi that another one may have.
    const unique = v4().replaceAll('-', '');
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
    const portRange = struct('PortRange', { startingPort: 'uint16_t', endingPort: 'uint16_t' });
    const portEntry = struct('PortEntry', {
      owningPartitionId: koffi.array('uint8_t', 16),
      targetPartitionId: koffi.array('uint8_t', 16),
      protocol: 'uint32_t',
      priority: 'uint64_t',
      reservationType: 'uint32_t',
      sharingFlags: 'uint32_t',
      deliveryMode: 'uint32_t',
      startingPort: 'uint16_t',
      endingPort: 'uint16_t',
    });
    this.readPortEntries = (entries, count) => {
      if (count === 0 || entries === null) return [];
      const found = koffi.decode(entries, koffi.array(portEntry, count)) as Readonly<Record<string, unknown>>[];
      return found.map((entry) =>
        Object.values(entry).map((value) => (typeof value === 'object' ? guidIn(value) : Number(value))),
      );
    };
    const textFreedBy = (memory: TextMemory): KoffiType => koffi.disposable(named(memory), 'str16', freeText(memory));
    const texts = { CoTaskMemFree: textFreedBy('CoTaskMemFree'), LocalFree: textFreedBy('LocalFree') };
    // 'str16' is read on the JavaScript thread, while the thread of the host waits: the text is still there.
    const parameters = ['uint32_t', 'uintptr_t', 'uint32_t', 'str16'];
    this.callback = koffi.pointer(koffi.proto(named('Callback'), 'void', parameters));
    const event = struct('Event', { type: 'uint32_t', data: 'str16', operation: 'void *' });
    this.eventCallback = koffi.pointer(
      koffi.proto(named('EventCallback'), 'void', [koffi.pointer(event), 'uintptr_t']),
    );
    this.operationCallback = koffi.pointer(koffi.proto(named('OperationCallback'), 'void', ['void *', 'uintptr_t']));
    this.readEvent = (given) => koffi.decode(given, event) as { type: number; data: string | null };
    const opaque = (): readonly KoffiType[] => ['void *'];
    const out = (type: KoffiType): readonly KoffiType[] => [koffi.out(koffi.pointer(type))];
    this.#types = {
      ...diskTypes(koffi, struct, guid),
      'In Text': () => ['str16'],
      'In Integer': (of) => [of!],
      'In Guid': () => [koffi.pointer(guid)],
      'In Null': opaque,
      'In Driver': () => [koffi.pointer(driverInformation)],
      'In Layers': () => [koffi.pointer(layer), 'uint32_t'],
      'In Handle': opaque,
      'In Object': opaque,
      // The context is a number.
      'In Filled': (of) => [of === 'void*' ? 'uintptr_t' : 'void *'],
      'Release Handle': opaque,
      'Release Object': opaque,
      'Out Text': (_, memory) => out(texts[memory]),
      'Out Integer': (of) => out(of!),
      'Out Guid': opaque,
      'Out SizedText': () => [koffi.inout(koffi.pointer('size_t')), 'void *'],
      'Out Streams': () => out(information),
      'Out Handle': () => out('void *'),
      'Out Object': () => out('void *'),
      'Out PortRange': () => out(portRange),
      'Out PortEntries': () => [...out('uint32_t'), ...out('void *')],
    };
  }

  resultOf(name: FunctionKey): string {
    const listed = functions[name];
    if (!('returns' in listed)) return 'uint32_t';
    const { shape, of } = kinds[listed.returns];
    return shape === 'Void' ? 'void' : shape === 'Integer' ? of : 'void *';
  }

  typesOf(name: FunctionKey): KoffiType[] {
    return parametersOf(name).flatMap(({ direction, kind, shape }) => [
      ...this.#types[`${direction} ${shape}`]!(kinds[kind].of, textMemory[functions[name].library]),
    ]);
  }
}
