/**
 * What the transport and the policy say to each other: who calls, what is called, and what is decided.
 *
 * @module
 */
export type { Caller, Completed, Decision, HostCall, RemoteCall } from 'hostcompute/remote';

/** Whether a status is one of success, or says that the call goes on. */
export function succeeded(status: number): boolean {
  const code = status >>> 0;
  return code < 0x80000000 || code === 0xc0370103;
}
