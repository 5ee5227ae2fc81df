/**
 * Requests that are redirected: registries send whoever wants a blob to where it is stored.
 *
 * @module
 */
import type { Answer, Connections, HttpRequest } from './connections.js';
import { quoted, registryError } from './failures.js';

const mostRedirects = 5;
const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** What is not sent to another host than the first: `headers` of the request are. */
export interface Personal {
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * A GET, wherever it leads. From https it does not lead to http.
 *
 * @throws Interruption, ImageError
 */
export async function follow(
  connections: Connections,
  first: URL,
  request: Omit<HttpRequest, 'method' | 'body'>,
  personal: Personal,
  signal: AbortSignal,
): Promise<Answer> {
  let url = first;
  for (let turn = 0; turn <= mostRedirects; turn += 1) {
    const isHome = url.origin === first.origin;
    const headers = isHome ? { ...request.headers, ...personal.headers } : request.headers;
    const tls = isHome ? request.tls : undefined;
    const answer = await connections.send(url, { method: 'GET', headers, tls }, signal);
    if (!redirects.has(answer.status)) return answer;
    answer.body.destroy();
    url = next(first, url, answer.header('location'));
  }
  throw registryError(`${first.host} redirects more than ${mostRedirects} times`, 'Check the registry');
}

function next(first: URL, url: URL, location: string | undefined): URL {
  const target = location !== undefined && URL.canParse(location, url.href) ? new URL(location, url) : undefined;
  if (target?.protocol === 'https:' || (target?.protocol === 'http:' && url.protocol === 'http:')) return target;
  const where = target?.protocol === 'http:' ? `from https to ${target.host} by http` : quoted(location ?? 'nowhere');
  throw registryError(`${first.host} redirects ${where}`, 'Check the registry');
}
