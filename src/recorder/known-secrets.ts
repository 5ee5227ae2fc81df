/**
 * The secrets that a recording has met: each is redacted wherever it occurs later.
 *
 * @module
 */

// Of a longer one so much is looked for, and what follows it in a text is redacted with it: whatever the secrets are, each
// character of a text is looked at a bounded number of times.
const longestSought = 256;

/** Where a text may go on to be a secret, by its next character. */
interface Node {
  next?: Map<number, Node>;
  /** A secret ends here, for which this stands. */
  shown?: string;
}

/** All secrets, so that a text is searched once for all of them. */
export class KnownSecrets {
  readonly #root: Node = {};

  /** `shown` stands for the secret from here on. */
  add(secret: string, shown: string): void {
    let node = this.#root;
    for (let at = 0; at < Math.min(secret.length, longestSought); at++) {
      const code = secret.charCodeAt(at);
      const next: Node = node.next?.get(code) ?? {};
      (node.next ??= new Map()).set(code, next);
      node = next;
    }
    node.shown = shown;
  }

  get empty(): boolean {
    return this.#root.next === undefined;
  }

  /** The text with what stands for each secret: where several begin at one place, for the longest. */
  redact(text: string): string {
    if (this.empty) return text;
    let parts = '';
    let copied = 0;
    for (let at = 0; at < text.length;) {
      const found = this.#secretAt(text, at);
      if (found === undefined) {
        at++;
        continue;
      }
      parts += text.slice(copied, at) + found.shown;
      at = copied = found.end;
    }
    return copied === 0 ? text : parts + text.slice(copied);
  }

  #secretAt(text: string, start: number): { readonly end: number; readonly shown: string } | undefined {
    let found: { end: number; shown: string } | undefined;
    let node: Node | undefined = this.#root;
    for (let at = start; at < text.length; at++) {
      node = node.next?.get(text.charCodeAt(at));
      if (node === undefined) break;
      if (node.shown !== undefined) found = { end: at + 1, shown: node.shown };
    }
    if (found !== undefined && found.end - start === longestSought) found.end = text.length;
    return found;
  }
}
