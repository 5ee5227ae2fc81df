// What a tar cannot carry.

/** What of an entry the tar does not have, or has in another form. */
export interface LayerLoss {
  /** With slashes, such as `Files/app/a.txt`. */
  readonly entry: string;
  /** `objectId`, `sparseLayout` ... */
  readonly what: LossKind;
  /** The rest of a sentence that begins with what it is. */
  readonly reason: string;
}

export type LossKind =
  | 'alternateStream'
  | 'compression'
  | 'data'
  | 'extendedAttribute'
  | 'extendedAttributeFlags'
  | 'file'
  | 'link'
  | 'objectId'
  | 'property'
  | 'reparseData'
  | 'reparsePoint'
  | 'sparseLayout'
  | 'tombstone'
  | 'transaction';

/** Thrown for an entry that is left out as a whole: the export goes on after it. */
export class LeftOut extends Error {
  readonly what: LossKind;

  /** @param reason - as in {@link LayerLoss} */
  constructor(what: LossKind, reason: string) {
    super(reason);
    this.what = what;
  }
}

/** What was not exported, in the order of the tar. */
export class Losses {
  /** The first of them. */
  readonly first: LayerLoss[] = [];
  count = 0;

  add(entry: string, what: LossKind, reason: string): void {
    this.count += 1;
    if (this.first.length < mostListed) this.first.push({ entry, what, reason });
  }
}

/** How many losses are listed; a compressed layer has one per file. */
export const mostListed = 1000;
