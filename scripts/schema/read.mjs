// Reads schema/*.json: what is known of the documents of the host. Checks that it hangs together.

import { readdir, readFile } from 'node:fs/promises';

const root = new URL('../../schema/', import.meta.url);

/** The types of "schema1" or "schema2" with their areas, in the order of their files, defaults filled in. */
export async function readSchema(name) {
  const files = (await readdir(new URL(`${name}/`, root))).filter((file) => file.endsWith('.json')).sort();
  const areas = await Promise.all(files.map((file) => readJson(`${name}/${file}`)));
  const types = new Map();
  for (const { area, types: own } of areas) {
    for (const [type, row] of Object.entries(own)) {
      if (types.has(type)) throw new Error(`${name}: ${type} is there twice`);
      types.set(type, filled(type, area, row));
    }
  }
  for (const type of types.values()) checkReferences(name, type, types);
  return { name, areas: areas.map(({ area, text }) => ({ area, text })), types };
}

/** The rules of a file. One that is an error says which host was seen to refuse, or where it is documented. */
export async function readRules(file = 'rules.json') {
  const { rules } = await readJson(file);
  for (const { rule, severity, sources = [] } of rules) {
    if (severity !== 'warning' && sources.length === 0)
      throw new Error(`${file}: ${rule} is an error without a source`);
  }
  return rules;
}

/** The schemas with the level of each constraint, and of each field that has a rule. */
export function withLevels(schema, rules) {
  const levels = new Map(rules.map(({ rule, severity }) => [rule, severity]));
  const level = (name, rule, severity) => {
    if (!levels.has(rule)) throw new Error(`${schema.name}: ${name}: no rule ${rule}`);
    return severity ?? levels.get(rule);
  };
  for (const type of schema.types.values()) {
    type.rules = type.rules?.map((rule) => ({ ...rule, severity: level(type.name, rule.rule, rule.severity) }));
    for (const field of type.fields) field.severity = level(type.name, field.rule ?? 'value');
  }
  return schema;
}

/** What a resource allows; empty where it is not documented: a client alone does not tell what else the host would take. */
export function requestTypesOf({ requestTypesDocs = [], requestTypesHcsshim = [], requestTypesWsl = [] }) {
  if (requestTypesDocs.length === 0) return [];
  const all = new Set([...requestTypesDocs, ...requestTypesHcsshim, ...requestTypesWsl]);
  return [...all].filter((type) => !type.startsWith('('));
}

export async function readJson(path) {
  return JSON.parse(await readFile(new URL(path, root), 'utf8'));
}

function filled(name, area, row) {
  const fields = Object.entries(row.fields ?? {}).map(([field, given]) => ({
    name: field,
    sources: row.sources,
    ...given,
    type: parseType(given.type),
  }));
  const values = Object.entries(row.values ?? {}).map(([value, given]) => ({
    name: value,
    value,
    since: row.since,
    sources: row.sources,
    ...given,
  }));
  return { ...row, name, area, fields, values };
}

/** `array<map<guid,Layer>>` as `{ array: { map: { name: 'Layer' }, key: { name: 'guid' } } }`. */
export function parseType(text) {
  const array = /^array<(.*)>$/.exec(text);
  if (array) return { array: parseType(array[1]) };
  const map = /^map<([^,]*),(.*)>$/.exec(text);
  if (map) return { map: parseType(map[2]), key: parseType(map[1]) };
  if (!/^\w+(\(\w+\))?$/.test(text)) throw new Error(`"${text}" is no type`);
  return { name: text };
}

/** The names in a type, such as `Layer` in `array<Layer>`. */
export function namesIn(type) {
  if (type.array) return namesIn(type.array);
  if (type.map) return [...namesIn(type.key), ...namesIn(type.map)];
  return [type.name];
}

export const primitives = new Map([
  ['string', 'string'],
  ['boolean', 'boolean'],
  ['integer(uint8)', 'Uint8'],
  ['integer(uint16)', 'Uint16'],
  ['integer(uint32)', 'Uint32'],
  ['integer(uint64)', 'Uint64'],
  ['integer(int32)', 'Int32'],
  ['integer(int64)', 'Int64'],
  ['number(double)', 'number'],
  ['guid', 'Guid'],
  ['macaddress', 'MacAddress'],
  ['datetime', 'DateTime'],
  ['bytes(base64)', 'Base64'],
  ['bytes(binary)', 'Binary'],
  ['any', 'unknown'],
]);

function checkReferences(schema, type, types) {
  const check = (name, where) => {
    if (!primitives.has(name) && !types.has(name)) throw new Error(`${schema}: ${where}: no type ${name}`);
  };
  for (const field of type.fields) {
    for (const name of [...namesIn(field.type), ...settingsIn(field)]) check(name, `${type.name}.${field.name}`);
  }
  for (const name of Object.values(type.of ?? {})) check(name, type.name);
}

/** The types that a field may have beside that of its row, by the value of another field or by its members. */
export function settingsIn({ oneOf = [], settings = {} }) {
  return [...oneOf, ...Object.values(settings)];
}

/** First version and sources in one line, as comments and tables have them. */
export function origin({ since, sdk, sdkLast, sources, minBuild, sinceBuild }) {
  const version = since ?? (sdk === undefined ? 'not stated' : `SDK ${sdk}`);
  const until = sdkLast === undefined ? '' : ` to SDK ${sdkLast}`;
  const build = minBuild === undefined ? '' : `, build ${minBuild}`;
  const update = sinceBuild === undefined ? '' : `, or build ${sinceBuild} by an update`;
  return `${version}${until}${build}${update} (${sources.join(', ')})`;
}
