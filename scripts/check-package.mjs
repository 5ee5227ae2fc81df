// Checks the tarball that is to be published: which files are in it, what its manifest would run, that each module, thread and
// binary that something names is there, that no map leads out of it, and that a binary is built for its platform, exports the
// same functions everywhere, and needs nothing that its users may not have.
//
//   node scripts/check-package.mjs [--platforms linux-x64,win32-x64] [--glibc 2.28] [--publish] [tarball]
//
// Without --platforms all have to be there; --glibc is the newest that Linux may have to have; --publish asks in addition
// for what a publication with provenance needs.
import { createReadStream, readdirSync, readFileSync, statSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { basename, join, posix } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createGunzip } from 'node:zlib';

import { build } from 'esbuild';
import tar from 'tar-stream';

import { builtFor, prebuilt } from '../dist/backend/binaries.js';
import { binariesOf, compareVersions, exportsOf, highest, needsOf } from './package/binaries.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const { values, positionals } = parseArgs({
  options: { platforms: { type: 'string' }, glibc: { type: 'string' }, publish: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const tarball = positionals[0] ?? join(root, 'out', `hostcompute-${version}.tgz`);
const platforms = values.platforms?.split(',') ?? prebuilt;
// Two platforms, each with the libraries that stand for five DLLs of Windows.
const most = 3_400_000;
const mostOfMember = 300_000;

const allowed = [
  /^package\.json$|^README\.md$|^CHANGELOG\.md$|^LICENSE$/,
  /^dist\/[\w/-]+\.js$/,
  /^(dist|types)\/[\w/-]+\.d\.ts$/,
  /^docs\/[\w/-]+\.(md|png|svg|wprp)$/,
  ...prebuilt.flatMap((platform) => binariesOf(platform).map((file) => new RegExp(`^prebuilds/${platform}/${file}$`))),
];

// What every Windows has: Node itself, the system, and the C runtime that is a part of it; and what is in the same folder.
const windowsHas =
  /^(node\.exe|kernel32\.dll|ntdll\.dll|advapi32\.dll|hostcompute-(simulator|remote)\.dll|ole32\.dll|ws2_32\.dll|user32\.dll|msvcrt\.dll|ucrtbase\.dll|api-ms-win-[\w-]+\.dll)$/i;
const linuxHas =
  /^hostcompute-(simulator|remote)\.so$|^(libc|libm|libdl|libpthread|librt|libstdc\+\+|libgcc_s|ld-linux-[\w-]+)\.so\.\d+$/;
const darwinHas = /^(\/usr\/lib\/|\/System\/|@rpath\/|@loader_path\/|.*\/hostcompute-)/;
const systemHas = { win32: windowsHas, linux: linuxHas, darwin: darwinHas };

let problems = [];

function report(file, files) {
  for (const problem of problems) console.error(`check-package: ${basename(file)}: ${problem}`);
  console.log(
    `${file}: ${files.size} files, ${(statSync(file).size / 1e6).toFixed(2)} MB, ${problems.length} problems`,
  );
  if (problems.length > 0) process.exitCode = 1;
}

async function read(file) {
  const files = new Map();
  const extract = tar.extract();
  const entries = async () => {
    for await (const entry of extract) {
      const chunks = [];
      for await (const chunk of entry) chunks.push(chunk);
      files.set(entry.header.name.replace(/^package\//, ''), Buffer.concat(chunks));
    }
  };
  await Promise.all([pipeline(createReadStream(file), createGunzip(), extract), entries()]);
  return files;
}

function checkManifest(files) {
  const manifest = JSON.parse(files.get('package.json') ?? '{}');
  if (manifest.private) problems.push('package.json is that of the repository: pack with "npm run package"');
  if (manifest.scripts !== undefined) problems.push('package.json has scripts, and a package has none to run');
  if (manifest.gypfile) problems.push('package.json asks npm to build');
  if (manifest.binary !== undefined) problems.push('package.json says where to download binaries');
  const { main, types, bin = {}, exports = {} } = manifest;
  const targets = [main, types, ...Object.values(bin), ...Object.values(exports).flatMap(pathsIn)];
  for (const target of targets.filter((each) => each !== undefined)) {
    if (!files.has(String(target).replace(/^\.\//, '')))
      problems.push(`package.json names ${target}, which is not there`);
  }
  if (values.publish && manifest.repository === undefined)
    problems.push('package.json has no repository, which provenance is compared with');
  return manifest;
}

const pathsIn = (target) => (typeof target === 'string' ? [target] : Object.values(target).flatMap(pathsIn));

/** What each module imports, and what it names by a URL beside itself: threads, and files that it reads. */
async function checkModules(files, member) {
  const modules = [...files.keys()].filter((name) => /^dist\/.*\.js$/.test(name));
  const { dependencies = {}, peerDependencies = {} } = JSON.parse(files.get('package.json') ?? '{}');
  const installed = new Set([...Object.keys(dependencies), ...Object.keys(peerDependencies)]);
  const packageOf = (specifier) => specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
  const named = (importer, target) => {
    if (!files.has(target)) problems.push(`${importer} names ${target}, which is not there`);
  };
  const inPackage = {
    name: 'package',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /.*/ }, ({ path, importer, kind }) => {
        if (kind === 'entry-point') return { path: posix.normalize(path), namespace: 'package' };
        if (path.startsWith('.')) named(importer, posix.join(posix.dirname(importer), path));
        else if (!isBuiltin(path) && !installed.has(packageOf(path)))
          problems.push(`${importer} imports ${path}, which the package does not depend on`);
        return { path, external: true };
      });
      onLoad({ filter: /.*/, namespace: 'package' }, ({ path }) => ({ contents: files.get(path) }));
    },
  };
  const options = { bundle: true, write: false, outdir: 'out', format: 'esm', platform: 'node', logLevel: 'error' };
  await build({ ...options, entryPoints: modules, plugins: [inPackage] });
  for (const name of modules) {
    const text = files.get(name).toString();
    for (const [, , target] of text.matchAll(/new URL\((["'`])(\.[^"'`]+)\1,\s*import\.meta\.url\)/g))
      named(name, posix.join(posix.dirname(name), target));
    for (const [, target] of text.matchAll(/\bstartThread\d*\(["'`]([\w-]+)["'`]/g))
      named(name, posix.join(posix.dirname(name), `${target}.js`));
    // Any other way to start one would not be seen above.
    const started = [...text.matchAll(/\bnew \w*Worker\d*\(/g)].length;
    if (started > (/\bfunction startThread\d*\(/.test(text) ? 1 : 0))
      problems.push(`${name} starts a thread otherwise than by startThread()`);
  }
  if (member !== undefined) return;
  const threads = readdirSync(join(root, 'dist'), { recursive: true }).filter((name) => /-worker\.js$/.test(name));
  for (const thread of threads) named('the repository', `dist/${posix.basename(thread.replaceAll('\\', '/'))}`);
}

/** A map without its sources would lead to files of the user's. */
function checkMaps(files) {
  for (const [name, content] of files) {
    if (/^dist\/.*\.(js|ts)$/.test(name) && /^\/\/[#@] ?sourceMappingURL=/m.test(content.toString()))
      problems.push(`${name} names a map, and the package has none`);
  }
}

function checkBinary(platform, file, content) {
  const name = `prebuilds/${platform}/${file}`;
  const built = builtFor(content);
  if (built !== platform) return problems.push(`${name} was built for ${built ?? 'no machine: it is no library'}`);
  const { libraries, versions } = needsOf(platform, content);
  const foreign = libraries.filter((each) => !systemHas[platform.split('-')[0]].test(each));
  if (foreign.length > 0) problems.push(`${name} needs ${foreign.join(', ')}, which not every system has`);
  const glibc = highest(versions, 'GLIBC_');
  if (values.glibc !== undefined && glibc !== undefined && compareVersions(glibc, values.glibc) > 0)
    problems.push(`${name} needs glibc ${glibc}, newer than ${values.glibc}`);
  const libstdcxx = highest(versions, 'GLIBCXX_');
  const needs = glibc === undefined ? libraries.join(', ') : `glibc ${glibc}, GLIBCXX ${libstdcxx}`;
  console.log(`${name}: ${Math.round(content.length / 1000)} kB, needs ${needs}`);
}

/** node-gyp and cmake build the same: a library exports the same functions on each platform. */
function checkExports(files) {
  const seen = new Map();
  for (const platform of prebuilt) {
    for (const file of binariesOf(platform)) {
      const name = `prebuilds/${platform}/${file}`;
      const content = files.get(name);
      if (content === undefined || builtFor(content) !== platform) continue;
      const names = exportsOf(platform, content);
      if (names.length === 0) problems.push(`${name} exports nothing`);
      const library = file.replace(/\.\w+$/, '');
      const first = seen.get(library) ?? { name, names };
      seen.set(library, first);
      const lacks = first.names.filter((each) => !names.includes(each));
      const adds = names.filter((each) => !first.names.includes(each));
      if (lacks.length > 0) problems.push(`${name} does not export ${lacks.join(', ')}, as ${first.name} does`);
      if (adds.length > 0) problems.push(`${name} exports ${adds.join(', ')}, and ${first.name} does not`);
    }
  }
  for (const [library, { names }] of seen) console.log(`${library} exports ${names.length} functions`);
}

/** The packages of packages/, whose tarballs are beside that of the root. */
async function checkMembers() {
  for (const member of readdirSync(join(root, 'packages'))) {
    problems = [];
    const file = join(root, 'out', `hostcompute-${member}-${version}.tgz`);
    const files = await read(file);
    checkMember(member, files);
    await checkModules(files, member);
    checkMaps(files);
    if (statSync(file).size >= mostOfMember) problems.push(`it may have ${mostOfMember} bytes`);
    report(file, files);
  }
}

function checkMember(member, files) {
  const allowed = /^package\.json$|^README\.md$|^LICENSE$|^dist\/src\/[\w/-]+\.(js|d\.ts)$/;
  for (const name of files.keys()) if (!allowed.test(name)) problems.push(`${name} does not belong in the package`);
  for (const name of ['README.md', 'LICENSE']) if (!files.has(name)) problems.push(`${name} is not there`);
  const { dependencies = {}, devDependencies, bin = {}, ...manifest } = checkManifest(files);
  if (devDependencies !== undefined) problems.push('package.json has development dependencies');
  if (manifest.name !== `hostcompute-${member}`) problems.push(`package.json is that of ${manifest.name}`);
  if (manifest.version !== version)
    problems.push(`package.json has the version ${manifest.version}, and not ${version}`);
  for (const [name, range] of Object.entries(dependencies)) {
    if (/^(file|link|workspace):/.test(range)) problems.push(`package.json depends on ${name} by ${range}`);
    if (name.startsWith('hostcompute') && range !== version) problems.push(`package.json depends on ${name} ${range}`);
  }
  for (const program of Object.values(bin)) {
    const content = files.get(posix.normalize(program))?.toString() ?? '';
    if (!content.startsWith('#!/usr/bin/env node\n')) problems.push(`${program} is no program`);
  }
}

const files = await read(tarball);
for (const name of files.keys()) {
  if (!allowed.some((each) => each.test(name))) problems.push(`${name} does not belong in the package`);
}
for (const name of ['README.md', 'CHANGELOG.md', 'LICENSE'])
  if (!files.has(name)) problems.push(`${name} is not there`);
checkManifest(files);
await checkModules(files);
checkMaps(files);
checkExports(files);
for (const platform of prebuilt) {
  for (const file of binariesOf(platform)) {
    const content = files.get(`prebuilds/${platform}/${file}`);
    if (content !== undefined) checkBinary(platform, file, content);
    else if (platforms.includes(platform)) problems.push(`prebuilds/${platform}/${file} is not there`);
  }
}
const { size } = statSync(tarball);
if (size >= most) problems.push(`it has ${size} bytes, and may have ${most}`);
report(tarball, files);
if (positionals.length === 0) await checkMembers();
