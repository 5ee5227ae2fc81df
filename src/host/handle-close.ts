/**
 * The close of a handle inside the host.
 *
 * @module
 */
import type { Caller, FunctionName, HandleKind, OpenHandle } from '../backend/backend.js';
import type { Subject } from '../errors/errors.js';
import type { OperationOptions } from './operation-options.js';
import { PendingWait } from './pending-call.js';
import type { Session } from './session.js';
import { closeFailed } from './session.js';
import type { Subscription } from './subscription.js';

/** The function that closes a handle of each kind. */
export const closingFunctions = {
  System: 'HcsCloseComputeSystem',
  Process: 'HcsCloseProcess',
  GuestNetworkService: 'HcnCloseGuestNetworkService',
  ServiceRegistration: 'HcnUnregisterServiceCallback',
  PortReservation: 'HcnReleaseGuestNetworkServicePortReservationHandle',
  VirtualDisk: 'CloseVirtualDisk',
} as const satisfies Readonly<Record<HandleKind, FunctionName>>;

/**
 * A close in flight. It is carried out once, whether or not anybody waits for it, and when the host is being closed as
 * well; one that failed may be started anew.
 */
export class HandleClose implements Caller<number> {
  readonly id: number;
  readonly kind: HandleKind;
  /** What the host returned, once it has. */
  status: number | undefined;
  readonly #session: Session;
  readonly #handle: OpenHandle;
  readonly #closed: () => void;
  readonly #waiting: Caller<number>[] = [];
  #isStuck = false;

  /** `closed` is called when the handle has been closed, also when nobody waits for that. */
  constructor(session: Session, kind: HandleKind, handle: OpenHandle, closed: () => void) {
    this.#session = session;
    this.#handle = handle;
    this.#closed = closed;
    this.kind = kind;
    this.id = session.backend.close(kind, handle, this);
  }

  settle(status: number): void {
    this.status = status;
    if (this.#isStuck) this.#session.stuckCalls--;
    if (!closeFailed(status)) {
      this.#session.resources.closed(this.#handle);
      this.#closed();
    }
    for (const caller of this.#waiting) caller.settle(status);
  }

  /** A wait for it timed out or was cancelled: it counts once, however many there are. */
  stuck(caller: Caller<number>): void {
    this.#waiting.splice(this.#waiting.indexOf(caller), 1);
    if (!this.#isStuck) this.#session.stuckCalls++;
    this.#isStuck = true;
  }

  /** Fulfilled with the status that the host returned. */
  wait(subject: Subject, subscription: Subscription, options: OperationOptions): Promise<number> {
    const waiting = new PendingClose(this.#session, this, subject, subscription, options);
    this.#waiting.push(waiting);
    return waiting.promise;
  }
}

class PendingClose extends PendingWait<number> {
  readonly #close: HandleClose;

  constructor(
    session: Session,
    close: HandleClose,
    subject: Subject,
    subscription: Subscription,
    options: OperationOptions,
  ) {
    super(session, closingFunctions[close.kind], subject, subscription, options);
    this.#close = close;
    // Whoever waits keeps Node running, also for a close whose first wait has timed out.
    session.backend.hold();
    this.start(close.id);
  }

  // Closes go on while the host is being closed. When it has ended, it has taken what is left of them with it.
  hostClosed(ended: boolean): void {
    if (ended) this.settle(0);
  }

  protected completed(): void {
    this.session.backend.unhold();
  }

  protected stopped(): void {
    this.#close.stuck(this);
    this.session.backend.unhold();
  }

  protected completedLate(): void {
    // It is not among those that wait any more.
  }
}
