/**
 * What goes wrong with a registry, as errors.
 *
 * @module
 */
import { ImageError } from '../image-error.js';

/** Something that may not happen when the request is made again. */
export class Interruption extends Error {
  /** What it becomes where it happens too often. */
  readonly failure: ImageError;
  /** How long the host asks to wait. */
  readonly waitMs: number | undefined;
  /** It would happen again at once: nobody is there. */
  readonly lasting: boolean;

  constructor(failure: ImageError, { waitMs, lasting = false }: { waitMs?: number; lasting?: boolean } = {}) {
    super(failure.message, { cause: failure });
    this.failure = failure;
    this.waitMs = waitMs;
    this.lasting = lasting;
  }
}

/** Nothing has come for as long as is waited. */
export class IdleError extends Error {
  constructor() {
    super('nothing has come for as long as is waited');
  }
}

/** An error of the connection, which has many kinds. */
export function connectionFailure(host: string, cause: unknown): Interruption {
  const code = codeOf(cause);
  const [what, remedy, lasting] = explained(code, cause);
  const failure = registryError(`${host} ${what}`, remedy, cause);
  return new Interruption(failure, { lasting });
}

/** The registry answers what it should not. */
export function registryError(message: string, remedy: string, cause?: unknown): ImageError {
  return new ImageError(message, { code: 'ERR_HC_IMAGE_REGISTRY', remedy, cause });
}

/** Bytes are not what they should be. */
export function contentError(message: string, cause?: unknown): ImageError {
  const remedy = 'Pull again; if it stays so, the registry or a proxy on the way to it changes what it sends';
  return new ImageError(message, { code: 'ERR_HC_IMAGE_CONTENT', remedy, cause });
}

/** Text of a host, which may be anything, for a message. */
export function quoted(text: string): string {
  return text.slice(0, 200).replace(/[^\x20-\x7e]/g, '?');
}

function codeOf(error: unknown, depth = 0): string {
  if (!(error instanceof Error) || depth > 5) return '';
  const { code } = error as NodeJS.ErrnoException;
  if (typeof code === 'string') return code;
  return codeOf(error instanceof AggregateError ? error.errors[0] : error.cause, depth + 1);
}

function explained(code: string, error: unknown): [what: string, remedy: string, lasting: boolean] {
  const reason = error instanceof Error && error.message !== '' ? quoted(error.message) : code;
  if (error instanceof IdleError) {
    return ['sends nothing any more', 'Check the network, or allow more time by registry.idleMs', false];
  }
  if (code === 'ENOTFOUND') {
    return [`cannot be reached: ${reason}`, 'Check the name, and HTTPS_PROXY where a proxy leads there', true];
  }
  if (code === 'ECONNREFUSED') return [`cannot be reached: ${reason}`, 'Check that it runs, and its port', true];
  if (code === 'EPROTO' || code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'ERR_SSL_PACKET_LENGTH_TOO_LONG') {
    return ['does not speak https', 'Name registry.plainHttp if it is to be asked by http', true];
  }
  if (/CERT|ALTNAME|SELF_SIGNED|UNABLE_TO_|ERR_TLS/.test(code)) {
    const remedy = 'Trust its authority by NODE_EXTRA_CA_CERTS, or by ca in its hosts.toml';
    return [`cannot be trusted: ${reason}`, remedy, true];
  }
  return [`breaks the connection: ${reason}`, 'Check the network, and pull again', false];
}
