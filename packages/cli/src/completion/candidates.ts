/**
 * What can be typed where, as the scripts of shells have it.
 *
 * @module
 */
import type { CommandNode } from '../command-line/command-tree.js';

export interface Place {
  /** The words of the command that has been typed: `layers import`. */
  readonly path: string;
  /** Commands in it, and the words that its arguments may be. */
  readonly words: readonly string[];
  readonly options: readonly string[];
}

export interface Candidates {
  readonly places: readonly Place[];
  /** For options with a list of values, those. */
  readonly values: ReadonlyMap<string, readonly string[]>;
}

export function candidatesOf(program: CommandNode): Candidates {
  const all = withAll(program);
  const values = new Map<string, readonly string[]>();
  for (const { names, choices } of all.flatMap(({ options }) => options)) {
    if (choices.length === 0) continue;
    for (const name of names) values.set(name, [...new Set([...(values.get(name) ?? []), ...choices])]);
  }
  return { places: all.map(placeOf), values };
}

function withAll(node: CommandNode): readonly CommandNode[] {
  return [node, ...node.commands.flatMap(withAll)];
}

function placeOf({ words, commands, arguments: taken, options }: CommandNode): Place {
  const names = commands.map((each) => each.words.at(-1)!);
  return {
    path: words.join(' '),
    words: [...names, ...taken.flatMap(({ choices }) => choices)],
    options: options.flatMap((option) => option.names),
  };
}
