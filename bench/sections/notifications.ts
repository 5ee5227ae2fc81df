// (c) notifications
import type { Effort } from '../support/bench.js';
import { repeat, spread, trial } from '../support/bench.js';

export function notifications({ rounds }: Effort): void {
  const runs = repeat(rounds, () => trial('notifications', 1_000_000).trim().split(' ').map(Number));
  const perSecond = (column: number): string => spread(runs.map((round) => (round[column] ?? NaN) / 1e6));
  console.log('\n(c) Notifications delivered to one listener, millions per second');
  console.log(`without data ${perSecond(0)}, with data ${perSecond(1)}`);
}
