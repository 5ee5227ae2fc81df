// Not that of a test that stops time.
const now = performance.now.bind(performance);

/**
 * Has turns until `done`. What comes by way of other threads has no limit of its own, so this one is where nobody would wait
 * any more: a test that runs into it has failed.
 */
export async function eventually(turn: () => Promise<unknown>, done: () => boolean): Promise<boolean> {
  const end = now() + 20_000;
  while (!done() && now() < end) await turn();
  return done();
}
