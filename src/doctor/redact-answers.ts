// Takes out of answers whose machine it is: what is left still gives each check the same outcome.
//
// Taken out are names of accounts, computers and domains, SIDs of accounts, the profile of the user (as %USERPROFILE%), servers of
// paths, MAC addresses, and public addresses. Names of adapters and networks, and private addresses, stay.
import { hostname, userInfo } from 'node:os';

import type { Answer, Json } from './answer.js';
import { maskAddresses } from './mask-addresses.js';
import type { DoctorRecording } from './recording.js';

/** Whose names are taken out. */
export interface Owner {
  /** The path of the profile, where there is one. */
  readonly profile: string | undefined;
  /** Of the account, the computer, its domain. */
  readonly names: readonly string[];
}

/** The owner of this program. */
export function thisOwner(env: NodeJS.ProcessEnv = process.env): Owner {
  const names = [accountName(), hostname(), env.USERNAME, env.COMPUTERNAME, env.USERDOMAIN, env.USERDNSDOMAIN];
  return { profile: env.USERPROFILE, names: names.filter((name) => name !== undefined && name.length > 2) as string[] };
}

function accountName(): string | undefined {
  try {
    return userInfo().username;
  } catch {
    return undefined; // an account without an entry
  }
}

/** Kinds of questions whose answers hold texts of people, and not the vocabulary of Windows. */
const free: ReadonlySet<string> = new Set([
  'systems',
  'networks',
  'addresses',
  'registry-key',
  'volume',
  'dev-drive',
  'file',
  'environment',
]);
/** Kinds of questions that are about a path. */
const aboutPaths: ReadonlySet<string> = new Set(['volume', 'dev-drive', 'file']);
const withAddresses: ReadonlySet<string> = new Set(['addresses', 'routes', 'networks']);

type Change = (text: string) => string;

export function redactRecording(recording: DoctorRecording, owner: Owner): DoctorRecording {
  const forms = formsOf(owner.profile);
  const names = namesOf(owner.names);
  const path: Change = (text) => names(forms(text));
  const answers = new Map<string, Answer>();
  for (const [question, answer] of Object.entries(recording.answers)) {
    const [kind = ''] = question.split(' ', 1);
    const key = aboutPaths.has(kind) ? `${kind} ${path(question.slice(kind.length + 1))}` : question;
    answers.set(key, redactAnswer(answer, free.has(kind) ? path : forms, withAddresses.has(kind)));
  }
  return { ...recording, root: path(recording.root), answers: Object.fromEntries(answers) };
}

/**
 * A value of JSON without what tells whose machine this is: as in recordings, in each of its texts.
 *
 * @example
 * console.log(withoutNames({ path: 'C:\\Users\\somebody\\layers' })); // { path: '%USERPROFILE%\\layers' }
 */
export function withoutNames<T extends Json>(value: T): T {
  const { profile, names } = thisOwner();
  const forms = formsOf(profile);
  const change = namesOf(names);
  const mask = maskAddresses((text) => text);
  const ofText: Change = (text) => change(forms(text)).replace(homes, `$1${profileName}`).replace(addresses, mask);
  return redactValue(value, ofText, forms) as T;
}

// In the middle of texts, as errors have them.
const homes = /(^|[\s"'=(,])\/(?:home|Users)\/[^\s/"',;:)]+/g;
const addresses = /(?<![\w.:-])(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7})(?![\w-]|\.\w)/gi;

function redactAnswer(answer: Answer, change: Change, hasAddresses: boolean): Answer {
  if ('error' in answer) return { ...answer, call: change(answer.call) };
  if (!('value' in answer)) return answer;
  return { value: redactValue(answer.value, hasAddresses ? maskAddresses(change) : change) };
}

/** @param ofName - for names of members, which are vocabulary where it is not given */
function redactValue(value: Json, change: Change, ofName: Change = (name) => name): Json {
  if (typeof value === 'string') return change(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((each: Json) => redactValue(each, change, ofName));
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [ofName(name), redactValue(each, change, ofName)]),
  );
}

const profileName = '%USERPROFILE%';
const profiles =
  /(?:\\\\\?\\)?\b[a-z]:[\\/]{1,4}users[\\/]{1,4}(?!(?:public|default|all users)(?:[\\/]|$))[^\\/:*?"<>|;,]+/gi;
const server = /^\\\\(?![?.]\\)[^\\/]+/;
const sid = /\bS-1-(?:5-21|12-1)(?:-\d+)+/gi;
const mac = /\b[0-9a-f]{2}(?:([:-])[0-9a-f]{2})(?:\1[0-9a-f]{2}){4}\b/gi;
// Begins at the beginning of a word: a long text without any is looked at once.
const mail = /(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+/g;

/** What is told by its form. */
function formsOf(profile: string | undefined): Change {
  const own = profile === undefined || profile.length < 4 ? undefined : wholeText(profile);
  return (text) =>
    (own === undefined ? text : text.replace(own, profileName))
      .replace(profiles, profileName)
      .replace(server, '\\\\server')
      .replace(sid, 'S-1-5-21-0')
      .replace(mac, '00-00-00-00-00-00')
      .replace(mail, '<account>');
}

// Domains have no spaces; those of Windows itself, such as NT AUTHORITY, may stay.
const account = /^[^\\/:\s%]+\\[^\\/:]+$/;

/** What is a name of the owner, and other accounts as a domain and a name. */
function namesOf(names: readonly string[]): Change {
  const patterns = names.map(wholeText);
  return (text) => {
    if (account.test(text)) return '<account>';
    return patterns.reduce((left, pattern) => left.replace(pattern, '<name>'), text);
  };
}

/** A text that is no part of a longer word. */
function wholeText(text: string): RegExp {
  const letters = text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(?<![\\p{L}\\p{N}_])${letters}(?![\\p{L}\\p{N}_])`, 'giu');
}
