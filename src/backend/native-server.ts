/**
 * The server of the addon: clients in other processes, whose calls JavaScript answers.
 *
 * @module
 */

/** Who a client is, as the system proves it. */
export interface NativePeer {
  readonly user: string;
  readonly groups: readonly string[];
  readonly elevated: boolean;
  /** 0 where the system has no such levels. */
  readonly integrity: number;
  readonly appContainer: boolean;
  readonly restricted: boolean;
  readonly processId: number;
  readonly logon: string;
}

/**
 * A call of a client, a client that comes, and one that has gone. A call has the number of its function in the list, and what is no
 * Out parameter, in order: texts or null, handles and contexts as numbers, layers `[{ id, flags, path }]`.
 */
export type ServerEvent =
  | readonly [session: number, question: number, function: number, inputs: readonly unknown[]]
  | readonly [session: number, question: number, peer: NativePeer]
  | readonly [session: number];

/** Serves until `close()` or the end of its thread. */
export interface NativeServer {
  /**
   * Answers a call with each Out parameter, in order. Streams are `[process id, three descriptors or null]`: they are copied, and stay
   * the caller's. A question that is over is left alone.
   */
  answer(question: number, status: number, outputs: readonly unknown[]): void;
  /** Whether the client that has come is served. */
  admit(question: number, served: boolean): void;
  /** Queues a notification for a listener of a client. */
  notify(session: number, listener: number, type: number, status: number, data: string | null): void;
  /** Ends the connections of a client. */
  disconnect(session: number): void;
  /** Whether it keeps the event loop alive; at first it does. */
  hold(held: boolean): void;
  /** Disconnects everybody. No event comes any more. */
  close(): void;
}

/**
 * Throws an `Error` with the code `ERR_HC_SERVE` that says why it cannot.
 *
 * @param name - the path of a socket, or of a pipe on Windows
 * @param users - who may connect besides the user of this process
 */
export type MakeNativeServer = new (
  name: string,
  users: readonly string[],
  deliver: (events: readonly ServerEvent[]) => void,
) => NativeServer;
