// The last check, where it was asked for: a tiny system is made, started and terminated. It has no disk and no network, and whatever
// happens it ends with its handle (`ShouldTerminateOnLastHandleClosed`).
import { randomUUID } from 'node:crypto';

import { HcsAbortError } from '../errors/errors.js';
import { messageOf } from '../errors/received.js';
import type { Host } from '../host/host.js';
import { remaining } from '../host/waits/deadlines.js';
import { ComputeSystem } from '../system/compute-system.js';
import type { CheckResult, Evidence, Finding, Goal } from './check.js';
import { goals as allGoals } from './check.js';
import { errorAnswer } from './error-answer.js';

/** Milliseconds for all steps, and for undoing them. */
const probeMs = 30_000;
const undoMs = 2000;

export const probeCheck = {
  id: 'probe',
  title: 'a system of its own',
  goals: allGoals,
  rule:
    'For virtual machines: one with 64 MB and without a disk is made, started and terminated. A system of process isolation needs the layers of ' +
    'an image: for those goals the systems are listed, so that HCS has answered.',
  source: 'docker/sbx-releases#179: all checks pass, and no system starts',
  date: '2026-08-23',
};

const document = {
  Owner: 'hostcompute-doctor',
  SchemaVersion: { Major: 2, Minor: 1 },
  ShouldTerminateOnLastHandleClosed: true,
  VirtualMachine: {
    StopOnReset: true,
    Chipset: { Uefi: {} },
    ComputeTopology: { Memory: { SizeInMB: 64, AllowOvercommit: true }, Processor: { Count: 1 } },
  },
};

const ofMachines: readonly Goal[] = ['hyperv', 'vm', 'lcow'];

/** Rejects with an {@link HcsAbortError} only. */
export async function probe(
  open: () => Promise<Host>,
  goals: readonly Goal[],
  signal: AbortSignal | undefined,
): Promise<CheckResult> {
  const begun = performance.now();
  const evidence: Evidence[] = [];
  const machines = goals.filter((goal) => ofMachines.includes(goal));
  const isOfMachine = machines.length > 0;
  const step = async <Value>(asked: string, act: (limits: Limits) => Promise<Value>): Promise<Value> => {
    const limits = remaining({ timeoutMs: probeMs, ...(signal !== undefined && { signal }) }, begun);
    try {
      const value = await act(limits);
      evidence.push({ asked, answer: { value: 'done' } });
      return value;
    } catch (error) {
      evidence.push({ asked, answer: errorAnswer(error, asked) });
      throw error;
    }
  };
  const finding = await found(isOfMachine, open, step).catch((error: unknown) => refused(error, evidence));
  const { id, title } = probeCheck;
  const ms = Math.round((performance.now() - begun) * 10) / 10;
  const result = { id, title, goals: allGoals, docs: `docs/doctor.md#${id}`, evidence, ms };
  return { ...result, ...finding, blocks: finding.outcome !== 'problem' ? [] : isOfMachine ? machines : goals };
}

type Limits = ReturnType<typeof remaining>;
type Step = <Value>(asked: string, act: (limits: Limits) => Promise<Value>) => Promise<Value>;

async function found(isOfMachine: boolean, open: () => Promise<Host>, step: Step): Promise<Finding> {
  const host = await step('probe open', open);
  if (!isOfMachine) {
    await step('probe list', (limits) => ComputeSystem.list({}, { host, ...limits }));
    return { outcome: 'ok', note: 'HCS answers; process isolation cannot be tried without the layers of an image' };
  }
  const id = `hostcompute-doctor-${randomUUID()}`;
  const system = await step('probe create', (limits) => ComputeSystem.create(id, document, { host, ...limits }));
  try {
    await step('probe start', (limits) => system.start(limits));
    await step('probe terminate', (limits) => system.terminate(limits));
  } finally {
    await undo(system);
  }
  return { outcome: 'ok', note: 'a virtual machine was made, started and terminated' };
}

/** What does not end in time ends with its handle, when the call that is inside the host has returned. */
async function undo(system: ComputeSystem): Promise<void> {
  await system.terminate({ timeoutMs: undoMs }).catch(() => undefined);
  await system.close({ timeoutMs: undoMs }).catch(() => undefined);
}

function refused(error: unknown, evidence: readonly Evidence[]): Finding {
  if (error instanceof HcsAbortError) throw error;
  const at = evidence.at(-1)?.asked.split(' ')[1] ?? 'open';
  const { remedy = 'Look at the problems of the other checks, and at the event log Hyper-V-Compute of Windows.' } =
    error as { readonly remedy?: string };
  return { outcome: 'problem', cause: `It failed at ${at}: ${messageOf(error)}`, remedy };
}
