/**
 * How a system or process comes to be open here: by create or by open, watched from before anyone can hear of it, and
 * given back whenever the caller does not get it.
 *
 * @module
 */
import type { CallableName, Completion, HandleKind, Input, OpenHandle, Output } from '../backend/backend.js';
import type { Subject } from '../errors/errors.js';
import { HcsError, hostError } from '../errors/errors.js';
import { Subscription } from './events.js';
import type { Host } from './host.js';
import { failureOf, perform } from './operation.js';
import { failed } from '../errors/result-codes.js';
import type { Session } from './session.js';
import type { OperationOptions } from './options.js';

/** Options of the calls that find or make a system. */
export interface HostOptions extends OperationOptions {
  /** The host to ask; default {@link defaultHost}. */
  readonly host?: Host;
}

/** What a system or process is made of. */
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
  HcsCreateProcess: { kind: 'Process', output: 'process', creates: true },
  HcsOpenProcess: { kind: 'Process', output: 'process', creates: false },
} as const satisfies Partial<Record<CallableName, object>>;

const registrations = {
  System: 'HcsRegisterComputeSystemCallback',
  Process: 'HcsRegisterProcessCallback',
} as const;

export type OpeningFunction = keyof typeof openings;

/** A call that opens a handle, and what is made of that. */
export interface OpeningCall<F extends OpeningFunction, T> {
  readonly session: Session;
  readonly name: F;
  readonly input: Input<F>;
  readonly subject: Subject;
  readonly options: OperationOptions;
  /** In the same turn as the completion, so that what the host says next finds it. What it throws ends what was opened. */
  readonly make: (opened: Opened, outputs: Output<F>) => T;
  /** What else the call has brought, when nobody gets it. */
  readonly discard?: (outputs: Output<F>) => void;
}

export async function openHandle<F extends OpeningFunction, T>(opening: OpeningCall<F, T>): Promise<T> {
  const { session, name, input, subject, options, make, discard } = opening;
  const { kind, output, creates } = openings[name];
  const subscription = new Subscription();
  const handleOf = ({ outputs }: Completion<F>): OpenHandle | null =>
    (outputs as Record<string, unknown>)[output] as OpenHandle | null;
  const site = session.accounts.site();
  let watch = 0;
  let made: { readonly value: T } | { readonly error: unknown } | undefined;

  const giveBack = (completion: Completion<F>): void => {
    session.unsubscribe(watch);
    discard?.(completion.outputs);
    const handle = handleOf(completion);
    if (handle !== null) session.accounts.opened(handle, kind, subject, site);
    if (handle !== null) session.giveBack({ kind, handle }, creates);
  };
  const ended = (completion: Completion<F>): void => {
    const handle = handleOf(completion);
    if (handle === null || openFailure(name, subject, completion, handle) !== undefined) {
      giveBack(completion);
      return;
    }
    session.accounts.opened(handle, kind, subject, site);
    try {
      made = { value: make({ session, kind, handle, subscription, subject }, completion.outputs) };
      session.openLater(subscription);
    } catch (error) {
      made = { error };
      session.unsubscribe(watch);
      session.giveBack({ kind, handle }, creates);
    }
  };
  const completion = await perform<F>({
    session,
    name,
    input,
    subject,
    options,
    subscription,
    begun(id) {
      watch = id;
      session.subscribe(id, subscription);
    },
    opening: { ended, late: giveBack },
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
  return new HcsError(`${name} of system "${subject.systemId}": the host reported success but gave no handle`, {
    code: 'ERR_HC_HANDLE',
    operation: name,
    ...subject,
    remedy: 'Restart the host service.',
  });
}
