/**
 * The state of the simulated host, and how its systems and processes end.
 *
 * @module
 */
import type { FunctionKey } from '../backend/backend.js';

/** Something that was opened in the simulated host and has not been closed, and the call that opened it. */
export interface SimulatorOpening {
  /**
   * A handle of a system or process, a registration on one, a program that runs, or a text that was not freed. Texts are
   * not known on Windows.
   */
  readonly Kind: 'System' | 'Process' | 'Registration' | 'Operation' | 'Program' | 'Text';
  readonly Function: FunctionKey;
  /** The number of the call, from 1, among all since the last reset. */
  readonly Call: number;
  /** The id of the system that the call was about; empty if none. */
  readonly System: string;
  /** The id of the process, if it is about one. */
  readonly Process?: number;
  /** The pipes that a program has open. */
  readonly Pipes?: number;
}

/** What the simulated host holds at this moment. */
export interface SimulatorState {
  readonly Systems: readonly {
    readonly Id: string;
    /** Of ids; absent where none was named. */
    readonly Namespace?: string;
    readonly State: string;
    readonly Owner: string;
    readonly Handles: number;
    readonly Registrations: number;
    readonly Processes: number;
    /** The number of the call that created it. */
    readonly Call: number;
  }[];
  readonly Handles: {
    readonly System: number;
    readonly Process: number;
    readonly Registration: number;
    /** Of the network service: handles of its objects, and reservations of ports. */
    readonly Network: number;
    /** Operations of `computecore.dll`. */
    readonly Operation: number;
    /** Files of virtual disks. */
    readonly Disk: number;
  };
  /** Calls that are inside the host, and those of them that a fault holds. */
  readonly CallsInside: number;
  readonly BlockedCalls: number;
  /** Notifications that are queued or being delivered. */
  readonly Undelivered: number;
  /** Ends of pipes that guests have open, and programs that run in them. */
  readonly Pipes: number;
  readonly Programs: number;
  /** Ends of operations that take time, and waits of programs and calls for a time. */
  readonly Scheduled: number;
  /** How often each function was called, by library and name. */
  readonly Calls: Readonly<Record<string, number>>;
  /** What has been opened and not closed, in the order of the calls that opened it. */
  readonly Open: readonly SimulatorOpening[];
  /**
   * Texts that were freed by the function for those of other libraries, such as `LocalFree` for one of `vmcompute`; 100 at
   * most, on Linux and macOS.
   */
  readonly Misfreed: readonly {
    readonly Function: string;
    /** The number of the call that returned it. */
    readonly Call: number;
  }[];
  /** Layers that are active. */
  readonly Layers: readonly {
    /** The last part of its path. */
    readonly Name: string;
    readonly Activations: number;
    readonly Prepared: boolean;
    /** Of a scratch layer; else empty. */
    readonly Volume: string;
    /** The number of the call that activated it. */
    readonly Call: number;
  }[];
  /** Virtual disks that are attached. */
  readonly Disks: readonly {
    /** The file. */
    readonly Path: string;
    /** The number in `\\.\PhysicalDriveN`. */
    readonly Drive: number;
    readonly ReadOnly: boolean;
    readonly Permanent: boolean;
    /** The number of the call that attached it. */
    readonly Call: number;
  }[];
  /** Why the last storage call failed: these calls have no result documents. */
  readonly LayerError: string;
  /** How many objects the network service has. */
  readonly Networks: {
    readonly Networks: number;
    readonly Endpoints: number;
    readonly Namespaces: number;
    readonly LoadBalancers: number;
    readonly Routes: number;
    readonly GuestNetworkServices: number;
  };
  /** What endpoints that are attached to systems publish. */
  readonly PublishedPorts: readonly SimulatorPublishedPort[];
  /**
   * What the host did not know in documents and took nevertheless, since the last reset, each once and 100 at most:
   * `member "$.Odd"`, `word "$.RequestType: Ad"`, `resource "VirtualMachine/Devices/Odd"`. With `strict` it is refused.
   */
  readonly Skipped: readonly string[];
  readonly Threads: number;
  readonly Rules: number;
}

/** An external port of an endpoint, and where it is listened on. */
export interface SimulatorPublishedPort {
  readonly Endpoint: string;
  readonly Protocol: 'TCP' | 'UDP';
  readonly ExternalPort: number;
  readonly InternalPort: number;
  /** The systems that it leads to: the first in which a program listens on the internal port. */
  readonly Systems: readonly string[];
  readonly Address: '127.0.0.1' | '::1';
  /** The port of this machine; 0 while nothing listens. */
  readonly HostPort: number;
}

/** Where moving the virtual clock has led. */
export interface ClockState {
  /** Milliseconds that the clock has run since it was made virtual. */
  readonly NowMs: number;
  /** How many things were due on the way: ends of operations, and waits of programs and calls. */
  readonly Ran: number;
}

/** How a system ends. */
export interface SystemEnd {
  /** The guest of a virtual machine crashes: a crash report precedes the exit. */
  readonly crash?: boolean;
  readonly status?: number;
  readonly exitType?: string;
  /** The data of the notification, to the letter. */
  readonly data?: string;
  /** The exit is not notified. */
  readonly loseExit?: boolean;
}

/** How a process ends. */
export interface ProcessEnd extends Omit<SystemEnd, 'exitType' | 'crash'> {
  /** Its id. */
  readonly process: number;
  readonly exitCode: number;
  readonly lastWaitResult?: number;
}
