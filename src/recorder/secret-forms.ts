/**
 * Secrets that are known by their form: in command lines, addresses, headers and assignments, and tokens of well-known services.
 * Every expression begins at the boundary of a word or at a fixed text, so that each takes time linear in the length of the text.
 *
 * @module
 */
import { isSecretLabel, isSecretName } from './secret-names.js';

/** Gives what stands for a secret. */
export type Hide = (secret: string) => string;

const value = String.raw`("[^"]*"|'[^']*'|[^\s;&,"']+)`;
// --password x, --password=x, -Password:x, /password:x
const option = new RegExp(
  String.raw`(?<![^\s"',;|&(])((?:--?|/)([\w.-]{1,100})(?:[=:]|\s{1,10}(?![-/])))${value}`,
  'g',
);
// DB_PASS=x, Password=x; of connection strings and queries
const assignment = new RegExp(String.raw`(?<![\w.-])(([\w.-]{1,100})=)${value}`, 'g');
// Cookie: a=b; c=d
const header = /(?<![\w-])(([A-Za-z][\w-]{0,100}):[ \t]{1,10})([^\r\n"']+)/g;
// postgres://user:secret@host
const userInfo = /(?<![a-z0-9+.-])([a-z][a-z0-9+.-]{0,30}:\/\/)([^\s/?#"']+)(?=@)/gi;

/** The expression, and which of its groups is secret; what is before that group stays. */
const tokens: readonly RegExp[] = [
  /()(-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[^]*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$))/g,
  /((?<!\w)Bearer\s{1,10})([\w.~+/=-]{8,})/gi,
  /()((?<![\w-])eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?)/g,
  /()((?<!\w)(?:gh[pousr]_|github_pat_|npm_|glpat-)[\w-]{20,})/g,
  /()((?<!\w)(?:AKIA|ASIA)[A-Z0-9]{16}(?!\w))/g,
  /()((?<![\w-])xox[abeprs]-[\w-]{10,})/g,
  /([?&;]sig=)([^&\s"']+)/gi,
];

/** Whether an argument is an option of which the next argument is the secret: `--password`. */
export function isSecretOption(argument: unknown): boolean {
  const name = typeof argument === 'string' ? /^(?:--?|\/)([\w.-]{1,100})$/.exec(argument)?.[1] : undefined;
  return name !== undefined && isSecretName(name);
}

/** The text without the secrets that are known by their form. */
export function withoutSecretForms(text: string, hide: Hide): string {
  if (text.length < 4) return text;
  const named =
    (isSecret: (name: string) => boolean) =>
    (all: string, before: string, name: string, secret: string): string =>
      isSecret(name) ? before + hidden(secret, hide) : all;
  let shown = text;
  for (const token of tokens)
    shown = shown.replace(token, (_, before: string, secret: string) => before + hide(secret));
  shown = shown.replace(userInfo, (_, scheme: string, secret: string) => scheme + hide(secret));
  shown = shown.replace(header, named(isSecretLabel));
  shown = shown.replace(option, named(isSecretName));
  return shown.replace(assignment, named(isSecretName));
}

/** Quotes are no part of a secret. */
function hidden(secret: string, hide: Hide): string {
  const quote = /^(["'])(.*)\1$/s.exec(secret);
  return quote === null ? hide(secret) : `${quote[1]}${hide(quote[2]!)}${quote[1]}`;
}
