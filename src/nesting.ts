/**
 * How deep JSON may be nested: what has been parsed is walked, compared and renamed by recursion.
 *
 * @module
 */

/** No document of a host comes near it. */
export const deepestNesting = 500;

/** Whether a JSON text is nested too deep. Counts brackets outside of strings. */
export function isTooDeep(text: string, deepest: number = deepestNesting): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (character === '"') at = endOfString(text, at) - 1;
    else if (character === '[' || character === '{') depth++;
    else if (character === ']' || character === '}') depth--;
    if (depth > deepest) return true;
  }
  return false;
}

/** What is after the string that begins at a quote. */
export function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"') return at + 1;
  }
  return text.length;
}
