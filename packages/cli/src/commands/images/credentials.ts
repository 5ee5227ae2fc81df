/**
 * Credentials from standard input: nobody sees them in the list of processes.
 *
 * @module
 */
import type { Credentials } from 'hostcompute-images';

import { usageFailure } from '../../failure.js';
import { readBytes } from '../../input/read-bytes.js';

/** `USER:PASSWORD`, or JSON as of Docker: `{"username":...,"password":...}` or `{"identitytoken":...}`. */
export async function readCredentials(signal: AbortSignal): Promise<Credentials> {
  const text = (await readBytes('-', signal))
    .toString('utf8')
    .replace(/^\uFEFF/, '')
    .replace(/\r?\n$/, '');
  const credentials = text.startsWith('{') ? fromJson(text) : fromPair(text);
  if (credentials !== undefined) return credentials;
  // What was given is not repeated: it may be a password.
  throw usageFailure(
    'Standard input has no credentials',
    'Give it USER:PASSWORD, or {"username":"...","password":"..."}.',
  );
}

function fromPair(text: string): Credentials | undefined {
  const at = text.indexOf(':');
  return at > 0 ? { username: text.slice(0, at), password: text.slice(at + 1) } : undefined;
}

function fromJson(text: string): Credentials | undefined {
  let given: Record<string, unknown>;
  try {
    given = JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
  const { username, password, identitytoken, identityToken = identitytoken } = given;
  if (typeof identityToken === 'string' && identityToken !== '') return { identityToken };
  return typeof username === 'string' && typeof password === 'string' ? { username, password } : undefined;
}
