/**
 * What a backend is: the way from TypeScript to the functions of a host. Everything here is derived from the generated
 * table, so a function added to the list is callable, with its types, without another line.
 *
 * @module
 */
import type { functions, kinds } from './functions.js';

type Functions = typeof functions;

/** A function of a host by its library and its name, such as `vmcompute.HcsStartComputeSystem`. */
export type FunctionKey = keyof Functions;

type NameOf<K> = K extends `${string}.${infer Name}` ? Name : never;

/** A function by its own name alone. Where two libraries have it, that of `vmcompute` is meant: see `keyOf`. */
export type FunctionName = NameOf<FunctionKey>;

type KeyOf<N extends string> = `vmcompute.${N}` extends FunctionKey
  ? `vmcompute.${N}`
  : Extract<FunctionKey, `${string}.${N}`>;

type ParametersOf<F extends FunctionKey | FunctionName> = Functions[F extends FunctionKey
  ? F
  : KeyOf<F>]['parameters'][number];

/**
 * The functions that JavaScript calls; registering, unregistering and closing belong to the backend, and so does an operation
 * as such.
 */
export type CallableKey = {
  [F in FunctionKey]: Functions[F] extends { readonly returns: string }
    ? never
    : Extract<
          ParametersOf<F>,
          | readonly ['Release', ...unknown[]]
          | readonly ['Out', 'Registration', ...unknown[]]
          | readonly ['In', 'EventCallback' | 'OperationHandle', ...unknown[]]
        > extends never
      ? F
      : never;
}[FunctionKey];
/** The same by name. */
export type CallableName = NameOf<CallableKey>;

/** The libraries of a host, by the names of their DLLs: absolute paths. */
export interface HostLibraries {
  readonly vmcompute: string;
  readonly computecore?: string;
  readonly computestorage?: string;
  readonly computenetwork?: string;
  readonly virtdisk?: string;
  /** That of a simulated host which has its state and takes its controls. */
  readonly simulator?: string;
}

type Kinds = typeof kinds;

/** A kind of value that crosses the boundary, as the list names it. */
export type KindName = keyof Kinds;
/** How values of a kind look in C and in JavaScript. */
export type Shape = Kinds[KindName]['shape'];

declare const brand: unique symbol;
/** What a call has opened: the number of that call. A backend refuses one that it does not know, or of another kind. */
type HandleOf<K extends KindName> = number & { readonly [brand]: K };
/** An open compute system. */
export type SystemHandle = HandleOf<'System'>;
/** An open process. */
export type ProcessHandle = HandleOf<'Process'>;

/** What `backend.close()` takes. */
export type HandleKind =
  'System' | 'Process' | 'GuestNetworkService' | 'ServiceRegistration' | 'PortReservation' | 'VirtualDisk';
export type OpenHandle = { [K in HandleKind]: HandleOf<K> }[HandleKind];

/**
 * `HCS_PROCESS_INFORMATION`: process id, and a file descriptor for each stream that there is, which is the receiver's to
 * close. -1: the stream could not be wrapped, and has been closed. {@link emptyStream}: nothing was ever in it.
 */
export type ProcessInformation = readonly [
  processId: number,
  stdInput: number | null,
  stdOutput: number | null,
  stdError: number | null,
];

/** In place of a descriptor: a stream of which nothing is known but that there was one. */
export const emptyStream = -2;

/** The parents of a layer, the immediate one first: id and path of each, one after the other. */
export type LayerList = readonly string[];

/** A range of ports, both ends in it. */
export type PortRange = readonly [startingPort: number, endingPort: number];

/** `HCN_PORT_RANGE_ENTRY`, its members in their order. The ids are of 36 lower-case characters. */
export type PortEntry = readonly [
  owningPartitionId: string,
  targetPartitionId: string,
  protocol: number,
  priority: number,
  reservationType: number,
  sharingFlags: number,
  deliveryMode: number,
  startingPort: number,
  endingPort: number,
];

/** `CREATE_VIRTUAL_DISK_PARAMETERS`, as far as anything is said in it; 0 leaves a size to the host. */
export type DiskCreation = readonly [
  maximumSize: number,
  blockSize: number,
  sectorSize: number,
  physicalSectorSize: number,
  parentPath: string | null,
  openFlags: number,
];

/** What `GET_VIRTUAL_DISK_INFO` tells of a disk. */
export type DiskFacts = readonly [
  virtualSize: number,
  physicalSize: number,
  blockSize: number,
  sectorSize: number,
  physicalSectorSize: number,
  providerSubtype: number,
  inUse: number,
  id: string,
  parentPath: string | null,
];

/** What JavaScript gives, by shape. What is not here or a handle is filled by the backend. */
interface InShapes {
  Text: string | null;
  /** A whole number that JavaScript has exactly. */
  Integer: number;
  /** 36 characters, in either case. */
  Guid: string;
  Layers: LayerList;
  /** The id of an object of HCN, a GUID. The backend opens a handle of it for the call, and closes that. */
  Object: string;
  DiskCreation: DiskCreation;
  /** Whether the disk is opened for reading alone, 0 or 1. */
  DiskOpening: number;
  /** A GUID, which becomes the id of the disk. */
  DiskSetting: string;
}

/** What JavaScript gets, by shape; null where the host has given nothing. */
interface OutShapes {
  Text: string;
  SizedText: string;
  Integer: number;
  /** 36 lower-case characters. */
  Guid: string;
  Streams: ProcessInformation;
  /** The properties of the object of HCN that the call has opened. */
  Object: string;
  PortRange: PortRange;
  PortEntries: readonly PortEntry[];
  DiskPath: string;
  DiskInformation: DiskFacts;
}

type ValueOf<K extends KindName, Shapes> = Kinds[K]['shape'] extends keyof Shapes
  ? Shapes[Kinds[K]['shape']]
  : K extends 'OptionalDisk'
    ? HandleOf<'VirtualDisk'> | null
    : HandleOf<K>;

type KindsOf<S> = { [K in KindName]: Kinds[K]['shape'] extends S ? K : never }[KindName];

type InputParameter<F extends FunctionKey | FunctionName> = Extract<
  ParametersOf<F>,
  readonly ['In', KindsOf<keyof InShapes | 'Handle'>, string]
>;
type OutputParameter<F extends FunctionKey | FunctionName> = Extract<
  ParametersOf<F>,
  readonly ['Out', KindsOf<keyof OutShapes | 'Handle'>, string]
>;

/** What goes with the operation of a call of computecore.dll. */
export interface OperationExtras {
  /** Of which events the call is notified on its watch; `HCS_OPERATION_OPTIONS`. */
  readonly eventTypes?: number;
  /** Type, URI and handle of each resource, which stays its owner's. */
  readonly resources?: readonly (readonly [type: number, uri: string, handle: bigint])[];
}

/** The arguments of a call, by the names of the list. */
export type Input<F extends FunctionKey | FunctionName> = {
  readonly [P in InputParameter<F> as P[2]]: ValueOf<P[1], InShapes>;
};

/** What a call gives back besides its status, by the names of the list; what a `ProcessOperation` brings among it. */
export type Output<F extends FunctionKey | FunctionName> = {
  readonly [P in OutputParameter<F> as P[2]]: ValueOf<P[1], OutShapes> | null;
} & (Extract<ParametersOf<F>, readonly ['In', 'ProcessOperation', string]> extends never
  ? unknown
  : { readonly processInformation: ProcessInformation | null });

/** How a call ended; `native/core/operation.h` has the same numbers. */
export const Ending = {
  /** The host's answer was final. */
  returned: 0,
  /** The host answered pending, and the notification says how it ended; or its operation, whose result that is. */
  notified: 1,
  /** Cancelled before the host saw it. */
  cancelled: 2,
  /** Given up while waiting for its notification. */
  abandoned: 3,
  /** The handle was closed while waiting for its notification. */
  closed: 4,
} as const;
export type Ending = (typeof Ending)[keyof typeof Ending];

/** A notification as the host raised it. Numbers are unsigned. */
export interface RawNotification {
  readonly type: number;
  readonly status: number;
  readonly data: string | null;
}

export interface Completion<F extends FunctionKey | FunctionName> {
  /** The HRESULT that the call returned. */
  readonly status: number;
  readonly ending: Ending;
  /** The HRESULT of registering the callback, for a call that opens a handle; of the query, for one that opens an object. */
  readonly registration: number;
  /** The notification that ended the call, when `ending` is `notified`. */
  readonly notification: RawNotification | undefined;
  readonly outputs: Output<F>;
}

/** Who waits for a call. Told on the JavaScript thread, before any promise callback runs. */
export interface Caller<T> {
  settle(outcome: T): void;
}

/** Receives what a host says unasked. Called on the JavaScript thread, in the order in which it happened. */
export interface Sink {
  notification(watch: number, notification: RawNotification): void;
  /** `count` notifications were lost here, because they came faster than they were taken. */
  overflow(watch: number, count: number): void;
  /** All of a batch has been delivered; promise callbacks have not run yet. */
  delivered(): void;
}

/** One open host. Calls are made on threads of the backend; nothing here waits. */
export interface Backend {
  readonly name: 'addon' | 'koffi' | 'replay';
  /** The functions that this host exports. Whoever asks for all has every library of it opened. */
  readonly present: ReadonlySet<FunctionKey>;
  /** Whether this host exports a function. Its library is opened, if nothing of it has been used. */
  has(key: FunctionKey): boolean;
  /** What a notification with this number is called, where it is none of vmcompute.dll. */
  readonly notificationType?: (number: number) => string;
  /** The function that a call of this one is made with, where it is another. */
  readonly exportOf?: (key: FunctionKey) => FunctionKey;
  /** Why the library of a function could not be opened; undefined when it is open. */
  problemOf(key: FunctionKey): string | undefined;
  /** How many threads there are for calls. */
  readonly threads: number;
  /** Calls that have begun and not ended. */
  readonly callsInFlight: number;

  /**
   * Starts a call. `input.operation` may have {@link OperationExtras}, where the call has an operation. `caller` is notified once, when it has ended. A call that opens a handle watches it under the returned
   * number, from before anyone can hear of it. The call keeps the event loop alive until it ends or `release` is called.
   */
  call<F extends CallableKey>(key: F, input: Input<F>, caller: Caller<Completion<F>>, paired?: boolean): number;
  /**
   * Begins the close of a handle: when its last call has returned, unregister, close. The outcome is a status. With
   * `discard`, what the handle is of is terminated first, whatever the host says to that. `collected`: nobody asked for it,
   * and it is not known when it would happen again.
   */
  close(kind: HandleKind, handle: OpenHandle, caller: Caller<number>, discard?: boolean, collected?: boolean): number;
  /** The call does not keep the event loop alive any longer. */
  release(call: number): void;
  /**
   * Nobody waits for the call. If no thread has taken it yet, it is never made and ends as `cancelled`. Else it keeps its
   * turn for its notification on `watch`, until the host has accepted a later call of its kind.
   */
  cancel(call: number, watch: number): void;
  /** Ends the call's wait for its notification, at once or as soon as it would begin. */
  abandon(call: number, watch: number): void;
  /** Whether a call that nobody asked for would be answered. Where there is no such function, every call is. */
  expects?<F extends CallableKey>(key: F, input: Input<F>): boolean;
  /** Keeps the event loop alive until `unhold` has been called as often. */
  hold(): void;
  unhold(): void;
  /** Lets go of everything. Calls that are still inside the host are left to their threads. */
  end(): void;
}

/** Opens the libraries of a host; `null` are those of Windows itself. Throws an `Error` that says why it cannot. */
export type OpenBackend = (
  libraries: HostLibraries | null,
  sink: Sink,
  options: { readonly maxWorkers: number },
) => Backend;
