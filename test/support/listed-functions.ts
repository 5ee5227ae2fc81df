import { readFileSync } from 'node:fs';

/** How many functions of hosts native/abi lists, without the control of the simulated one. */
export function listedFunctions(): number {
  const list = readFileSync('native/abi/functions.def', 'utf8');
  return [...list.matchAll(/^HC_(FUNCTION|RETURNS)\((?!simulator)/gm)].length;
}
