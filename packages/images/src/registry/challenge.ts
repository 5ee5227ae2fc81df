/**
 * What a host says that has to be shown before it answers: the header WWW-Authenticate.
 *
 * @module
 */

export interface Challenge {
  /** In small letters: `bearer`, `basic`. */
  readonly scheme: string;
  /** By their names in small letters. */
  readonly parameters: ReadonlyMap<string, string>;
}

const token = /[!#$%&'*+.^_`|~0-9A-Za-z-]+/y;
const equals = /[ \t]*=[ \t]*/y;
const quotedText = /"((?:[^"\\]|\\.)*)"/sy;
const between = /[ \t,]*/y;
const token68 = /[ \t]+[A-Za-z0-9._~+/-]+=*(?=[ \t]*(?:,|$))/y;

/** Several challenges may be in one header. What follows something malformed is left out. */
export function parseChallenges(header: string): Challenge[] {
  const challenges: { scheme: string; parameters: Map<string, string> }[] = [];
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const match = pattern.exec(header);
    if (match !== null) at = pattern.lastIndex;
    return match;
  };
  while (at < header.length) {
    take(between);
    const name = take(token)?.[0].toLowerCase();
    if (name === undefined) break;
    if (take(equals) === null) {
      challenges.push({ scheme: name, parameters: new Map() });
      take(token68);
      continue;
    }
    const quoted = take(quotedText)?.[1]?.replace(/\\(.)/gs, '$1');
    const value = quoted ?? take(token)?.[0];
    if (value === undefined) break;
    challenges.at(-1)?.parameters.set(name, value);
  }
  return challenges;
}
