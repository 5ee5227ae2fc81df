/**
 * How a handle of a system, a process or something of networks is opened, by create or by open: with its callback registered
 * before any notification can be missed, and closed again whenever the caller does not get it.
 *
 * @module
 */
import type {
  CallableName,
  Completion,
  FunctionName,
  HandleKind,
  Input,
  OpenHandle,
  OperationExtras,
  Output,
} from '../backend/backend.js';
import type { Subject } from '../errors/errors.js';
import { describeOperation, HcsError, hostError } from '../errors/errors.js';
import type { Host } from './host.js';
import { failureOf, perform } from './operation.js';
import { failed } from '../errors/result-codes.js';
import type { OperationOptions } from './operation-options.js';
import type { Session } from './session.js';
import { Subscription } from './subscription.js';

/** Options of the operations that are not on an open system. */
export interface HostOptions extends OperationOptions {
  /** The host to use; default `defaultHost()`. */
  readonly host?: Host;
}

/** A handle that has been opened, and what a system or process is made of it with. */
export interface Opened {
  readonly session: Session;
  readonly kind: HandleKind;
  readonly handle: OpenHandle;
  readonly subscription: Subscription;
  readonly subject: Subject;
}

const openings = {
  HcsCreateComputeSystem: { kind: 'System', output: 'computeSystem', creates: true },
  HcsOpenComputeSystem: { kind: 'System', output: 'computeSystem', creates: false },
  HcsCreateComputeSystemInNamespace: { kind: 'System', output: 'computeSystem', creates: true },
  HcsOpenComputeSystemInNamespace: { kind: 'System', output: 'computeSystem', creates: false },
  HcsCreateProcess: { kind: 'Process', output: 'process', creates: true },
  HcsOpenProcess: { kind: 'Process', output: 'process', creates: false },
  HcnRegisterServiceCallback: { kind: 'ServiceRegistration', output: 'callbackHandle', creates: false },
  HcnCreateGuestNetworkService: { kind: 'GuestNetworkService', output: 'service', creates: true },
  HcnOpenGuestNetworkService: { kind: 'GuestNetworkService', output: 'service', creates: false },
  HcnReserveGuestNetworkServicePort: { kind: 'PortReservation', output: 'portReservation', creates: false },
  OpenVirtualDisk: { kind: 'VirtualDisk', output: 'disk', creates: false },
  CreateVirtualDisk: { kind: 'VirtualDisk', output: 'disk', creates: false },
  OpenDrive: { kind: 'VirtualDisk', output: 'drive', creates: false },
  HcnReserveGuestNetworkServicePortRange: { kind: 'PortReservation', output: 'portReservation', creates: false },
} as const satisfies Partial<Record<CallableName, object>>;

const registrations = {
  System: 'HcsRegisterComputeSystemCallback',
  Process: 'HcsRegisterProcessCallback',
  GuestNetworkService: 'HcnRegisterGuestNetworkServiceCallback',
  // These have no callback besides: what opens them is all.
  ServiceRegistration: 'HcnRegisterServiceCallback',
  PortReservation: 'HcnReserveGuestNetworkServicePort',
  VirtualDisk: 'OpenVirtualDisk',
} as const satisfies Readonly<Record<HandleKind, CallableName | FunctionName>>;

export type OpeningFunction = keyof typeof openings;

/** A call that opens a handle, and what is made of the handle. */
export interface OpeningCall<F extends OpeningFunction, T> {
  readonly session: Session;
  readonly name: F;
  readonly input: Input<F>;
  readonly subject: Subject;
  readonly options: OperationOptions;
  /** What goes with its operation. */
  readonly operation?: OperationExtras | undefined;
  /** Called in the same turn as the completion, before the next notification. If it throws, the handle is closed. */
  readonly make: (opened: Opened, outputs: Output<F>) => T;
  /** Releases the other outputs of the call when the caller does not get them. */
  readonly discard?: (outputs: Output<F>) => void;
  /** Called when a handle that the caller does not get has been closed. */
  readonly closed?: () => void;
  /** The names of notifications; default those of the compute service. */
  readonly nameOf?: (number: number) => string;
}

/** Makes the call, and fulfils with what `make` returns for the handle. */
export async function openHandle<F extends OpeningFunction, T>(opening: OpeningCall<F, T>): Promise<T> {
  const { session, name, input, subject, options, make, discard, closed, nameOf, operation } = opening;
  const { kind, output, creates } = openings[name];
  const subscription = new Subscription(subject, nameOf ?? session.backend.notificationType);
  const handleOf = ({ outputs }: Completion<F>): OpenHandle | null =>
    (outputs as Record<string, unknown>)[output] as OpenHandle | null;
  const site = session.resources.callSite();
  let watch = 0;
  let made: { readonly value: T } | { readonly error: unknown } | undefined;

  const release = (completion: Completion<F>): void => {
    session.dispatcher.unsubscribe(watch);
    discard?.(completion.outputs);
    const handle = handleOf(completion);
    if (handle !== null) session.resources.opened(handle, kind, subject, site);
    if (handle !== null) session.closeUnowned({ kind, handle }, creates, false, closed);
  };
  const completed = (completion: Completion<F>): void => {
    const handle = handleOf(completion);
    if (handle === null || openFailure(name, subject, completion, handle) !== undefined) {
      release(completion);
      return;
    }
    session.resources.opened(handle, kind, subject, site);
    try {
      made = { value: make({ session, kind, handle, subscription, subject }, completion.outputs) };
      session.dispatcher.openSoon(subscription);
    } catch (error) {
      made = { error };
      session.dispatcher.unsubscribe(watch);
      session.closeUnowned({ kind, handle }, creates, false, closed);
    }
  };
  const completion = await perform<F>({
    session,
    name,
    input,
    subject,
    options,
    operation,
    subscription,
    started(id) {
      watch = id;
      session.dispatcher.subscribe(id, subscription);
    },
    opening: { completed, completedLate: release },
  });
  if (made === undefined) throw openFailure(name, subject, completion, handleOf(completion))!;
  if ('error' in made) throw made.error;
  return made.value;
}

function openFailure<F extends OpeningFunction>(
  name: F,
  subject: Subject,
  completion: Completion<F>,
  handle: OpenHandle | null,
): HcsError | undefined {
  const { registration } = completion;
  const failure = failureOf({ name, subject }, completion);
  if (failure !== undefined) return failure;
  const { kind } = openings[name];
  if (failed(registration)) return hostError({ operation: registrations[kind], ...subject, status: registration });
  if (handle !== null) return undefined;
  return new HcsError(
    `${describeOperation({ operation: name, ...subject })}: the host reported success but returned no handle`,
    {
      code: 'ERR_HC_HANDLE',
      operation: name,
      ...subject,
      remedy: 'Restart the host service.',
    },
  );
}
