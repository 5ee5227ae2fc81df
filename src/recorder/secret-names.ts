/**
 * The names of secrets: of members of documents, of environment variables and of options of programs.
 *
 * @module
 */

// Anywhere in a name, in any case.
const parts =
  /passw(or)?d|passphrase|passcode|credential|secret|token|cookie|authorization|connection_?string|private_?key|api_?key|((database|db|mongo(db)?|redis|amqp|rabbitmq|postgres(ql)?|mysql|broker)_?ur[il])/i;
// As words of their own, at the beginning or end of others too: DB_PASS, dbPass, MYSQL_PWD, SasKey, KEY_1, SSHKEY; and not Keyboard,
// Passenger or Bypass.
const words = new RegExp(
  ['keys?', 'pass', 'pwd', 'auth', 'jwt', 'dsn']
    .map((word) => {
      const capitalised = word[0]!.toUpperCase() + word.slice(1);
      return `(^|[^A-Za-z])${word}([^a-z]|$)|${capitalised}([^a-z]|$)`;
    })
    .join('|') + '|KEYS?([^A-Za-z]|$)|(^|[^A-Za-z])PASS([^A-Za-z]|$)|(PWD|AUTH|JWT|DSN)([^A-Za-z]|$)',
);

// A text without any of these has no member with the name of a secret, not even twice.
const traces = /pass|pwd|credential|secret|token|cookie|auth|connection|key|jwt|dsn|env|ur[il]|\\u/i;

/** Whether the value of something with this name is a secret: the one list there is. */
export function isSecretName(name: string): boolean {
  return parts.test(name) || words.test(name);
}

/** Whether a name is one that texts of people use as well: `password: x` is a secret, `key: x` is not. */
export function isSecretLabel(name: string): boolean {
  return parts.test(name) || /^(pwd|pass)$/i.test(name);
}

/** Whether a text may have the name of a secret in it. */
export function mayNameSecret(text: string): boolean {
  return traces.test(text);
}
