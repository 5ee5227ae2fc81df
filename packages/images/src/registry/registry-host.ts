/**
 * One host that has the images of a registry: itself, or a mirror.
 *
 * @module
 */
import { ImageError } from '../image-error.js';
import type { Authorizer } from './authorizer.js';
import { readBody } from './body.js';
import type { Answer, Connections } from './connections.js';
import type { Endpoint } from './endpoints.js';
import { quoted, registryError } from './failures.js';
import { follow } from './follow.js';
import { refuseOverload } from './overload.js';

const mostChallenges = 3;
const longestRefusal = 64 * 1024;

export class RegistryHost {
  readonly endpoint: Endpoint;
  readonly #connections: Connections;
  readonly #authorizer: Authorizer;
  readonly #name: string;

  /** @param name - of the image, for errors */
  constructor(endpoint: Endpoint, connections: Connections, authorizer: Authorizer, name: string) {
    this.endpoint = endpoint;
    this.#connections = connections;
    this.#authorizer = authorizer;
    this.#name = name;
  }

  /**
   * A GET with what the host wants to see. The answer is 200, or one of those that are expected.
   *
   * @param path - after `/v2`
   * @throws Interruption, ImageError
   */
  async get(
    path: string,
    headers: Readonly<Record<string, string>>,
    expected: readonly number[],
    signal: AbortSignal,
  ): Promise<Answer> {
    const { url: base, tls, namespace, headers: own } = this.endpoint;
    const url = new URL(`${base}/${path}`);
    if (namespace !== undefined) url.searchParams.set('ns', namespace);
    for (let turn = 1; ; turn += 1) {
      const authorization = await this.#authorizer.header(signal);
      const personal = { headers: authorization === undefined ? own : { ...own, authorization } };
      const answer = await follow(this.#connections, url, { headers, tls }, personal, signal);
      const isOwn = answer.url.origin === url.origin;
      if (answer.status === 200 || expected.includes(answer.status)) {
        await this.#authorizer.accepted();
        return answer;
      }
      if (answer.status !== 401 || !isOwn || turn > mostChallenges) return this.#refuse(answer, isOwn, signal);
      answer.body.destroy();
      await this.#authorizer.learn(authorization, answer.header('www-authenticate'), signal);
    }
  }

  async #refuse(answer: Answer, isOwn: boolean, signal: AbortSignal): Promise<never> {
    refuseOverload(answer);
    const { status, url } = answer;
    const { host } = this.endpoint;
    const said = await saidIn(answer, signal);
    if (!isOwn) {
      throw registryError(`${url.host}, where ${host} redirects, answers ${status}${said}`, 'Check the registry');
    }
    if (status === 404) {
      throw new ImageError(`${host} has no ${this.#name}${said}`, {
        code: 'ERR_HC_IMAGE_NOT_FOUND',
        reference: this.#name,
        remedy: 'Check its name, and the tags that there are',
      });
    }
    if (status === 401 || status === 403) throw this.#authorizer.denied(`${host} refuses ${this.#name}${said}`, {});
    throw registryError(`${host} answers ${status} for ${this.#name}${said}`, 'Check that it is a registry of images');
  }
}

// The code and the message of the first error, as registries write them.
async function saidIn(answer: Answer, signal: AbortSignal): Promise<string> {
  try {
    const bytes = await readBody(answer, longestRefusal, 'an error');
    const { errors } = JSON.parse(bytes.toString('utf8')) as { errors?: unknown };
    const [first] = Array.isArray(errors) ? (errors as unknown[]) : [];
    const { code, message } = (first ?? {}) as { code?: unknown; message?: unknown };
    const texts = [code, message].filter((text) => typeof text === 'string' && text !== '');
    return texts.length === 0 ? '' : ` (${quoted(texts.join(': '))})`;
  } catch {
    signal.throwIfAborted();
    return '';
  }
}
