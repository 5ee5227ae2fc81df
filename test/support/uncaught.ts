/** What is thrown while this runs where nobody catches it, in place of the end of the process. */
export async function uncaughtBy(work: () => Promise<unknown>): Promise<string[]> {
  const thrown: string[] = [];
  const before = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  process.on('uncaughtException', (error) => thrown.push(String(error)));
  try {
    await work();
  } finally {
    process.removeAllListeners('uncaughtException');
    for (const listener of before) process.on('uncaughtException', listener);
  }
  return thrown;
}
