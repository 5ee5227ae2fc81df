/**
 * What stands at the end of a text. `/x+$/` takes the square of the length of a run of x that is not at the end.
 *
 * @module
 */

/** The text without the characters at its end that are among `characters`. */
export function withoutTrailing(text: string, characters: string): string {
  let end = text.length;
  while (end > 0 && characters.includes(text[end - 1]!)) end--;
  return text.slice(0, end);
}
