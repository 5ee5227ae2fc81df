/**
 * What is thrown where there is nobody to catch it, and others wait.
 *
 * @module
 */

/** Makes the error an uncaught exception, as Node does for a listener that throws, and goes on. */
export function reportUncaught(error: unknown): void {
  process.nextTick(() => {
    throw error;
  });
}
