/**
 * Texts of callers, of archives and of hosts in messages: a long one is shortened.
 *
 * @module
 */

/** A name or a path that is longer is no help to a reader. */
const longestName = 500;
/** No message is longer, whatever it quotes: what a host says has its place, a text of a megabyte has none. */
export const longestMessage = 8192;

/** A text as a message has it: of a long one the beginning, the end, and how much is between them. */
export function shortened(text: string, longest: number = longestName): string {
  if (text.length <= longest) return text;
  const kept = longest / 2;
  return `${text.slice(0, kept)}[${text.length - 2 * kept} characters]${text.slice(-kept)}`;
}

/** The same in quotes, with what cannot be printed escaped. */
export function quoted(text: string): string {
  return JSON.stringify(shortened(text));
}
