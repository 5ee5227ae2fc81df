/**
 * How a system ends: the first word of the host about it counts, and everyone who waits hears it.
 *
 * @module
 */
import { parseDocument, resultOf } from './documents.js';
import type { AttributionRecord, HcsError } from './errors.js';
import { hostError } from './errors.js';
import type { Notification } from './events.js';
import { failed, serviceDisconnect } from './operation.js';
import { longestTimeoutMs } from './session.js';

/** How a system ended. */
export interface SystemExit {
  /** The HRESULT of the exit, unsigned; 0 when nothing went wrong. */
  readonly status: number;
  /** `GracefulExit`, `ForcedExit`, `UnexpectedExit` ..., where the host says so. */
  readonly exitType?: string;
  /** What the host says of who or what ended it. */
  readonly attribution: readonly AttributionRecord[];
  /** Why, when `status` is a failure. */
  readonly error?: HcsError;
  /** The host answered that the system has stopped, but never sent the notification that it has. */
  readonly inferred?: true;
}

/** An exit or an error, made only for those who ask. */
export type End = { readonly exit: () => SystemExit } | { readonly error: () => HcsError };

/** The end of one system, latched: an exit, or the error that makes one impossible to hear of. */
export class ExitLatch {
  #end: End | undefined;
  #exit: SystemExit | undefined;
  #promise: Promise<SystemExit> | undefined;
  #waiters: (() => void)[] | undefined;

  get ended(): boolean {
    return this.#end !== undefined;
  }

  get exited(): boolean {
    return this.#end !== undefined && 'exit' in this.#end;
  }

  /** False when it had ended already: what the host says twice changes nothing. */
  end(end: End): boolean {
    if (this.#end !== undefined) return false;
    this.#end = end;
    for (const waiter of this.#waiters ?? []) waiter();
    this.#waiters = undefined;
    return true;
  }

  /** The exit; asked for only when there is one. */
  get exit(): SystemExit {
    if (this.#end === undefined || !('exit' in this.#end)) throw new Error('the system has not exited');
    this.#exit ??= this.#end.exit();
    return this.#exit;
  }

  get promise(): Promise<SystemExit> {
    if (this.#promise === undefined) {
      this.#promise = this.#make();
      this.#promise.catch(() => undefined); // whoever awaits it sees the rejection; nobody has to
    }
    return this.#promise;
  }

  async #make(): Promise<SystemExit> {
    if (this.#end === undefined) await new Promise<void>((resolve) => this.#wait(resolve));
    if (this.#end !== undefined && 'error' in this.#end) throw this.#end.error();
    return this.exit;
  }

  #wait(waiter: () => void): void {
    (this.#waiters ??= []).push(waiter);
  }

  /** Whether it has exited, or does within `ms`. Keeps the process alive meanwhile. */
  async within(ms: number): Promise<boolean> {
    if (this.ended || ms <= 0) return this.exited;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#wait(resolve);
      timer = setTimeout(resolve, Math.min(ms, longestTimeoutMs));
    });
    clearTimeout(timer);
    return this.exited;
  }
}

export function toExit(notification: Notification, systemId: string): SystemExit {
  const { status, data } = notification;
  const document = parseDocument(data ?? null);
  const exitType = (document as { ExitType?: unknown } | null | undefined)?.ExitType;
  const result = resultOf(document);
  return {
    status,
    attribution: result.attribution,
    ...(typeof exitType === 'string' && { exitType }),
    ...(failed(status) && { error: hostError({ operation: 'SystemExited', systemId, status, ...result }) }),
  };
}

export function disconnected(systemId: string): HcsError {
  return hostError({ operation: 'ServiceDisconnect', systemId, status: serviceDisconnect });
}
