import type { HostPolicy } from 'hostcompute/remote';

/** A policy that allows everything to everybody. */
export const allowing: HostPolicy = {
  connected: () => true,
  decide: () => ({ allow: {} }),
  completed: () => undefined,
  disconnected: () => [],
  notification: (_, text) => text,
};

/** The policy that there is when it is asked. */
export function policyNow(now: () => HostPolicy): HostPolicy {
  return {
    connected: (...given) => now().connected(...given),
    decide: (...given) => now().decide(...given),
    completed: (...given) => now().completed(...given),
    disconnected: (...given) => now().disconnected(...given),
    notification: (...given) => now().notification(...given),
  };
}
