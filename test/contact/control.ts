// What steers the simulated host on which a recording is played, by the backend that makes the calls: its answers come after what
// was notified before them.
import { setImmediate as turn } from 'node:timers/promises';

import type { Backend } from '#dist/backend/backend.js';

/** The answer to a request. */
export async function control(backend: Backend, request: object): Promise<string | null> {
  const answer = await new Promise<string | null>((settled) => {
    backend.call(
      'simulator.HcSimulatorControl',
      { request: JSON.stringify(request) },
      { settle: ({ outputs }) => settled(outputs.response) },
    );
  });
  await turn();
  return answer;
}

/** Whether the simulated host has nothing left to do, or has not in this time; its notifications are here then. */
export async function isQuiet(backend: Backend, timeoutMs: number): Promise<boolean> {
  const nothing = { CallsInside: 0, Undelivered: 0, Scheduled: 0, Programs: 0 };
  const answer = await control(backend, { Await: { ...nothing, TimeoutMs: timeoutMs } });
  return (JSON.parse(answer ?? '{}') as { Reached?: boolean }).Reached === true;
}
