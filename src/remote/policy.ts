/**
 * What a server of a host asks its policy: who may connect, which calls are made and with what, and what clients read.
 *
 * @module
 */

/** Who is at the other end of a connection, as the system has proven it: never what a message says. */
export interface Caller {
  /** The security identifier on Windows, such as `S-1-5-21-1-2-3-1001`; elsewhere `uid:` and the number. */
  readonly user: string;
  /** The groups that may grant: one that only denies is not among them. `gid:` and the number where there are no SIDs. */
  readonly groups: readonly string[];
  /** An administrator whose token is not filtered; elsewhere the superuser. */
  readonly elevated: boolean;
  /** The integrity level of the token: 0x2000 is medium. */
  readonly integrity?: number;
  readonly appContainer?: boolean;
  /** The token has restricting SIDs. */
  readonly restricted?: boolean;
  /** Unproven: it is for the audit alone. */
  readonly processId?: number;
  /** The logon session. */
  readonly logon?: string;
}

/** A call of a client, before it is made. The same object is completed. */
export interface RemoteCall {
  readonly connection: number;
  readonly caller: Caller;
  readonly library: string;
  /** The function, as in docs/functions.md. */
  readonly name: string;
  /**
   * The inputs by the names of the parameters: texts are strings or null, handles are numbers that the server has found among
   * those of the connection, layers are `[{ id, flags, path }]`, a driver is `{ flavour, homeDir }`.
   */
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** The call is made with these inputs in place of the client's: or it is not made, and the client gets this status. */
export type Decision =
  | { readonly allow: Readonly<Record<string, unknown>> }
  | {
      /** An HRESULT. */
      readonly refuse: number;
      /** For the result document of the call. */
      readonly message: string;
    };

/** A call at the host that undoes what a client has left, whatever its result is. */
export interface HostCall {
  readonly library: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** What the host answered. */
export interface Completed {
  /** An HRESULT, unsigned. */
  readonly status: number;
  /** The outputs by the names of the parameters: texts are strings or null, and what was opened is its number. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** Decides for the clients of a server. All of it is called on the JavaScript thread; what throws or rejects refuses. */
export interface HostPolicy {
  /** Whether a client is served. */
  connected(connection: number, caller: Caller): boolean;
  /** Whether a call is made, and with what. */
  decide(call: RemoteCall): Decision | Promise<Decision>;
  /**
   * Called once for each call that was allowed, also when the client has gone meanwhile, or the call could not be made. Returns the outputs
   * that the client gets in place of the host's.
   */
  completed(call: RemoteCall, completed: Completed): Readonly<Record<string, unknown>> | undefined;
  /** A client has gone, and the host has closed what it had. Returns what is called at the host then, in order. */
  disconnected(connection: number): readonly HostCall[];
  /** What a client may read of the text of a notification. */
  notification(caller: Caller, text: string): string;
}
