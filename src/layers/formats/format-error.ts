/** Bytes or a text that are not what their format allows. The message is the reason; who reads knows the name of the entry. */
export class FormatError extends Error {
  static {
    this.prototype.name = 'FormatError';
  }
}
