/**
 * `cp`: files and folders into a container, or out of it.
 *
 * @module
 */
import { resolve } from 'node:path';

import type { Action } from '../../command-line/declare.js';
import type { GlobalOptions } from '../../command-line/global-options.js';
import { ofHost } from '../../containers/of-host.js';
import type { Guest } from '../../copy/guest-tar.js';
import type { GuestEnd } from '../../copy/places.js';
import { guestEnd } from '../../copy/places.js';
import { usageFailure } from '../../failure.js';
import { openContext } from '../../host/context.js';
import { byteSize } from '../../output/byte-size.js';
import { Output } from '../../output/output.js';
import { withProgress } from '../../output/progress.js';
import { checkOutput } from '../../output/whole-file.js';
import { openRunning } from './open-running.js';

interface CopyOptions {
  readonly user?: string;
}

interface Ends {
  readonly direction: 'in' | 'out';
  readonly guest: GuestEnd;
  /** On this machine, or `-`. */
  readonly host: string;
}

export const copy: Action<CopyOptions> = async ({ words: [from = '', to = ''], options: { user }, globals }) => {
  const ends = endsOf(from, to);
  if (ends.direction === 'out') checkOutput(to, globals);
  else if (from === '-' && process.stdin.isTTY)
    throw usageFailure('A tar is not typed', 'Name a file or a folder, or redirect the input.');
  const counted = await copied(ends, user, globals);
  if (to === '-') return;
  const { direction, guest, host } = ends;
  const isTar = host === '-';
  const place = isTar ? '-' : resolve(host);
  const entries = isTar ? null : counted.entries;
  const printed = { kind: 'copied', id: guest.id, direction, path: guest.place.path, file: place, entries };
  const amount = `${entries === null ? '' : `${entries} ${entries === 1 ? 'entry' : 'entries'}, `}${byteSize(counted.bytes)}`;
  new Output(globals).one({ ...printed, size: counted.bytes }, [`${from} -> ${to}: ${amount}`]);
};

async function copied(
  { direction, guest: { id, place }, host }: Ends,
  user: string | undefined,
  globals: GlobalOptions,
) {
  await using context = await openContext(globals, { lasting: true });
  try {
    await using system = await openRunning(id, context);
    const guest: Guest = { id, system, user, signal: context.signal };
    return await withProgress(globals, id, 'copy', async (show) => {
      if (direction === 'out') {
        const { copyOut, sendTar } = await import('../../copy/copy-out.js');
        return await (host === '-' ? sendTar(guest, place, show) : copyOut(guest, place, host, show));
      }
      const { copyIn, receiveTar } = await import('../../copy/copy-in.js');
      return await (host === '-' ? receiveTar(guest, place, show) : copyIn(guest, host, place, show));
    });
  } catch (error) {
    throw ofHost(error);
  }
}

function endsOf(from: string, to: string): Ends {
  const [source, target] = [guestEnd(from), guestEnd(to)];
  if (source !== undefined && target !== undefined) {
    const remedy = `Type "hostcompute cp ${from} - | hostcompute cp - ${to}".`;
    throw usageFailure('Nothing is copied from container to container', remedy);
  }
  if (source !== undefined) return { direction: 'out', guest: source, host: to };
  if (target !== undefined) return { direction: 'in', guest: target, host: from };
  throw usageFailure('Neither of them is in a container', 'Write CONTAINER:PATH for the one that is.');
}
