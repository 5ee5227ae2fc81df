/**
 * What a registry is shown so that it answers: nothing, a name and a password, or a token that lasts a minute.
 *
 * @module
 */
import { ImageError } from '../image-error.js';
import { unlessAborted } from '../limits.js';
import type { Challenge } from './challenge.js';
import { parseChallenges } from './challenge.js';
import type { Connections } from './connections.js';
import type { FoundCredentials } from './credentials.js';
import type { Endpoint } from './endpoints.js';
import { quoted } from './failures.js';
import type { Token, TokenRequest } from './tokens.js';
import { basicOf, fetchToken } from './tokens.js';

/** Where a token comes from, and the token when it is there. */
interface Held {
  readonly request: TokenRequest;
  token: Promise<Token> | undefined;
}

export interface AuthorizerOptions {
  readonly endpoint: Endpoint;
  readonly repository: string;
  /** Of the image, for errors. */
  readonly name: string;
  readonly connections: Connections;
  /** Asks for them once. */
  readonly credentials: () => Promise<FoundCredentials>;
  /** Tokens are for all who ask: what ends them is the end of the source. */
  readonly closing: AbortSignal;
}

/** Of one host. It says nothing of itself before it is asked. */
export class Authorizer {
  readonly #options: AuthorizerOptions;
  #basic: string | undefined;
  #held: Held | undefined;

  constructor(options: AuthorizerOptions) {
    this.#options = options;
  }

  /** The header Authorization of a request, as far as it is known what it must be. */
  async header(signal: AbortSignal): Promise<string | undefined> {
    if (this.#held === undefined) return this.#basic;
    const { text } = await this.#token(this.#held, signal);
    return `Bearer ${text}`;
  }

  /**
   * Learns from an answer 401, so that `header()` gives something else than has been refused.
   *
   * @param shown - what the request had
   * @throws ImageError `ERR_HC_IMAGE_DENIED`: there is nothing else
   */
  async learn(shown: string | undefined, header: string | undefined, signal: AbortSignal): Promise<void> {
    const challenges = parseChallenges(header ?? '');
    const bearer = challenges.find(({ scheme, parameters }) => scheme === 'bearer' && parameters.has('realm'));
    if (bearer !== undefined) return this.#learnBearer(bearer, shown, signal);
    const { endpoint } = this.#options;
    if (!challenges.some(({ scheme }) => scheme === 'basic')) {
      const kinds = challenges.map(({ scheme }) => quoted(scheme)).join(', ');
      throw this.#denied(
        `${endpoint.host} wants a login of a kind that is not known: ${kinds === '' ? 'none' : kinds}`,
      );
    }
    const found = await unlessAborted(this.#options.credentials(), signal);
    if (found.credentials === undefined) throw this.denied(`${endpoint.host} wants a name and a password`, found);
    const basic = basicOf(found.credentials);
    if (basic === shown) throw this.denied(`${endpoint.host} does not take the credentials`, found);
    this.#held = undefined;
    this.#basic = basic;
  }

  /** An error with the reason why there are no credentials, if there is one. */
  denied(message: string, { from, problem }: FoundCredentials): ImageError {
    const reason = problem === undefined ? '' : `, and there are none: ${quoted(problem.message)}`;
    return this.#denied(`${message}${from === undefined ? '' : ` of ${from}`}${reason}`, problem);
  }

  #denied(message: string, cause?: Error): ImageError {
    const { host } = this.#options.endpoint;
    const login = host === 'docker.io' ? 'docker login' : `docker login ${host}`;
    const remedy = `Log in by "${login}", or name registry.credentials that may pull ${this.#options.repository}`;
    return new ImageError(message, { code: 'ERR_HC_IMAGE_DENIED', reference: this.#options.name, remedy, cause });
  }

  async #learnBearer({ parameters }: Challenge, shown: string | undefined, signal: AbortSignal): Promise<void> {
    const { endpoint, repository } = this.#options;
    const scopes = parameters
      .get('scope')
      ?.split(' ')
      .filter((scope) => scope !== '');
    const request = {
      realm: parameters.get('realm')!,
      service: parameters.get('service'),
      scopes: scopes === undefined || scopes.length === 0 ? [`repository:${repository}:pull`] : scopes,
    };
    const held = this.#held;
    if (held === undefined || !isSame(held.request, request)) {
      this.#held = { request, token: undefined };
      return;
    }
    const token = await this.#token(held, signal);
    // It may have been replaced since the request was made.
    if (shown !== `Bearer ${token.text}`) return;
    if (!token.used) {
      const found = await unlessAborted(this.#options.credentials(), signal);
      const whose = found.credentials === undefined ? 'a token without credentials' : 'the token that it has given';
      throw this.denied(`${endpoint.host} does not take ${whose}`, found);
    }
    held.token = undefined;
  }

  /** Marks the token of a request as good: the host has answered it. */
  async accepted(): Promise<void> {
    const token = await this.#held?.token?.catch(() => undefined);
    if (token !== undefined) token.used = true;
  }

  async #token(held: Held, signal: AbortSignal): Promise<Token> {
    const now = held.token;
    if (now !== undefined) {
      const token = await unlessAborted(now, signal);
      if (performance.now() < token.until) return token;
      // Of those who wait for one that has ended, the first asks for the next.
      if (held.token === now) held.token = undefined;
    }
    if (held.token === undefined) {
      const made = this.#fetch(held.request);
      held.token = made;
      // Those who come later try again.
      made.catch(() => {
        if (held.token === made) held.token = undefined;
      });
    }
    return unlessAborted(held.token, signal);
  }

  async #fetch(request: TokenRequest): Promise<Token> {
    const { endpoint, connections, credentials, closing } = this.#options;
    const found = await credentials();
    const token = await fetchToken(request, { endpoint, connections, credentials: found.credentials, signal: closing });
    if (token !== undefined) return token;
    const who = found.credentials === undefined ? 'without credentials' : 'for the credentials';
    throw this.denied(`${endpoint.host} gives no token ${who}`, found);
  }
}

function isSame(one: TokenRequest, other: TokenRequest): boolean {
  return one.realm === other.realm && one.service === other.service && one.scopes.join(' ') === other.scopes.join(' ');
}
