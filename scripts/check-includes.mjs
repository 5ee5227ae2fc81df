// Who may include whom in native/ (docs/architecture.md). Fails on anything that is not allowed here.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';

const native = fileURLToPath(new URL('../native', import.meta.url));

// A folder may include its own files and those of the folders named here, all of which stand before it.
const allowed = {
  abi: [],
  core: ['abi'],
  files: [],
  inspect: ['core'],
  'archive/pack': ['core'],
  'archive/unpack': ['core', 'files'],
  sockets: [],
  remote: ['abi'],
  'remote/system': ['remote'],
  'node/base': ['abi', 'core'],
  'node/remote': ['abi', 'core', 'remote', 'node/base'],
  'node/archive': ['abi', 'core', 'archive/pack', 'archive/unpack', 'node/base'],
  node: ['abi', 'core', 'files', 'inspect', 'sockets', 'node/archive', 'node/base', 'node/remote'],
  'simulator/base': ['abi'],
  'simulator/handles': ['abi'],
  'simulator/documents': ['simulator/base'],
  'simulator/guest': ['abi', 'simulator/base', 'simulator/documents'],
  'simulator/cmd': ['simulator/base', 'simulator/guest'],
  'simulator/layers': ['abi', 'simulator/base', 'simulator/documents'],
  'simulator/storage': ['abi', 'simulator/base', 'simulator/documents', 'simulator/layers'],
  'simulator/disks': ['abi', 'simulator/base', 'simulator/handles', 'simulator/layers'],
  'simulator/notifications': ['abi', 'simulator/base'],
  'simulator/faults': ['abi', 'simulator/base', 'simulator/documents'],
  'simulator/ports': ['simulator/base', 'simulator/guest'],
  'simulator/network': ['abi', 'simulator/base', 'simulator/notifications', 'simulator/faults', 'simulator/ports'],
  'simulator/operations': ['abi', 'simulator/base', 'simulator/guest', 'simulator/notifications', 'simulator/faults'],
  'simulator/migration': ['simulator/base', 'simulator/ports', 'simulator/operations'],
  'simulator/host': [
    'abi',
    'simulator/base',
    'simulator/documents',
    'simulator/guest',
    'simulator/layers',
    'simulator/disks',
    'simulator/notifications',
    'simulator/faults',
    'simulator/network',
    'simulator/operations',
    'simulator/migration',
  ],
  'simulator/control': [
    'abi',
    'simulator/base',
    'simulator/documents',
    'simulator/layers',
    'simulator/disks',
    'simulator/notifications',
    'simulator/faults',
    'simulator/host',
    'simulator/network',
    'simulator/ports',
  ],
  'simulator/remote': ['abi', 'remote', 'simulator/base', 'simulator/handles', 'simulator/notifications'],
  'simulator/exports': [
    'abi',
    'remote',
    'simulator/base',
    'simulator/handles',
    'simulator/documents',
    'simulator/guest',
    'simulator/layers',
    'simulator/storage',
    'simulator/disks',
    'simulator/network',
    'simulator/operations',
    'simulator/host',
    'simulator/control',
    'simulator/remote',
  ],
};

// System headers that belong to one place only.
const reserved = [
  {
    header: /^(windows|winternl|objbase|combaseapi|aclapi|sddl)\.h$/,
    folders: ['files', 'inspect', 'remote/system'],
    files: [
      'core/libraries.cc',
      'core/stream.cc',
      'simulator/base/platform.cc',
      'simulator/handles/disk-handles.cc',
      'simulator/exports/serve.cc',
      'simulator/remote/remote-client.cc',
      'simulator/guest/pipes-windows.cc',
    ],
  },
  {
    header: /^(fcntl|poll|signal|unistd|sys\/.*)\.h$/,
    folders: ['archive/pack', 'remote/system'],
    files: [
      'archive/unpack/tree-posix.cc',
      'core/stream.cc',
      'sockets/stream-set.cc',
      'simulator/guest/pipes-posix.cc',
      'simulator/ports/sockets-posix.cc',
    ],
  },
  { header: /^dlfcn\.h$/, files: ['core/libraries.cc', 'simulator/base/platform.cc'] },
  { header: /^(node_api|js_native_api|napi|uv)\.h$/, folders: ['node', 'node/archive', 'node/base', 'node/remote'] },
];

const problems = [];

// The folders above are in an order: each may know those before it only, so that there is no circle.
const folders = Object.keys(allowed);
for (const [place, folder] of folders.entries()) {
  for (const known of allowed[folder]) {
    if (!folders.slice(0, place).includes(known))
      problems.push(`${folder} may not know ${known}, which is not before it`);
  }
}
for (const path of readdirSync(native, { recursive: true })) {
  const folder = dirname(path.replaceAll('\\', '/'));
  if (/\.(h|cc|def)$/.test(path) && !/^(build|gyp)\b/.test(folder) && !folders.includes(folder)) {
    problems.push(`${path} is in a folder that has no place in the order`);
  }
}
for (const folder of folders) {
  for (const name of readdirSync(join(native, folder))) {
    if (!/\.(h|cc|def)$/.test(name)) continue;
    const file = `${folder}/${name}`;
    for (const [, quoted, system] of readFileSync(join(native, file), 'utf8').matchAll(
      /^#include (?:"([^"]+)"|<([^>]+)>)/gm,
    )) {
      if (quoted !== undefined) {
        const target = dirname(normalize(join(folder, quoted)));
        if (target !== folder && !allowed[folder].includes(target)) problems.push(`${file} may not include ${quoted}`);
      } else {
        const rule = reserved.find(({ header }) => header.test(system));
        if (rule && !rule.files?.includes(file) && !rule.folders?.includes(dirname(file))) {
          problems.push(`${file} may not include <${system}>`);
        }
      }
    }
  }
}
for (const problem of problems) console.error(problem);
process.exitCode = problems.length === 0 ? 0 : 1;
