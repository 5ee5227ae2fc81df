// What a library needs of the system that loads it, read from its own tables: libraries by name, and for ELF the versions
// of symbols. Nothing but the file is needed, so that one machine can check the binaries of all platforms.
import { thinLibraries } from './dlls.mjs';

// The library that has the state of a host, and those which export the functions of a DLL of Windows. None is called like
// that DLL: what is loaded has that name in its process, and a later load by the bare name would get it.
const host = (name, extension) =>
  [`hostcompute-${name}`, ...thinLibraries(name)].map((library) => `${library}.${extension}`);

/** The binaries of a platform in the package. */
export function binariesOf(platform) {
  const [system] = platform.split('-');
  const extension = { win32: 'dll', darwin: 'dylib' }[system] ?? 'so';
  return ['hostcompute.node', ...host('simulator', extension), ...host('remote', extension)];
}

const text = (bytes, offset) => bytes.toString('latin1', offset, bytes.indexOf(0, offset));

/** `{ libraries: string[], versions: string[] }` of the content of a library for this platform. */
export function needsOf(platform, bytes) {
  const read = { win32: peNeeds, linux: elfNeeds, darwin: machONeeds }[platform.split('-')[0]];
  return read(bytes);
}

/**
 * The C functions that a library for this platform exports, in alphabetical order. What of the C++ library a compiler leaves
 * visible differs, and is left out.
 */
export function exportsOf(platform, bytes) {
  const read = { win32: peExports, linux: elfExports, darwin: machOExports }[platform.split('-')[0]];
  const ofLinker = ['_init', '_fini', '_edata', '_end', '__bss_start'];
  const ofWindows = ['CoTaskMemFree', 'LocalFree']; // Windows has them itself
  return read(bytes)
    .filter((name) => !name.startsWith('_Z') && !ofLinker.includes(name) && !ofWindows.includes(name))
    .sort();
}

function peTables(bytes) {
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
  return { offsetOf, directory: (index) => bytes.readUInt32LE(optional + 112 + 8 * index) };
}

function peExports(bytes) {
  const { offsetOf, directory } = peTables(bytes);
  if (directory(0) === 0) return [];
  const table = offsetOf(directory(0));
  const names = offsetOf(bytes.readUInt32LE(table + 32));
  const name = (_, i) => text(bytes, offsetOf(bytes.readUInt32LE(names + 4 * i)));
  return Array.from({ length: bytes.readUInt32LE(table + 24) }, name);
}

function peNeeds(bytes) {
  const { offsetOf, directory } = peTables(bytes);
  // Of the data directories: what is loaded with the library, and what is when it is first called.
  const names = ({ index, size, name }) => {
    const table = directory(index);
    const found = [];
    if (table === 0) return found;
    for (let at = offsetOf(table); bytes.readUInt32LE(at + name) !== 0; at += size)
      found.push(text(bytes, offsetOf(bytes.readUInt32LE(at + name))));
    return found;
  };
  const imports = { index: 1, size: 20, name: 12 };
  const delayed = { index: 13, size: 32, name: 4 };
  return { libraries: [...names(imports), ...names(delayed)], versions: [] };
}

function elfSections(bytes) {
  const table = Number(bytes.readBigUInt64LE(40));
  const [size, count] = [bytes.readUInt16LE(58), bytes.readUInt16LE(60)];
  return Array.from({ length: count }, (_, i) => {
    const at = table + size * i;
    const [offset, length] = [Number(bytes.readBigUInt64LE(at + 24)), Number(bytes.readBigUInt64LE(at + 32))];
    return { type: bytes.readUInt32LE(at + 4), offset, length, link: bytes.readUInt32LE(at + 40) };
  });
}

function elfExports(bytes) {
  const sections = elfSections(bytes);
  const { offset, length, link } = sections.find(({ type }) => type === 11);
  const names = [];
  for (let at = offset; at < offset + length; at += 24) {
    const isDefined = bytes.readUInt16LE(at + 6) !== 0;
    const isGlobal = bytes[at + 4] >> 4 !== 0;
    if (isDefined && isGlobal) names.push(text(bytes, sections[link].offset + bytes.readUInt32LE(at)));
  }
  return names;
}

function elfNeeds(bytes) {
  const sections = elfSections(bytes);
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

function machOExports(bytes) {
  const names = [];
  for (let i = 0, at = 32; i < bytes.readUInt32LE(16); i++, at += bytes.readUInt32LE(at + 4)) {
    if (bytes.readUInt32LE(at) !== 0x2) continue;
    const [symbols, count, strings] = [8, 12, 16].map((each) => bytes.readUInt32LE(at + each));
    for (let symbol = symbols; symbol < symbols + 16 * count; symbol += 16) {
      const type = bytes[symbol + 4];
      // Defined and external, and not private to the library.
      if ((type & 0x0e) !== 0 && (type & 0xf1) === 0x01)
        names.push(text(bytes, strings + bytes.readUInt32LE(symbol)).slice(1));
    }
  }
  return names;
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
