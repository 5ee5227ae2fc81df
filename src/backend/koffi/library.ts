/**
 * The library of a host by way of koffi: its functions, how its texts are freed, and the few functions of the system that
 * go with it.
 *
 * @module
 */
import { closeSync } from 'node:fs';

import type { FunctionKey, HostLibraries } from '../backend.js';
import { functions, libraries as libraryNames } from '../functions.js';
import { nameOf } from '../keys.js';
import type { TextMemory } from './abi.js';
import { Abi } from './abi.js';
import type { Koffi, KoffiFunction, KoffiLibrary } from './module.js';

type LibraryName = (typeof libraryNames)[number];

export const kOk = 0;
const kInvalidHandle = 0x80070006; // ERROR_INVALID_HANDLE
export const kFunctionMissing = 0x8007007f; // ERROR_PROC_NOT_FOUND
export const kUnexpected = 0x8000ffff; // E_UNEXPECTED
export const kNoRoom = 0x800705aa; // ERROR_NO_SYSTEM_RESOURCES

/** What the system gives beside the host. */
interface System {
  /** Keeps a library in memory until the process ends: threads of the host may be inside it. */
  pin(path: string): void;
  /** The descriptor of a stream of the host; negative when there is none to be had. */
  descriptorOf(stream: number | bigint): number;
  closeStream(stream: number | bigint): void;
  /** Ends the process without waiting for the threads of libuv. */
  leave(code: number): void;
  /** How texts that a library returns are freed. */
  freeTextOf(library: KoffiLibrary, memory: TextMemory): KoffiFunction;
  /** Closes a disk of Windows, whose virtdisk.dll has no function for that. */
  readonly closeDisk?: Pick<KoffiFunction, 'async'>;
  /** The path of a library of the host that belongs to the system. */
  ownLibrary(name: string): string;
}

function openWindows(koffi: Koffi): System {
  const kernel = koffi.load('kernel32.dll');
  const program = koffi.load(null);
  const loadLibrary = kernel.func('LoadLibraryExW', 'void *', ['str16', 'void *', 'uint32_t']);
  const lastError = kernel.func('GetLastError', 'uint32_t', []);
  const systemDirectory = kernel.func('GetSystemDirectoryW', 'uint32_t', ['void *', 'uint32_t']);
  const closeHandle = kernel.func('CloseHandle', 'int', ['intptr_t']);
  const closeKernelHandle = kernel.func('CloseHandle', 'int', ['void *']);
  const currentProcess = kernel.func('GetCurrentProcess', 'void *', []);
  const terminateProcess = kernel.func('TerminateProcess', 'int', ['void *', 'uint32_t']);
  const openDescriptor = program.func('uv_open_osfhandle', 'int', ['intptr_t']);
  const searchDllLoadDir = 0x100;
  const searchSystem32 = 0x800;
  // What koffi loads afterwards is what is there already: it would search the working directory and PATH itself.
  const load = (path: string, search: number): boolean => loadLibrary(path, null, search) !== null;
  return {
    pin(path) {
      if (load(path, searchDllLoadDir | searchSystem32)) return;
      throw new Error(`LoadLibraryEx failed with Windows error ${String(lastError())}`);
    },
    descriptorOf: (stream) => openDescriptor(stream) as number,
    closeStream: (stream) => void closeHandle(stream),
    closeDisk: {
      async(disk, settle) {
        const returned = settle as (error: unknown, status: unknown) => void;
        closeKernelHandle.async(disk, (error: unknown, closed: unknown) =>
          returned(error, closed ? kOk : kInvalidHandle),
        );
      },
    },
    leave: (code) => void terminateProcess(currentProcess(), code),
    freeTextOf(_, memory) {
      if (memory === 'LocalFree') return kernel.func('LocalFree', 'void *', ['void *']);
      const found = ['api-ms-win-core-com-l1-1-0.dll', 'ole32.dll'].find((name) => load(name, searchSystem32));
      if (found === undefined) throw new Error('CoTaskMemFree was not found on this system');
      return koffi.load(found).func('CoTaskMemFree', 'void', ['void *']);
    },
    ownLibrary(name) {
      const memory = Buffer.alloc(2 * 260);
      const length = systemDirectory(memory, 260) as number;
      return `${memory.toString('utf16le', 0, 2 * length)}\\${name}.dll`;
    },
  };
}

function openPosix(koffi: Koffi): System {
  const program = koffi.load(null);
  const open = program.func('dlopen', 'void *', ['str', 'int']);
  const exit = program.func('_exit', 'void', ['int']);
  const free = program.func('free', 'void', ['void *']);
  const now = 2;
  return {
    // A second reference, which is never released.
    pin: (path) => void open(path, now),
    descriptorOf: Number,
    closeStream: (stream) => closeSync(Number(stream)),
    leave: (code) => void exit(code),
    // Hosts that export no counterpart of Windows' function give texts that are simply freed.
    freeTextOf: (library, memory) => exported(library, memory, 'void', ['void *']) ?? free,
    ownLibrary() {
      throw new Error('this system has no vmcompute.dll');
    },
  };
}

function exported(
  library: KoffiLibrary,
  name: string,
  result: Parameters<KoffiLibrary['func']>[1],
  parameters: Parameters<KoffiLibrary['func']>[2],
): KoffiFunction | undefined {
  try {
    return library.func(name, result, parameters);
  } catch {
    return undefined;
  }
}

let system: System | undefined;

function systemOf(koffi: Koffi): System {
  return (system ??= process.platform === 'win32' ? openWindows(koffi) : openPosix(koffi));
}

const opened = new Map<string, Library>();

/** Opens the libraries of a host, once in a process. `null`: those that belong to the system. */
export function libraryOf(koffi: Koffi, given: HostLibraries | null): Library {
  const paths = given ?? ownLibraries(systemOf(koffi));
  const place = JSON.stringify(libraryNames.map((name) => paths[name]));
  const found = opened.get(place) ?? new Library(koffi, paths);
  opened.set(place, found);
  return found;
}

// vmcompute.dll, and the others of the list, which are opened at their first use.
function ownLibraries(system: System): HostLibraries {
  const named = new Set<LibraryName>(Object.values(functions).map(({ library }) => library));
  const others = [...named]
    .filter((name) => name !== 'vmcompute' && name !== 'simulator')
    .map((name) => [name, system.ownLibrary(name)] as const);
  return { vmcompute: system.ownLibrary('vmcompute'), ...Object.fromEntries(others) };
}

// The functions of virtdisk.dll return a Win32 error code, where all others return an HRESULT.
function statusOf(key: FunctionKey, returned: number): number {
  const isWin32 = functions[key].library === 'virtdisk' && returned !== 0 && returned < 0x80000000;
  return isWin32 ? 0x80070000 + (returned & 0xffff) : returned;
}

/** The libraries of a host, as one. */
export class Library {
  readonly system: System;
  readonly abi: Abi;
  readonly #functions = new Map<string, Pick<KoffiFunction, 'async'>>();
  readonly #koffi: Koffi;
  readonly #paths: HostLibraries;
  /** Of the libraries that have been asked for: why one could not be opened. */
  readonly #problems = new Map<LibraryName, string | undefined>();

  constructor(koffi: Koffi, paths: HostLibraries) {
    this.#koffi = koffi;
    this.#paths = paths;
    this.system = systemOf(koffi);
    const main = this.#load(paths.vmcompute);
    this.abi = new Abi(koffi, (memory) => this.system.freeTextOf(main, memory));
    this.#resolve('vmcompute', main);
    if (paths.simulator !== undefined) this.#resolve('simulator', this.#load(paths.simulator));
  }

  #resolve(name: LibraryName, library: KoffiLibrary): void {
    this.#problems.set(name, undefined);
    for (const key of Object.keys(functions) as FunctionKey[]) {
      if (functions[key].library !== name) continue;
      const found = exported(library, nameOf(key), this.abi.resultOf(key), this.abi.typesOf(key));
      if (found !== undefined) this.#functions.set(key, found);
    }
    const closeDisk = 'virtdisk.CloseVirtualDisk';
    if (name !== 'virtdisk' || this.#functions.has(closeDisk) || this.system.closeDisk === undefined) return;
    this.#functions.set(closeDisk, this.system.closeDisk);
  }

  /** Why the library of a function could not be opened; it is opened when something of it is first asked for. */
  problemOf(key: FunctionKey): string | undefined {
    const name = functions[key].library;
    if (this.#problems.has(name)) return this.#problems.get(name);
    const path = this.#paths[name];
    this.#problems.set(name, 'the host was given without it');
    if (path === undefined) return this.#problems.get(name);
    try {
      this.#resolve(name, this.#load(path));
    } catch (error) {
      this.#problems.set(name, (error as Error).message);
    }
    return this.#problems.get(name);
  }

  #load(path: string): KoffiLibrary {
    const koffi = this.#koffi;
    // On Windows before koffi: see there. Elsewhere koffi says better why it cannot be loaded.
    if (process.platform === 'win32') this.system.pin(path);
    const library = koffi.load(path);
    if (process.platform !== 'win32') this.system.pin(path);
    return library;
  }

  has(key: FunctionKey): boolean {
    this.problemOf(key);
    return this.#functions.has(key);
  }

  /** Calls a function on a thread of libuv's; the outcome is its status, success where it returns nothing. */
  async call(key: FunctionKey, values: readonly unknown[]): Promise<number> {
    if (!this.has(key)) return kFunctionMissing;
    const { error, returned } = await this.#call(key, values);
    return error === null ? statusOf(key, Number(returned ?? kOk)) : kNoRoom;
  }

  /** The same of a function that returns a pointer; null where it cannot be called. */
  async pointer(key: FunctionKey, values: readonly unknown[]): Promise<unknown> {
    if (!this.has(key)) return null;
    const { error, returned } = await this.#call(key, values);
    return error === null ? returned : null;
  }

  #call(key: FunctionKey, values: readonly unknown[]): Promise<{ error: unknown; returned: unknown }> {
    return new Promise((resolve) => {
      try {
        this.#functions.get(key)!.async(...values, (error: unknown, returned: unknown) => resolve({ error, returned }));
      } catch (error) {
        resolve({ error, returned: null }); // more calls and callbacks at once than koffi has room for
      }
    });
  }
}
