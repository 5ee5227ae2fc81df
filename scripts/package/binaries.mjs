// What a library needs of the system that loads it, read from its own tables: libraries by name, and for ELF the versions
// of symbols. Nothing but the file is needed, so that one machine can check the binaries of all platforms.

/** The binaries of a platform in the package. */
export function binariesOf(platform) {
  const [system] = platform.split('-');
  if (system === 'win32') return ['hostcompute.node', 'vmcompute.dll'];
  const extension = system === 'darwin' ? 'dylib' : 'so';
  return ['hostcompute.node', `vmcompute.${extension}`, `vmcompute-remote.${extension}`];
}

const text = (bytes, offset) => bytes.toString('latin1', offset, bytes.indexOf(0, offset));

/** `{ libraries: string[], versions: string[] }` of the content of a library for this platform. */
export function needsOf(platform, bytes) {
  const read = { win32: peNeeds, linux: elfNeeds, darwin: machONeeds }[platform.split('-')[0]];
  return read(bytes);
}

function peNeeds(bytes) {
  const header = bytes.readUInt32LE(60) + 4;
  const optional = header + 20;
  const sectionCount = bytes.readUInt16LE(header + 2);
  const sections = optional + bytes.readUInt16LE(header + 16);
  const offsetOf = (address) => {
    for (let i = 0; i < sectionCount; i++) {
      const at = sections + 40 * i;
      const begin = bytes.readUInt32LE(at + 12);
      if (address >= begin && address < begin + Math.max(bytes.readUInt32LE(at + 8), bytes.readUInt32LE(at + 16)))
        return address - begin + bytes.readUInt32LE(at + 20);
    }
    throw new Error(`no section has the address ${address}`);
  };
  // Of the data directories: what is loaded with the library, and what is when it is first called.
  const names = ({ directory, size, name }) => {
    const table = bytes.readUInt32LE(optional + 112 + 8 * directory);
    const found = [];
    if (table === 0) return found;
    for (let at = offsetOf(table); bytes.readUInt32LE(at + name) !== 0; at += size)
      found.push(text(bytes, offsetOf(bytes.readUInt32LE(at + name))));
    return found;
  };
  const imports = { directory: 1, size: 20, name: 12 };
  const delayed = { directory: 13, size: 32, name: 4 };
  return { libraries: [...names(imports), ...names(delayed)], versions: [] };
}

function elfNeeds(bytes) {
  const table = Number(bytes.readBigUInt64LE(40));
  const [size, count] = [bytes.readUInt16LE(58), bytes.readUInt16LE(60)];
  const sections = Array.from({ length: count }, (_, i) => {
    const at = table + size * i;
    const [offset, length] = [Number(bytes.readBigUInt64LE(at + 24)), Number(bytes.readBigUInt64LE(at + 32))];
    return { type: bytes.readUInt32LE(at + 4), offset, length, link: bytes.readUInt32LE(at + 40) };
  });
  const dynamic = sections.find(({ type }) => type === 6);
  const libraries = [];
  for (let at = dynamic.offset; at < dynamic.offset + dynamic.length; at += 16) {
    const value = Number(bytes.readBigUInt64LE(at + 8));
    if (bytes.readBigUInt64LE(at) === 1n) libraries.push(text(bytes, sections[dynamic.link].offset + value));
  }
  const versions = [];
  const needed = sections.find(({ type }) => type === 0x6ffffffe);
  for (let at = needed?.offset, next = 1; needed !== undefined && next !== 0; at += next) {
    next = bytes.readUInt32LE(at + 12);
    let version = at + bytes.readUInt32LE(at + 8);
    for (let i = 0; i < bytes.readUInt16LE(at + 2); i++, version += bytes.readUInt32LE(version + 12))
      versions.push(text(bytes, sections[needed.link].offset + bytes.readUInt32LE(version + 8)));
  }
  return { libraries, versions };
}

function machONeeds(bytes) {
  const libraries = [];
  for (let i = 0, at = 32; i < bytes.readUInt32LE(16); i++, at += bytes.readUInt32LE(at + 4)) {
    if (bytes.readUInt32LE(at) === 0xc) libraries.push(text(bytes, at + bytes.readUInt32LE(at + 8)));
  }
  return { libraries, versions: [] };
}

/** The highest version of these with that prefix, such as `2.28` of `GLIBC_`; undefined where there is none. */
export function highest(versions, prefix) {
  const numbers = versions.filter((each) => each.startsWith(prefix)).map((each) => each.slice(prefix.length));
  return numbers
    .filter((each) => /^\d/.test(each))
    .sort(compareVersions)
    .at(-1);
}

export function compareVersions(a, b) {
  const [left, right] = [a.split('.').map(Number), b.split('.').map(Number)];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
