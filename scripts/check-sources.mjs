// native/sources.json is what both build systems read: it names every source file there is, and no other.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const native = fileURLToPath(new URL('../native/', import.meta.url));
const listed = Object.values(JSON.parse(readFileSync(`${native}sources.json`, 'utf8'))).flat();
const present = readdirSync(native, { recursive: true })
  .filter((name) => name.endsWith('.cc'))
  .map((name) => name.replaceAll('\\', '/'));
const problems = [
  ...present.filter((file) => !listed.includes(file)).map((file) => `native/sources.json lacks ${file}`),
  ...listed
    .filter((file) => !present.includes(file))
    .map((file) => `native/sources.json names ${file}, which is not there`),
];
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
