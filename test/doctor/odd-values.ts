// Answers that no machine gives, of any shape.
import type { Answer, Json } from 'hostcompute/doctor';

/** Numbers from 0 to 1 that follow from a seed. */
export function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const oddities: readonly Json[] = [
  ...[null, true, 0, -1, 1.5, 2 ** 53, 1e308, '', 'odd', '\u0000', '10.0.0.0/33', '::/0', '999.1.1.1/8', 'C:\\', '4'],
  ...[
    [],
    [null],
    [[]],
    {},
    { value: null },
    { length: 3 },
    { constructor: 1, toString: 2 },
    ['SeServiceLogonRight', 4],
  ],
];

const pick = <Item>(next: () => number, items: readonly Item[]): Item => items[Math.floor(next() * items.length)]!;

/** Another answer: an error, a hang, an oddity, or the right one with a part that is odd. */
export function oddValue(next: () => number, answer: Answer): Answer {
  const kind = next();
  if (kind < 0.1) return { error: pick(next, [0, 1, 2, 5, 87, 126, 740, 1060, 0x80070005, 0xffffffff]), call: 'x' };
  if (kind < 0.15) return { hung: 2000 };
  if (kind < 0.4 || !('value' in answer)) return { value: pick(next, oddities) };
  return { value: mangled(next, answer.value) };
}

function mangled(next: () => number, value: Json): Json {
  if (typeof value !== 'object' || value === null) return pick(next, oddities);
  const isOdd = (): boolean => next() < 0.3;
  if (Array.isArray(value)) return value.map((each: Json) => (isOdd() ? mangled(next, each) : each));
  const kept = Object.entries(value).filter(() => next() < 0.9);
  return Object.fromEntries(kept.map(([name, each]) => [name, isOdd() ? mangled(next, each) : each]));
}
