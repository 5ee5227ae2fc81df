/**
 * The computecore dialect: a backend that makes the calls of vmcompute.dll by computecore.dll. What differs between the two is
 * known here, and for handles and operations in native/core; everything above sees one API, that of vmcompute. Only the
 * numbers of notifications stay the host's own.
 *
 * @module
 */
import type {
  Backend,
  CallableKey,
  Caller,
  Completion,
  FunctionKey,
  HandleKind,
  Input,
  OpenBackend,
  OpenHandle,
  RawNotification,
  Sink,
} from './backend.js';
import { Ending } from './backend.js';
import type { ApiChoice, Translation } from './computecore-functions.js';
import { byKey, computecoreNames, needed } from './computecore-functions.js';
import { failed } from './status.js';

type AnyCompletion = Completion<CallableKey>;
type Values = Readonly<Record<string, unknown>>;

const disconnected = 0x02000000;
const vmcomputeDisconnected = 0x01000000;

const pending = 0xc0370103;
/** `E_INVALIDARG`. */
const invalidArgument = 0x80070057;

// An event has a document; the status of an exit is in it, and beside it in vmcompute.dll.
function withStatus(event: RawNotification): RawNotification {
  if (event.type !== 1 || event.data === null) return event;
  try {
    const { Status } = JSON.parse(event.data) as { Status?: unknown };
    return Number.isInteger(Status) ? { ...event, status: (Status as number) >>> 0 } : event;
  } catch {
    return event;
  }
}

/** A completion in the form in which vmcompute.dll completes. */
function translated({ payload, creates }: Translation, completion: AnyCompletion): AnyCompletion {
  const { ending, notification } = completion;
  if (ending !== Ending.notified || notification === undefined) {
    // It had no operation, or that has not come to an end.
    const { result = null, ...others } = completion.outputs as Values & { readonly result?: string | null };
    return { ...completion, outputs: outputsOf(others, payload, completion.status, result) };
  }
  const { type, status, data } = notification;
  if (type === disconnected) {
    return { ...completion, status: pending, notification: { ...notification, type: vmcomputeDisconnected } };
  }
  // The exit, which these calls end with.
  if (type !== 0) return { ...completion, status: pending, notification: withStatus(notification) };
  const outputs = outputsOf(completion.outputs, payload, status, data);
  if (creates && !failed(completion.status)) return { ...completion, status: pending, outputs };
  return { ...completion, status, ending: Ending.returned, notification: undefined, outputs };
}

// One document, whose meaning depends on the status.
function outputsOf(others: Values, payload: string | undefined, status: number, document: string | null): never {
  const isPayload = payload !== undefined && !failed(status);
  return {
    ...others,
    ...(payload !== undefined && { [payload]: isPayload ? document : null }),
    result: isPayload ? null : document,
  } as never;
}

class ComputecoreBackend implements Backend {
  readonly #inner: Backend;

  constructor(inner: Backend) {
    this.#inner = inner;
  }

  get name(): Backend['name'] {
    return this.#inner.name;
  }
  get present(): ReadonlySet<FunctionKey> {
    return this.#inner.present;
  }
  get threads(): number {
    return this.#inner.threads;
  }
  get callsInFlight(): number {
    return this.#inner.callsInFlight;
  }

  readonly notificationType = computecoreNames.notificationType;
  readonly exportOf = computecoreNames.exportOf;

  has(key: FunctionKey): boolean {
    return this.#inner.has(this.exportOf(key));
  }

  problemOf(key: FunctionKey): string | undefined {
    return this.#inner.problemOf(this.exportOf(key));
  }

  call<F extends CallableKey>(key: F, input: Input<F>, caller: Caller<Completion<F>>, paired?: boolean): number {
    const translation = byKey.get(key);
    if (translation === undefined) return this.#inner.call(key, input, caller, paired);
    const settle = (completion: AnyCompletion): void => caller.settle(translated(translation, completion));
    const translatedCaller: Caller<AnyCompletion> = {
      settle: (completion) => {
        if (!this.#askForInformation(translation, completion, settle)) settle(completion);
      },
    };
    const given = { ...input, ...translation.more } as never;
    return this.#inner.call(translation.key, given, translatedCaller, paired);
  }

  // A process may have been created at once, before there was an operation to follow: its result is then a refusal although
  // there is a handle. Only then is the process asked, as one that has exited would refuse that.
  #askForInformation(
    { key }: Translation,
    completion: AnyCompletion,
    settle: (completion: AnyCompletion) => void,
  ): boolean {
    const { notification, outputs, registration } = completion as Completion<'computecore.HcsCreateProcess'>;
    if (key !== 'computecore.HcsCreateProcess' || notification?.status !== invalidArgument || failed(registration)) {
      return false;
    }
    const { process } = outputs;
    if (process === null) return false;
    this.#inner.call(
      'computecore.HcsGetProcessInfo',
      { process },
      {
        settle: (asked) => {
          const isTold = asked.notification?.status === 0;
          // The first error is the one that counts.
          settle(
            isTold
              ? { ...completion, notification: asked.notification, outputs: { ...outputs, ...asked.outputs } as never }
              : completion,
          );
        },
      },
    );
    return true;
  }

  close(kind: HandleKind, handle: OpenHandle, caller: Caller<number>, discard?: boolean, collected?: boolean): number {
    return this.#inner.close(kind, handle, caller, discard, collected);
  }
  release(call: number): void {
    this.#inner.release(call);
  }
  cancel(call: number, watch: number): void {
    this.#inner.cancel(call, watch);
  }
  abandon(call: number, watch: number): void {
    this.#inner.abandon(call, watch);
  }
  hold(): void {
    this.#inner.hold();
  }
  unhold(): void {
    this.#inner.unhold();
  }
  end(): void {
    this.#inner.end();
  }
}

/** Opens backends that make their calls by the library that is chosen, of a host without the functions in `lacking`. */
export function withApi(open: OpenBackend, api: ApiChoice, lacking: readonly FunctionKey[] = []): OpenBackend {
  if (api === 'vmcompute') return open;
  return (libraries, sink, options) => {
    // Known when the host is open, and before it says anything.
    let isComputecore = false;
    // Notifications keep the numbers of the host; the status of an exit is where vmcompute.dll has it.
    const translatedSink: Sink = {
      notification: (watch, event) => sink.notification(watch, isComputecore ? withStatus(event) : event),
      overflow: (watch, count) => sink.overflow(watch, count),
      delivered: () => sink.delivered(),
    };
    const inner = open(libraries, translatedSink, options);
    const missing = needed.find((key) => lacking.includes(key) || !inner.has(key));
    isComputecore = missing === undefined;
    if (missing === undefined) return new ComputecoreBackend(inner);
    if (api === 'auto') return inner;
    const problem = inner.problemOf(missing) ?? `it does not export ${missing.slice(missing.indexOf('.') + 1)}`;
    inner.end();
    throw new Error(`computecore.dll cannot be used: ${problem}`);
  };
}
