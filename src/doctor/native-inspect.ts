/**
 * Questions about this machine as Windows answers them: src/doctor/questions.ts says which there are.
 *
 * @module
 */
import { loadAddon } from '../backend/load.js';
import type { MakeNativeInspector, NativeInspector } from '../backend/native-inspector.js';
import { addAbortListener, removeAbortListener } from '../host/waits/abort-signals.js';
import { quoted } from '../shortened.js';

class Inspections {
  readonly #native: NativeInspector;
  readonly #waiting = new Map<number, (json: string) => void>();
  #last = 0;

  constructor(Native: MakeNativeInspector) {
    this.#native = new Native((id, json) => this.#take(id)?.(json));
  }

  ask(question: string, signal?: AbortSignal): Promise<string> {
    return new Promise((resolve, reject) => {
      const id = (this.#last = (this.#last + 1) >>> 0);
      if (!this.#begin(id, question)) {
        resolve(noThread);
        return;
      }
      const giveUp = {
        abort: (): void => {
          this.#take(id);
          reject(signal!.reason as Error);
        },
      };
      if (signal !== undefined) addAbortListener(signal, giveUp);
      this.#waiting.set(id, (json) => {
        if (signal !== undefined) removeAbortListener(signal, giveUp);
        resolve(json);
      });
      if (this.#waiting.size === 1) this.#native.hold(true);
    });
  }

  #begin(id: number, question: string): boolean {
    try {
      return this.#native.ask(id, question);
    } catch (error) {
      throw new TypeError(`${quoted(question)} cannot be asked: ${(error as Error).message}`, { cause: error });
    }
  }

  // Undefined where nobody waits any more.
  #take(id: number): ((json: string) => void) | undefined {
    const waiting = this.#waiting.get(id);
    if (this.#waiting.delete(id) && this.#waiting.size === 0) this.#native.hold(false);
    return waiting;
  }
}

// ERROR_NO_SYSTEM_RESOURCES, and ERROR_NOT_SUPPORTED.
const noThread = JSON.stringify({ error: 1450, call: 'CreateThread' });
const notWindows = JSON.stringify({ error: 50, call: process.platform });

let inspections: Inspections | undefined;

/**
 * Asks this machine. The thread that asks is held by a call that hangs, and nothing else is: a program can end meanwhile. Until there
 * is an answer, or the signal is aborted, the promise keeps it running.
 *
 * @returns the JSON text of an `Answer`; off Windows error 50
 * @throws TypeError for what is no question, LoadError where there is no addon, and the reason of the signal
 */
export async function inspect(question: string, signal?: AbortSignal): Promise<string> {
  signal?.throwIfAborted();
  if (process.platform !== 'win32') return notWindows;
  if (inspections === undefined) {
    const { Inspector } = loadAddon();
    if (Inspector === undefined) throw new Error('The native addon asks no questions: it is of an earlier version');
    inspections = new Inspections(Inspector);
  }
  return inspections.ask(question, signal);
}
