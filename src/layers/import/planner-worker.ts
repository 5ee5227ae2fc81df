// The thread that plans: it may wait for the addon and for files, so that nothing of it delays the caller. One import after the
// other.
import { parentPort } from 'node:worker_threads';

import { loadAddon } from '../../backend/load.js';
import { asFailure } from './import-failure.js';
import { PortableForm } from './forms/portable-form.js';
import type { LayerForm } from './forms/layer-form.js';
import type { FromPlanner, PlannerTask, ToPlanner } from './import-task.js';
import { Plan } from './plan.js';
import { planLayer } from './plan-layer.js';

// So that the thread can be ended while the archive is slow.
const waitMs = 50;

const owner = parentPort!;
const post = (message: FromPlanner): void => owner.postMessage(message);
let form: LayerForm | undefined;

async function begin(task: PlannerTask): Promise<FromPlanner> {
  const native = new (loadAddon().UnpackPlanner)(task.unpack);
  const plan = new Plan(native);
  // Elsewhere the thread has no need for the modules of Windows.
  const windows = task.isWindows ? await import('./forms/windows-form.js') : undefined;
  form = windows === undefined ? new PortableForm(task, plan) : new windows.WindowsForm(task, plan);
  const work = planLayer(task, form, { native, plan, waitMs }, (entries) => post({ kind: 'progress', entries }));
  for (;;) {
    const next = work.next();
    if (next.done === true) return next.value;
  }
}

function apply({ root, pending }: ToPlanner & { readonly kind: 'apply' }): FromPlanner {
  form!.apply(pending, root);
  return { kind: 'applied' };
}

async function answer(message: ToPlanner): Promise<FromPlanner> {
  try {
    return message.kind === 'begin' ? await begin(message.task) : apply(message);
  } catch (error) {
    return { kind: 'failed', failure: asFailure(error, undefined) };
  }
}

owner.on('message', (message: ToPlanner) => void answer(message).then(post));
