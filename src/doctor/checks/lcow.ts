// What Linux containers boot from.
import type { Check, Facts } from '../check.js';
import { environment, file, system } from '../questions.js';
import { askFor, CannotTell, valueOf } from '../read-answer.js';
import { isEnvironment, isFile, isSystem } from '../shapes.js';

const folderName = 'Linux Containers';
/** The first build that boots an uncompressed kernel. */
const uncompressed = 18286;

async function isThere(facts: Facts, path: string): Promise<boolean> {
  const found = await askFor(facts, file(path), isFile);
  return found?.kind === 'file' && found.bytes > 0;
}

export const lcowFiles: Check = {
  id: 'lcow.files',
  title: 'kernel and root of Linux',
  goals: ['lcow'],
  blocks: ['lcow'],
  rule:
    `%ProgramFiles%\\${folderName} has a kernel (kernel, or vmlinux from build ${uncompressed} on) and a root (initrd.img or rootfs.vhd). ` +
    'A program that gives its machines another bootFolder has to look there itself.',
  source: 'microsoft/hcsshim internal/vm/vmutils/constants.go, internal/builder/vm/lcow/boot.go',
  date: '2026-08-20',
  async find(facts) {
    const place = environment('ProgramFiles');
    const programs = valueOf(place, await facts.ask(place), isEnvironment);
    if (programs === null || programs === '') throw new CannotTell('%ProgramFiles% is not set.');
    const folder = `${programs.replace(/\\+$/, '')}\\${folderName}`;
    const names = ['kernel', 'vmlinux', 'initrd.img', 'rootfs.vhd'];
    const [kernel, vmlinux, initrd, rootfs] = await Promise.all(
      names.map((name) => isThere(facts, `${folder}\\${name}`)),
    );
    const boots = kernel === true || (vmlinux === true && (await bootsUncompressed(facts)));
    const lacks = [
      ...(boots ? [] : ['kernel (kernel)']),
      ...(initrd === true || rootfs === true ? [] : ['root (initrd.img or rootfs.vhd)']),
    ];
    if (lacks.length === 0) return { outcome: 'ok', note: folder };
    return {
      outcome: 'problem',
      cause: `There is no ${lacks.join(' and no ')} in ${folder}.`,
      remedy: `Put the ${lacks.join(' and the ')} into ${folder}.`,
    };
  },
};

async function bootsUncompressed(facts: Facts): Promise<boolean> {
  return valueOf(system, await facts.ask(system), isSystem).build >= uncompressed;
}
