// Electron refuses ArrayBuffers whose memory is not its own, at run time: the addon makes none. Its buffers are allocated or
// copied by Node. Fails on anything in native/node that would make one.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../native/node', import.meta.url));

/** What of a source makes a buffer of foreign memory. */
function externalBuffers(source) {
  const code = source.replace(/\/\/.*|\/\*[^]*?\*\//g, '');
  const raw = code.match(/\b(?:napi_create_external_(?:array)?buffer|node_api_create_external_\w+|NewOrCopy)\b/g) ?? [];
  // With an environment and a size Node allocates; with a pointer between them it does not.
  const made = [...code.matchAll(/\b(?:Buffer\s*<[^<>]*>|ArrayBuffer)\s*::\s*New\s*\(/g)].filter(
    ({ index, 0: { length } }) => argumentsAt(code, index + length) > 2,
  );
  return [...raw, ...made.map(([call]) => call)];
}

/** How many arguments a call has whose parenthesis ends before `at`. */
function argumentsAt(code, at) {
  let [depth, count] = [0, 1];
  for (const character of code.slice(at)) {
    if ('([{'.includes(character)) depth += 1;
    else if (')]}'.includes(character) && depth-- === 0) return count;
    else if (character === ',' && depth === 0) count += 1;
  }
  return count;
}

const problems = [];

// What the rule is for is seen by it, and what it allows is not.
const wrong = [
  'napi_create_external_arraybuffer(env, data, size, nullptr, nullptr, &result)',
  'napi_create_external_buffer(env, size, data, finalize, hint, &result)',
  'Napi::Buffer<char>::New(env, data, size)',
  'Napi::Buffer<uint8_t>::New(\n    env, data.get(), sizes.at(0, 1),\n    [](Napi::Env, uint8_t* bytes) { delete[] bytes; })',
  'Napi::ArrayBuffer::New(env, data, size)',
  'Napi::Buffer<char>::NewOrCopy(env, data, size)',
];
const right = [
  'Napi::Buffer<char>::New(env, sizeOf(a, b))',
  'Napi::Buffer<char>::Copy(env, data, size)',
  '// NewOrCopy',
];
for (const source of wrong) if (externalBuffers(source).length !== 1) problems.push(`the rule does not see ${source}`);
for (const source of right) if (externalBuffers(source).length !== 0) problems.push(`the rule refuses ${source}`);

for (const name of readdirSync(folder).filter((each) => /\.(cc|h)$/.test(each))) {
  for (const call of externalBuffers(readFileSync(join(folder, name), 'utf8')))
    problems.push(`native/node/${name} makes a buffer of foreign memory, which Electron refuses: ${call}`);
}
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
