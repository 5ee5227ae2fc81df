/**
 * The operations of computecore.dll: each asynchronous call has one, whose completion is followed by taking the result and
 * closing it. What `native/core/host-operation.cc` is for the addon.
 *
 * @module
 */
import type { RawProcessInformation } from './abi.js';
import type { OperationExtras } from '../backend.js';
import { failed } from '../status.js';
import { makeOutput } from './abi.js';
import type { Slot } from './given-values.js';
import type { Library } from './library.js';
import { kFunctionMissing, kOk } from './library.js';
import type { Koffi } from './module.js';
import type { Watch } from './watch.js';

/** `E_OUTOFMEMORY`, of a host that makes no operation. */
const outOfMemory = 0x8007000e;

interface OpenOperation {
  readonly library: Library;
  readonly watch: Watch;
  /** Where the streams of a process go that come with the result. */
  readonly information: Slot | undefined;
  handle?: unknown;
}

// By the number of their call. Whoever takes one closes the operation.
const openOperations = new Map<number, OpenOperation>();

function take(call: number): OpenOperation | undefined {
  const open = openOperations.get(call);
  openOperations.delete(call);
  return open;
}

let callback: bigint | undefined;

// Never unregistered, as that of notifications.
function callbackOf(koffi: Koffi, library: Library): bigint {
  return (callback ??= koffi.register((operation: unknown, call: number) => {
    const open = take(call);
    // Off this thread, for which the thread of the host waits.
    if (open !== undefined) void finish(call, operation, open);
  }, library.abi.operationCallback));
}

async function finish(call: number, operation: unknown, open: OpenOperation): Promise<void> {
  const { status, document } = await resultOf(operation, open);
  await open.library.call('computecore.HcsCloseOperation', [operation]);
  const taken = open.watch.completeOperation(call, { type: 0, status, data: document });
  if (!taken) closeStreams(open.library, open.information);
}

/** Of a process that nobody gets. */
export function closeStreams({ system }: Library, information: Slot | undefined): void {
  const found = information?.read!(false) as RawProcessInformation | undefined;
  if (found === undefined) return;
  const { stdInput, stdOutput, stdError } = found;
  for (const stream of [stdInput, stdOutput, stdError]) if (present(stream)) system.closeStream(stream);
}

/** Hosts write null and all ones for "no such stream". */
export const present = (stream: number | bigint): boolean => Number(stream) !== 0 && Number(stream) !== -1;

async function resultOf(
  operation: unknown,
  { library, information }: OpenOperation,
): Promise<{ status: number; document: string | null }> {
  const document = makeOutput('Text');
  const status =
    information === undefined
      ? await library.call('computecore.HcsGetOperationResult', [operation, ...document.values])
      : await library.call('computecore.HcsGetOperationResultAndProcessInfo', [
          operation,
          ...information.values,
          ...document.values,
        ]);
  return { status, document: document.read!(false) as string | null };
}

let eventCallback: bigint | undefined;

const operationEvent = 0x01000000;

// Of operations with notifications: what is not their completion goes to the watch of the call.
function eventCallbackOf(koffi: Koffi, { abi }: Library): bigint {
  return (eventCallback ??= koffi.register((event: unknown, call: number) => {
    const { type, data } = abi.readEvent(event);
    const open = type === operationEvent ? take(call) : openOperations.get(call);
    if (open === undefined) return;
    if (type === operationEvent) void finish(call, open.handle, open);
    else open.watch.notify({ type, status: 0, data }, 0);
  }, abi.eventCallback));
}

/** An operation of a call; `operation` is null where the host makes none, or takes no resources. */
export async function openOperation(
  koffi: Koffi,
  call: number,
  open: OpenOperation,
  { eventTypes = 0, resources = [] }: OperationExtras = {},
): Promise<{ operation: unknown; status: number }> {
  const { library } = open;
  const notifies = eventTypes !== 0;
  const key = notifies ? 'computecore.HcsCreateOperationWithNotifications' : 'computecore.HcsCreateOperation';
  if (!library.has(key)) return { operation: null, status: kFunctionMissing };
  openOperations.set(call, open);
  const operation = await library.pointer(
    key,
    notifies ? [eventTypes, call, eventCallbackOf(koffi, library)] : [call, callbackOf(koffi, library)],
  );
  const status = operation === null ? outOfMemory : await addResources(library, operation, resources);
  if (!failed(status)) {
    open.handle = operation;
    return { operation, status: kOk };
  }
  take(call);
  if (operation !== null) await library.call('computecore.HcsCloseOperation', [operation]);
  return { operation: null, status };
}

async function addResources(
  library: Library,
  operation: unknown,
  resources: NonNullable<OperationExtras['resources']>,
): Promise<number> {
  const key = 'computecore.HcsAddResourceToOperation';
  if (resources.length !== 0 && !library.has(key)) return kFunctionMissing;
  for (const resource of resources) {
    const status = await library.call(key, [operation, ...resource]);
    if (failed(status)) return status;
  }
  return kOk;
}

/** The host has refused the call, so that nothing completes its operation. What the host says about it. */
export async function closeRefused(call: number, operation: unknown): Promise<string | null> {
  const open = take(call);
  if (open === undefined) return null; // it has completed all the same
  const { document } = await resultOf(operation, { ...open, information: undefined });
  await open.library.call('computecore.HcsCloseOperation', [operation]);
  return document;
}

/**
 * After the handle of the watch was closed: what has not completed goes on in the host, and its result is nobody's. All
 * operations are looked through, which are few: those of calls that are under way.
 */
export async function closeOperationsOf(library: Library, watch: Watch): Promise<void> {
  const left = [...openOperations].filter(([, open]) => open.watch === watch);
  for (const [call] of left) take(call);
  for (const [, { handle }] of left) await library.call('computecore.HcsCloseOperation', [handle]);
}

/** Terminates what a handle is of; whatever the host says to that. An operation that is closed while it runs goes on. */
export async function terminateByOperation(
  library: Library,
  key: 'computecore.HcsTerminateComputeSystem' | 'computecore.HcsTerminateProcess',
  value: unknown,
): Promise<void> {
  const operation = await library.pointer('computecore.HcsCreateOperation', [0, null]);
  if (operation === null) return;
  await library.call(key, [value, operation, null]);
  await library.call('computecore.HcsCloseOperation', [operation]);
}
