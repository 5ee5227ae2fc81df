// Who may import whom in src/ (docs/architecture.md), and that no modules import each other in a circle. Fails on anything
// that is not allowed here.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path/posix';
import { fileURLToPath } from 'node:url';

const src = fileURLToPath(new URL('../src', import.meta.url));

// A folder may import its own modules and those of the folders named here. The modules of src itself are the entries, which
// export only; what else lies beside them is for everybody.
// errors, backend, documents, recorder -> host -> process -> system -> layers, network, remote, simulator -> storage -> reap, doctor -> entries
const allowed = {
  errors: [],
  backend: [],
  documents: ['errors'],
  recorder: ['backend', 'errors'],
  host: ['backend', 'documents', 'errors', 'recorder'],
  process: ['backend', 'documents', 'errors', 'host'],
  system: ['backend', 'documents', 'errors', 'host', 'process'],
  layers: ['backend', 'documents', 'errors', 'host', 'layers/export', 'layers/formats', 'layers/import'],
  'layers/export': ['backend', 'layers', 'layers/formats'],
  'layers/formats': [],
  'layers/import': ['backend', 'errors', 'layers', 'layers/formats'],
  storage: ['backend', 'documents', 'errors', 'host', 'layers'],
  remote: ['backend', 'errors', 'host'],
  simulator: ['backend', 'documents', 'errors', 'host'],
  network: ['backend', 'documents', 'errors', 'host', 'network/documents', 'process', 'system'],
  'network/documents': ['documents', 'errors'],
  reap: ['errors', 'host', 'network', 'system'],
  'utility-vm': ['documents', 'errors', 'host', 'layers', 'network', 'system', 'utility-vm/devices'],
  'utility-vm/devices': ['documents', 'utility-vm'],
  doctor: ['backend', 'documents', 'errors', 'host', 'network', 'system', 'doctor/checks'],
  'doctor/checks': ['doctor', 'network/documents'],
};
const forEverybody = [
  'guid.ts',
  'known-options.ts',
  'nesting.ts',
  'number-map.ts',
  'package-version.ts',
  'shortened.ts',
  'trailing.ts',
  'uncaught.ts',
];

// What the backends are made of is for src/backend itself and the entries: the rest knows the interface.
const backendIsPublic =
  /^backend\/(backend|first-builds|functions|computecore-functions|keys|parameters|waiting-calls|load|load-error|binaries|code-file|permissions|native-files|native-inspector|native-server|native-tree|native-unpack|stream-engine|koffi\/koffi-limits)\.ts$/;

const modules = readdirSync(src, { recursive: true })
  .map((name) => name.replaceAll('\\', '/'))
  .filter((name) => name.endsWith('.ts'));
const imports = new Map(modules.map((name) => [name, importsOf(name)]));

function importsOf(name) {
  const text = readFileSync(join(src, name), 'utf8');
  const specifiers = [...text.matchAll(/(?:from|import\() ?'(\.[^']+)\.js'/g)].map(([, specifier]) => specifier);
  const targets = specifiers.map((specifier) => normalize(join(dirname(name), `${specifier}.ts`)));
  return targets.filter((target) => !target.startsWith('../'));
}

/** The folder with rules of its own that a module lies in. */
function folderOf(name) {
  const parts = dirname(name).split('/');
  const named = parts.slice(0, 2).join('/');
  return named in allowed ? named : parts[0] === '.' ? '' : parts[0];
}

/** The modules of each circle. */
function circlesOf() {
  const found = new Set();
  const visit = (name, path) => {
    const at = path.indexOf(name);
    if (at !== -1) return void found.add(path.slice(at).toSorted().join(', '));
    if (done.has(name)) return;
    for (const target of imports.get(name) ?? []) visit(target, [...path, name]);
    done.add(name);
  };
  const done = new Set();
  for (const name of modules) visit(name, []);
  return [...found];
}

const problems = [];
for (const [name, targets] of imports) {
  const folder = folderOf(name);
  if (folder === '') continue;
  for (const target of targets) {
    if (forEverybody.includes(target)) continue;
    const other = folderOf(target);
    if (other !== folder && !allowed[folder].includes(other)) problems.push(`src/${name} may not import ${target}`);
    if (other === 'backend' && folder !== 'backend' && !backendIsPublic.test(target)) {
      problems.push(`src/${name} may not import ${target}: only the interface of a backend is known outside`);
    }
  }
}
for (const circle of circlesOf()) problems.push(`a circle: ${circle}`);
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
