/** Why an entry is not taken. Who reads the archive knows the entry, and makes a `LayerError` of it. */
export class Refusal extends Error {
  readonly remedy: string;
  /** Another entry than the one at hand; `null` when it is about the layer as a whole. */
  readonly entry: string | null | undefined;

  static {
    this.prototype.name = 'Refusal';
  }

  /** @param reason - the rest of a sentence that begins with the entry */
  constructor(reason: string, remedy: string, entry?: string | null) {
    super(reason);
    this.remedy = remedy;
    this.entry = entry;
  }
}

/** The remedy where nothing but another archive helps. */
export const rebuild = 'Build the layer again with a tool for Windows images.';
/** The remedy where what arrived is not what was sent. */
export const fetchAgain = 'Fetch the layer again, and pass its digest as verify.digest to see where it breaks.';
