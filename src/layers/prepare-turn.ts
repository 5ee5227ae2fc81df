/**
 * One PrepareLayer at a time in this program: those that are made side by side time out in Windows.
 *
 * @module
 */
let last: Promise<void> = Promise.resolve();

/** A turn that comes when all before it are over. */
export interface Turn {
  readonly ready: Promise<void>;
  /** Lets the next one in, now or when this turn has come. */
  over(): void;
}

export function takeTurn(): Turn {
  const ready = last;
  let over!: () => void;
  const ended = new Promise<void>((resolve) => {
    over = resolve;
  });
  last = ready.then(() => ended);
  return { ready, over };
}
