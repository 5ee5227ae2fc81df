// Programs that a test needs and a machine may lack. A test without its program is left out when the suite is put together.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

interface Capability {
  /** What is missing, and how it is got. */
  readonly why: string;
  /** Where .ci/run installs it, it may not be missing there. */
  readonly installable: boolean;
  readonly present: () => boolean;
}

function says(program: string, text: string): boolean {
  const { status, stdout } = spawnSync(program, ['--version'], { encoding: 'utf8' });
  return status === 0 && stdout.includes(text);
}

const chromiums = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
export const chromiumPath = process.env.CHROMIUM ?? chromiums.find((place) => existsSync(place));

/** The compiler for Windows. */
export const mingw = 'x86_64-w64-mingw32-g++-posix';

/** The table: what may be missing where the tests run. */
export const capabilities: Readonly<Record<'GNU tar' | 'chromium' | 'mingw' | 'qemu-img', Capability>> = {
  'GNU tar': {
    why: 'there is no GNU tar in PATH (Debian: apt-get install tar)',
    installable: true,
    present: () => says('tar', 'GNU tar'),
  },
  mingw: {
    why: `there is no ${mingw} in PATH (Debian: apt-get install g++-mingw-w64-x86-64-posix)`,
    installable: process.platform === 'linux',
    present: () => says(mingw, 'GCC'),
  },
  'qemu-img': {
    why: 'there is no qemu-img in PATH (Debian: apt-get install qemu-utils)',
    installable: process.platform !== 'win32',
    present: () => says('qemu-img', 'qemu-img'),
  },
  chromium: {
    why: `there is no Chromium in ${chromiums.join(', ')} (Debian: apt-get install chromium, or set CHROMIUM to its path)`,
    installable: true,
    present: () => chromiumPath !== undefined,
  },
};

/**
 * Whether a test, or a suite, can have what it needs. Where not, the run says so; with `CI=true` it fails instead, unless
 * nobody could install it there.
 */
export function has(name: keyof typeof capabilities, title: string): boolean {
  const { why, installable, present } = capabilities[name];
  if (present()) return true;
  if (installable && process.env.CI === 'true') throw new Error(`${title} cannot run: ${why}`);
  process.stdout.write(`not run: ${title}, ${why}\n`);
  return false;
}
