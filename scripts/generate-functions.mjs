// Writes src/backend/functions.ts and docs/functions.md from native/abi/functions.def, kinds.def and libraries.h. With --check
// it writes nothing and fails when a file is stale.
import { readFileSync, writeFileSync } from 'node:fs';

const root = new URL('../', import.meta.url);
const read = (path) => readFileSync(new URL(path, root), 'utf8');

const header = read('native/abi/hcs.h');
const notifications = new Map(
  [...header.matchAll(/^ {2}(\w+) = (0x[0-9A-F]{8}),$/gm)].map(([, name, number]) => [name, Number(number)]),
);

const kinds = read('native/abi/kinds.def')
  .split('\n')
  .filter((line) => line.startsWith('HC_KIND('))
  .map((line) => {
    const match = /^HC_KIND\((\w+), (\w+)(?:<(?:std::)?([^>]+)>)?\)$/.exec(line);
    if (!match) throw new Error(`not a line of the list: ${line}`);
    const [, name, shape, of] = match;
    return { name, shape, of };
  });
const libraries = [...read('native/abi/libraries.h').matchAll(/^ {2}HC_LIBRARY\((\w+), (\w+)\)/gm)].map(
  ([, name, free]) => ({ name, free }),
);
const kindNames = new Set(kinds.map(({ name }) => name));

const functions = read('native/abi/functions.def')
  .split('\n')
  .filter((line) => /^HC_(FUNCTION|RETURNS)\(/.test(line))
  .map((line) => {
    const match = /^HC_(?:FUNCTION|RETURNS)\((?:(?<=RETURNS\()(\w+), )?(\w+), (\w+), (\w+), (.*)\)$/.exec(line);
    if (!match) throw new Error(`not a line of the list: ${line}`);
    const [, returns, library, name, completion, rest] = match;
    const parameters = [...rest.matchAll(/(In|Out|Release)<(\w+)>\{"(\w+)"\}/g)].map((found) => found.slice(1));
    const unknown = parameters.find(([, kind]) => !kindNames.has(kind));
    if (unknown) throw new Error(`${name}: no kind is called ${unknown[1]}`);
    if (!libraries.some(({ name: known }) => known === library))
      throw new Error(`${name}: no library is called ${library}`);
    if (!notifications.has(completion)) throw new Error(`${name}: no notification is called ${completion}`);
    return { library, name, returns, completion, parameters };
  });

const table = `// Generated from native/abi (functions.def, kinds.def, libraries.h) by scripts/generate-functions.mjs. Do not edit.

export const libraries = [${libraries.map(({ name }) => `'${name}'`).join(', ')}] as const;

/** The functions of Windows that free what the libraries return. */
export const textMemory = {
${libraries.map(({ name, free }) => `  ${name}: '${free}',`).join('\n')}
} as const;

export const kinds = {
${kinds.map(({ name, shape, of }) => `  ${name}: { shape: '${shape}', of: ${of ? `'${of}'` : 'null'} },`).join('\n')}
} as const;

export const functions = {
${functions
  .map(
    ({ library, name, returns, completion, parameters }) => `  '${library}.${name}': {
    library: '${library}',
${returns ? `    returns: '${returns}',\n` : ''}    completion: ${notifications.get(completion)},
    parameters: [
${parameters.map((parameter) => `      [${parameter.map((word) => `'${word}'`).join(', ')}],`).join('\n')}
    ],
  },`,
  )
  .join('\n')}
} as const;
`;

const hostFunctions = functions.filter(({ library }) => library !== 'simulator');
const page = `# Functions

The functions of the host that hostcompute binds, from \`native/abi/functions.def\`. *Completed by* is the notification
that ends the call when the host answers that it is pending. A function returns an \`HRESULT\` where nothing else is said. The
key of a function is its library and its name, because two libraries may export one name with different arguments.

| Function | Parameters | Completed by |
| --- | --- | --- |
${hostFunctions
  .map(({ library, name, returns, completion, parameters }) => {
    const list = parameters.map(([direction, kind, parameter]) => `${direction.toLowerCase()} ${kind} ${parameter}`);
    if (returns) list.push(`returns ${returns}`);
    return `| \`${library}.${name}\` | ${list.join(', ')} | ${completion === 'None' ? '' : completion} |`;
  })
  .join('\n')}

${hostFunctions.length} functions. A host that lacks one is opened all the same; the call that needs it rejects with
\`ERR_HC_SYMBOL\` and names it. \`host.functions\` lists what is there.
`;

let stale = false;
for (const [path, text] of [
  ['src/backend/functions.ts', table],
  ['docs/functions.md', page],
]) {
  let present = '';
  try {
    present = read(path);
  } catch {
    // written below
  }
  if (present === text) continue;
  if (process.argv.includes('--check')) {
    console.error(`${path} is stale: run npm run generate`);
    stale = true;
  } else {
    writeFileSync(new URL(path, root), text);
  }
}
if (stale) process.exitCode = 1;
