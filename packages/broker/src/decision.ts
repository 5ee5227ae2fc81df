/**
 * What the transport and the policy say to each other: who calls, what is called, and what is decided.
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

/** A call of a client, before it is made. The same object is completed: what was decided about it is found by it. */
export interface RemoteCall {
  readonly connection: number;
  readonly caller: Caller;
  readonly library: string;
  /** The function, as in native/abi/functions.def. */
  readonly name: string;
  /**
   * The inputs by the names of the parameters: texts are strings or null, handles are numbers that the transport has found among
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

/** What the transport has to call at the host when a client has gone, whatever the results are. */
export interface HostCall {
  readonly library: string;
  readonly name: string;
  readonly inputs: Readonly<Record<string, unknown>>;
}

/** Whether a status is one of success, or says that the call goes on. */
export function succeeded(status: number): boolean {
  const code = status >>> 0;
  return code < 0x80000000 || code === 0xc0370103;
}

/** What the host answered. */
export interface Completed {
  readonly status: number;
  /** The outputs by the names of the parameters: texts are strings or null, and what was opened is its number. */
  readonly outputs: Readonly<Record<string, unknown>>;
}
