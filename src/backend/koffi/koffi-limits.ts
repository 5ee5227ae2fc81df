/**
 * What the backend koffi cannot do. The tests ask this table where it behaves differently from the addon.
 *
 * @module
 */

/** What the backend `koffi` does not do as the addon does, each with its reason. See docs/backends.md. */
export const koffiLimits = {
  workerThreads:
    'a thread that is terminated leaves the host a callback into an environment that is gone, and the process crashes',
  hungCalls:
    'calls run on the threads of libuv, 4 in a process or as many as UV_THREADPOOL_SIZE says, of which a host takes all ' +
    'but one: when so many hang in the host, the calls behind them wait',
  givenUpCalls:
    'a call inside the host keeps Node running until the host returns, as all work on a thread of libuv does',
  busyLoop:
    'JavaScript begins the next call, and registers the callback of what a call has opened: while it is busy, they wait',
  notifications:
    'the thread of the host waits until JavaScript has taken its notification: none is lost, and none becomes an ' +
    'Overflow, but a program that is busy holds the host up',
  processEnd:
    'Node waits at its end for the threads of libuv, and frees what the callbacks need: with something open in the host ' +
    'the process leaves without that, closes no handle, and writes no coverage',
} as const;

/** A name of {@link koffiLimits}. */
export type KoffiLimit = keyof typeof koffiLimits;
