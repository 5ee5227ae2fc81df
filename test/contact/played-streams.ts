// The streams of processes that are played. A recording does not have what was in them: outputs are read and forgotten, and an
// input ends when the recorded client closed it in the guest, or closed the process.
import { Socket } from 'node:net';
import type { SocketConstructorOpts } from 'node:net';

import type { ProcessInformation } from '#dist/backend/backend.js';
import type { CallLine, RecordedProcess } from '#dist/recorder/format.js';
import { valueOf } from '#dist/recorder/matching.js';

export class PlayedStreams {
  readonly #inputs = new Map<number, Socket>();
  readonly #outputs: Socket[] = [];

  /** What a recording has of the streams of a process; the streams are those of the process that the call `id` created. */
  take(id: number, [pid, stdin, stdout, stderr]: ProcessInformation): RecordedProcess {
    const input = streamOf(stdin, true);
    if (input !== undefined) {
      this.close(id);
      this.#inputs.set(id, input);
    }
    for (const descriptor of [stdout, stderr]) {
      const output = streamOf(descriptor, false);
      if (output !== undefined) this.#outputs.push(output.resume());
    }
    const recorded = (descriptor: number | null) => (descriptor === -1 ? descriptor : descriptor !== null);
    return { pid, stdin: recorded(stdin), stdout: recorded(stdout), stderr: recorded(stderr) };
  }

  /** A call has been answered, which may have ended the input of its process. */
  answered({ function: name, input }: CallLine): void {
    if (name !== 'vmcompute.HcsModifyProcess') return;
    const settings = valueOf(input.settings ?? null) as { readonly CloseHandle?: { readonly Handle?: string } } | null;
    const handle = settings?.CloseHandle?.Handle;
    if (handle === 'StdIn' || handle === 'All') this.close(input.process as number);
  }

  /** Ends the input of a process. */
  close(id: number): void {
    this.#inputs.get(id)?.destroy();
    this.#inputs.delete(id);
  }

  end(): void {
    for (const stream of [...this.#inputs.values(), ...this.#outputs]) stream.destroy();
  }
}

function streamOf(descriptor: number | null, writable: boolean): Socket | undefined {
  if (descriptor === null || descriptor < 0) return undefined;
  const options: SocketConstructorOpts = { fd: descriptor, readable: !writable, writable };
  return new Socket(options).on('error', () => undefined); // the process has ended
}
