/** Collects until `done`, giving finalizers their turns between. */
export async function collectUntil(done: () => boolean): Promise<void> {
  const collect = (globalThis as { gc?: () => void }).gc;
  if (collect === undefined) throw new Error('start Node with --expose-gc');
  for (let i = 0; i < 1000 && !done(); i++) {
    collect();
    await new Promise((resolve) => setImmediate(resolve));
  }
}
