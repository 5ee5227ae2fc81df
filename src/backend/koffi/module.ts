/**
 * The npm package `koffi`, as far as it is used here: a foreign function interface for Node. It is no dependency of this
 * package; whoever wants it installs it.
 *
 * @module
 */
import { codeFile } from '../code-file.js';
import { requireFrom } from '../require-from.js';

/** A type of koffi's; opaque here. */
export type KoffiType = string | { readonly name: string };

/** A function of a library. Called plainly it runs on the JavaScript thread, `async` runs it on a thread of libuv's. */
export interface KoffiFunction {
  (...values: unknown[]): unknown;
  async(...valuesAndCallback: unknown[]): void;
}

export interface KoffiLibrary {
  func(name: string, result: KoffiType, parameters: readonly KoffiType[]): KoffiFunction;
}

export interface Koffi {
  /** `null`: what the running program has already. */
  load(path: string | null): KoffiLibrary;
  config(change?: Readonly<Record<string, number>>): Readonly<Record<string, number>>;
  struct(name: string, members: Readonly<Record<string, KoffiType>>): KoffiType;
  /** What is at an address. */
  decode(address: unknown, type: KoffiType): unknown;
  array(element: KoffiType, length: number): KoffiType;
  pointer(to: KoffiType): KoffiType;
  out(type: KoffiType): KoffiType;
  inout(type: KoffiType): KoffiType;
  /** A value of this type is given to `free` when it has been read. */
  disposable(name: string, type: KoffiType, free: KoffiFunction): KoffiType;
  proto(name: string, result: KoffiType, parameters: readonly KoffiType[]): KoffiType;
  /** The address of a C function that runs `callback` on the JavaScript thread, and waits for it. */
  register(callback: (...values: never[]) => void, type: KoffiType): bigint;
}

// What runs on a thread of libuv's has this much stack: as much as Windows gives a thread of its own.
const stackSize = 1024 * 1024;
// Calls and callbacks at one time, together. Where koffi has no room for a callback, it throws on the thread of the host.
const atOnce = 4096;

let loaded: Koffi | undefined;

/** Loads koffi; throws when it is not installed, or not for this system. */
export function loadKoffi(): Koffi {
  if (loaded !== undefined) return loaded;
  const koffi = requireFrom(codeFile(import.meta.url))('koffi') as Koffi;
  try {
    koffi.config({ async_stack_size: stackSize, max_async_calls: atOnce });
  } catch {
    // Somebody has loaded a library with it before: then what they have set is in force.
  }
  return (loaded = koffi);
}
