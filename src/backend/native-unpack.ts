/**
 * The part of the addon that takes archives apart and writes their files, on threads of its own.
 *
 * @module
 */

/** What is left to do for who plans: the results of its calls below 0. */
export const turn = { end: -1, cut: -2, failed: -3, aborted: -4, malformed: -5 } as const;

/** An archive, for the thread that reads it. */
export interface NativeUnpack {
  /** What a {@link NativeUnpackPlanner} is made with, in this process. */
  id(): number;
  /** Copies the bytes. Says whether there is room for more now; otherwise `onRoom` is called when there is. */
  push(bytes: Uint8Array): boolean;
  /** No more comes. `cut`: that is not the end of the archive. */
  end(cut: boolean): void;
  /** Nothing more is begun. */
  abort(): void;
  close(): void;
}

/** The same archive, for the thread that plans what becomes of it. Each call that takes `waitMs` waits at most so long. */
export interface NativeUnpackPlanner {
  /** Fills `bytes` with headers. Gives how many, a `turn`, or below -5 the negative size that it needs for the next one. */
  take(bytes: Uint8Array, waitMs: number): number;
  /** Carries out steps. Gives 0 or a `turn`. */
  plan(bytes: Uint8Array, size: number): number;
  /** Gives `turn.end` when all is written. */
  finish(waitMs: number): number;
  /** Closes all. Gives `turn.end` when no thread writes any more. */
  settle(waitMs: number): number;
  /** What has failed: the entry's name, an errno above 0 or a status of Windows below, and the call. */
  failure(): readonly [entry: Buffer, outcome: number, what: string];
}
