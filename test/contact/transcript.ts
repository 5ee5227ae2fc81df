// What a host did, by call and by what notifications are about. Ids are those of the recording, whichever host it was.
import type { CallLine, CompletionLine, Line, RecordedText } from '#dist/recorder/format.js';
import { parameters } from '#dist/recorder/format.js';

/** A notification of a system or process, whether it completed a call or not. */
export interface Notified {
  readonly type: number;
  readonly status: number;
  readonly data: RecordedText;
  /** The call that it completed. */
  completes: number | undefined;
  /** Among all that the host sent. */
  readonly place: number;
}

export class Transcript {
  /** The calls that open a handle, or are made on one, and those on none. */
  readonly calls = new Map<number, CallLine>();
  /** Of the systems; the longest first. */
  readonly ids: readonly string[];
  /** Where each call is in the recording. */
  readonly lineOf = new Map<number, number>();
  readonly completions = new Map<number, CompletionLine>();
  /** By the call that opened the system or process. */
  readonly notifications = new Map<number, Notified[]>();

  /** `program` has the calls, `host` what a host did. */
  constructor(program: readonly Line[], host: readonly Line[]) {
    for (const [place, line] of program.entries()) {
      if (line.kind !== 'call') continue;
      this.calls.set(line.id, line);
      this.lineOf.set(line.id, place + 2);
    }
    const ids = [...this.calls.values()].flatMap(({ input }) => (typeof input.id === 'string' ? [input.id] : []));
    this.ids = [...new Set(ids)].sort((a, b) => b.length - a.length);
    for (const [place, line] of host.entries()) {
      if (line.kind === 'completion') {
        this.completions.set(line.id, line);
        this.#pair(line);
      } else if (line.kind === 'notification') {
        const notified = { ...line, completes: undefined, place };
        const all = this.notifications.get(line.watch);
        if (all === undefined) this.notifications.set(line.watch, [notified]);
        else all.push(notified);
      }
    }
  }

  // What completes a call is notified before that call has ended.
  #pair({ id, notification }: CompletionLine): void {
    const watch = this.handleOf(this.calls.get(id)!) ?? id;
    const all = this.notifications.get(watch) ?? [];
    const completing = all.filter(({ type }) => type === notification?.type).at(-1);
    if (completing !== undefined) completing.completes = id;
  }

  /** The call that opened what a call is made on. */
  handleOf(call: CallLine): number | undefined {
    const handle = parameters.get(call.function)!.inputs.find(({ shape }) => shape === 'Handle');
    return handle && (call.input[handle.name] as number);
  }

  /** The id of the system that a call is about, its own or that of its process; empty where it is about the host. */
  systemOf(call: CallLine): string {
    const handle = this.handleOf(call);
    const opening = handle === undefined ? undefined : this.calls.get(handle);
    if (opening !== undefined) return this.systemOf(opening);
    return typeof call.input.id === 'string' ? call.input.id : '';
  }
}
