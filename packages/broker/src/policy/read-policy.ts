/**
 * Reads a policy: all of it, or an error that names the field.
 *
 * @module
 */
import type { Json } from '../documents/json.js';
import { JsonError, readJson } from '../documents/json.js';
import type { FolderUse } from '../documents/shapes.js';
import { classesOf } from './functions.js';
import type { PathForm } from '../paths/lexical.js';
import { pathFlaw } from '../paths/lexical.js';
import { Fields, PolicyError } from './fields.js';
import type { Policy, PolicyFolder, PolicyLimits, PolicyRule } from './policy.js';
import { callClasses } from './policy.js';

const uses: readonly FolderUse[] = ['layers', 'shares', 'disks', 'state'];
const sid = /^S-1-\d{1,15}(?:-\d{1,10}){1,15}$/;
const unixUser = /^uid:\d{1,10}$/;
const unixGroup = /^gid:\d{1,10}$/;
const pipeName = /^\\\\\.\\pipe\\[^\\/:*?"<>|]{1,240}$/i;
const guid = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i;
const ruleName = /^[^\u0000-\u001f]{1,64}$/;
const noLimit = Number.MAX_SAFE_INTEGER;

/**
 * Reads a policy. `form` is how the paths of this machine are written.
 *
 * @throws PolicyError for what is not a whole, valid policy
 */
export function readPolicy(source: string, form: PathForm): Policy {
  const policy = new Fields(read(source), 'policy', ['version', 'rules', 'audit']);
  if (policy.get('version') !== 1) {
    throw policy.error('version', 'must be 1', 'Set it to 1, the form that this broker reads.');
  }
  const rules = policy.list('rules').map((rule, at) => readRule(rule, `policy.rules[${at}]`, form));
  for (const [at, { name }] of rules.entries()) {
    if (rules.findIndex((rule) => rule.name === name) === at) continue;
    throw new PolicyError(`policy.rules[${at}].name`, "must be no other rule's", name, 'Give each rule its own name.');
  }
  return { rules, audit: readAudit(policy) };
}

function read(source: string): Json {
  try {
    return readJson(source.startsWith('\ufeff') ? source.slice(1) : source);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    throw new PolicyError('policy', error.message, source.slice(0, 80), 'Correct the text.');
  }
}

function readAudit(policy: Fields): Policy['audit'] {
  const audit = new Fields(policy.get('audit') ?? new Map(), 'policy.audit', ['required', 'textLength']);
  return { required: audit.flag('required', true), textLength: audit.whole('textLength', 256, 16, 4096) };
}

function readRule(value: Json, where: string, form: PathForm): PolicyRule {
  const known = ['name', 'users', 'groups', 'prefix', 'calls', 'folders', 'pipes', 'networks', 'limits'];
  const rule = new Fields(value, where, known);
  const users = rule.texts('users', (user) => sid.test(user) || unixUser.test(user), 'a SID, or "uid:" and a number');
  const groups = rule.texts('groups', (one) => sid.test(one) || unixGroup.test(one), 'a SID, or "gid:" and a number');
  if (users.length + groups.length === 0) throw rule.error('users', 'or "groups" must name somebody', 'Add a SID.');
  return {
    name: rule.text('name', ruleName, 'must be a name of at most 64 characters'),
    users,
    groups,
    prefix: rule.text('prefix', /^[a-z][a-z\d]{0,15}$/, 'must be a lower-case word of at most 16 letters and digits'),
    calls: readCalls(rule),
    folders: rule.list('folders', []).map((folder, at) => readFolder(folder, `${where}.folders[${at}]`, form)),
    pipes: rule.texts('pipes', (pipe) => pipeName.test(pipe), 'the whole name of a local pipe'),
    networks: rule.texts('networks', (id) => guid.test(id), 'the GUID of an endpoint or a network'),
    limits: readLimits(rule),
  };
}

function readCalls(rule: Fields): readonly string[] {
  const calls = rule.texts('calls', () => true, 'a class of calls, or the name of a function');
  for (const [at, call] of calls.entries()) {
    if ((callClasses as readonly string[]).includes(call)) continue;
    const classes = classesOf(call);
    const field = `calls[${at}]`;
    if (classes.length > 0 && classes.every((of) => of === 'never')) {
      throw rule.error(field, 'must be a function that the broker calls for clients', 'Remove it.', call);
    }
    if (classes.length > 0) continue;
    const words = callClasses.map((name) => `"${name}"`).join(', ');
    throw rule.error(field, `must be one of ${words}, or the name of a function`, 'Correct or remove it.', call);
  }
  return calls;
}

function readFolder(value: Json, where: string, form: PathForm): PolicyFolder {
  const folder = new Fields(value, where, ['path', 'use', 'access', 'perUser']);
  const path = folder.text('path', /^.+$/s, 'must be an absolute path');
  const flaw = pathFlaw(path, form);
  if (flaw !== undefined)
    throw folder.error('path', `must be a plain absolute path: ${flaw}`, 'Write the path in full.');
  const use = folder.texts('use', (one) => (uses as readonly string[]).includes(one), `one of ${uses.join(', ')}`);
  if (use.length === 0) throw folder.error('use', 'must say what the folder is for', `Add one of ${uses.join(', ')}.`);
  const access = folder.text('access', /^(?:read|write)$/, 'must be "read" or "write"') as 'read' | 'write';
  return { path, use: use as FolderUse[], access, perUser: folder.flag('perUser', false) };
}

function readLimits(rule: Fields): PolicyLimits {
  const names = ['connections', 'callsInFlight', 'systems', 'processes', 'memoryInMB'] as const;
  const limits = new Fields(rule.get('limits') ?? new Map(), `${rule.where}.limits`, names);
  const entries = names.map((name) => [name, limits.whole(name, noLimit, 0, noLimit)]);
  return Object.fromEntries(entries) as Record<(typeof names)[number], number>;
}
