// Makes the package that is published: out/package, and its tarball beside it. Its JavaScript is a few bundles, for
// a program to start soon (docs/packaging.md has the figures), and its manifest has no scripts.
//
// The packages of packages/ come with it, each in a tarball of its own that depends on this version.
//
//   npm run package
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, 'out', 'package');
const entries = [
  'index',
  'documents',
  'network',
  'utility-vm',
  'storage',
  'simulator',
  'recorder',
  'remote',
  'doctor',
  'simulator/program',
];

/** What most of what a member does consists of, without what its host takes: one file of its bundle. */
const inMost = {
  cli: ['run', 'output/broken-pipe', 'host/limits', 'host/host-in-place', 'containers/container-folders'],
};

const modules = (parent) =>
  readdirSync(parent, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

/** The modules that others start as threads, by the names they have for them: each lies beside the one that starts it. */
function threads() {
  const files = modules(join(root, 'dist')).filter((file) => file.endsWith('.js'));
  const named = (file) => [...readFileSync(file, 'utf8').matchAll(/startThread\('([\w-]+)', import\.meta\.url/g)];
  return Object.fromEntries(
    files.flatMap((file) => named(file).map(([, name]) => [name, join(file, '..', `${name}.js`)])),
  );
}

const dist = (name) => join(root, 'dist', `${name}.js`);

/** The modules below a folder that are imported when they are needed, but not those of other packages. */
function importedLate(parent) {
  const files = modules(parent).filter((file) => file.endsWith('.js'));
  const named = (file) => [...readFileSync(file, 'utf8').matchAll(/\bimport\('(\.[^']+)'\)/g)];
  return files.flatMap((file) => named(file).map(([, path]) => join(file, '..', path)));
}

/**
 * Whatever is loaded beside `first` imports that too. So all has in common what `first` consists of, which is one file then: each
 * file more takes a program longer to read.
 *
 * @param beside - the modules that are entries of their own, or imported late
 */
const common = (first, beside) => ({
  name: 'common',
  setup({ onLoad }) {
    const paths = new Set(beside);
    const imports = first.map((path) => `import ${JSON.stringify(path)};`).join(' ');
    onLoad({ filter: /\.js$/ }, ({ path }) => {
      if (!paths.has(path)) return undefined;
      // The line that names the interpreter of a command stays the first.
      const [, interpreter = '', code] = /^(#!.*\n)?([^]*)$/.exec(readFileSync(path, 'utf8'));
      return { contents: `${interpreter}${imports} ${code}` };
    });
  },
});

/** @param more - what differs from the package of the root: where it goes, its version, which packages are in it */
async function bundle(entryPoints, plugins, more = {}) {
  return await build({
    entryPoints,
    outdir: join(folder, 'dist'),
    bundle: true,
    splitting: true,
    plugins,
    // A bundle of a program has no manifest of the package beside it.
    define: { HOSTCOMPUTE_VERSION: JSON.stringify(manifest().version) },
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    packages: 'external',
    // Less to parse. Names stay as they are, and lines short: Node prints the one that an uncaught error comes from. There are
    // no maps: their sources would be as large as the rest, and without them they would lead into the user's project.
    minifyWhitespace: true,
    minifySyntax: true,
    lineLimit: 120,
    logLevel: 'warning',
    metafile: true,
    ...more,
  });
}

function manifest() {
  const {
    private: _,
    workspaces,
    gypfile,
    binary,
    files,
    scripts,
    devDependencies,
    imports,
    ...rest
  } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  return rest;
}

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const { metafile } = await bundle(Object.fromEntries(entries.map((name) => [name, dist(name)])), [
  common([dist(entries[0])], [...entries.slice(1).map(dist), ...importedLate(join(root, 'dist'))]),
]);
const read = metafile.outputs[relative(process.cwd(), join(folder, 'dist', `${entries[0]}.js`)).replaceAll('\\', '/')];
if (read.imports.filter(({ kind, external }) => kind === 'import-statement' && !external).length !== 1)
  throw new Error('what the first entry consists of is in several files: some of it is imported late as well');
// A thread shares nothing with the program: what they have in common would only be more files for the program to read.
await bundle(threads(), []);
const declarations = (source) => !/\.(js|map|tsbuildinfo)$/.test(source);
cpSync(join(root, 'dist'), join(folder, 'dist'), { recursive: true, filter: declarations });
for (const each of ['types', 'docs', 'prebuilds', 'README.md', 'CHANGELOG.md', 'LICENSE'])
  cpSync(join(root, each), join(folder, each), { recursive: true });
writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest(), null, 2)}\n`);

/**
 * The folder of a package of packages/, as it is published: a bundle with its development dependencies in it, and a manifest without
 * what only a clone has.
 */
async function memberFolder(name) {
  const from = join(root, 'packages', name);
  const to = join(root, 'out', 'packages', name);
  rmSync(to, { recursive: true, force: true });
  mkdirSync(to, { recursive: true });
  const {
    private: _,
    devDependencies: bundled,
    ...rest
  } = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8'));
  const dependencies = { ...rest.dependencies };
  for (const each of Object.keys(dependencies))
    if (dependencies[each].startsWith('file:')) dependencies[each] = rest.version;
  const shared = (inMost[name] ?? []).map((module) => join(from, 'dist', 'src', `${module}.js`));
  const entries = [...Object.values(rest.bin ?? {}), ...(rest.main === undefined ? [] : [rest.main])];
  const paths = entries.map((path) => join(from, path));
  await bundle(
    paths,
    shared.length === 0 ? [] : [common(shared, [...paths, ...importedLate(join(from, 'dist', 'src'))])],
    {
      outdir: join(to, 'dist', 'src'),
      define: { HOSTCOMPUTE_VERSION: JSON.stringify(rest.version) },
      packages: undefined,
      external: Object.keys(dependencies).flatMap((each) => [each, `${each}/*`]),
      // Packages of CommonJS call it for modules of Node.
      banner: {
        js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
      },
    },
  );
  if (rest.types !== undefined)
    cpSync(join(from, 'dist', 'src'), join(to, 'dist', 'src'), { recursive: true, filter: declarations });
  cpSync(join(from, 'README.md'), join(to, 'README.md'));
  cpSync(join(root, 'LICENSE'), join(to, 'LICENSE'));
  writeFileSync(join(to, 'package.json'), `${JSON.stringify({ ...rest, dependencies }, null, 2)}\n`);
  return to;
}

const npm = process.env.npm_execpath;
if (npm === undefined) throw new Error('start it by "npm run package"');
const members = await Promise.all(readdirSync(join(root, 'packages')).map(memberFolder));
for (const each of [folder, ...members]) {
  const pack = ['pack', each, '--pack-destination', join(root, 'out'), '--silent'];
  const { status } = spawnSync(process.execPath, [npm, ...pack], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) process.exitCode = status ?? 1;
}
