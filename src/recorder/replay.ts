/**
 * The replay of a recording in place of a host.
 *
 * @module
 */
import type { OpenBackend } from '../backend/backend.js';
import { HcsArgumentError } from '../errors/errors.js';
import { readOptions } from '../known-options.js';
import type { HcsReplayError, RecordedCall } from './errors.js';
import { readRecording } from './reader.js';
import { ReplayingBackend } from './replaying.js';

/** A recording to open in place of a host: see docs/recorder.md. */
export interface ReplayChoice {
  /** The path of the file. */
  readonly replay: string;
  /** 0, the default: nothing waits. 1: as fast as it was recorded; 2: twice as fast. */
  readonly speed?: number;
}

/** How far a replay has come. It can be read after the host has been closed, too. */
export interface Replay {
  /** The first call that the recording does not have. It and all calls after it were rejected with this. */
  readonly divergence: HcsReplayError | undefined;
  /** The calls of the recording that have not been made, in its order. */
  readonly remaining: readonly RecordedCall[];
}

export class Player implements Replay {
  readonly open: OpenBackend;
  #backend: ReplayingBackend | undefined;

  constructor(make: (...sink: Parameters<OpenBackend>) => ReplayingBackend) {
    this.open = (...with_) => (this.#backend = make(...with_));
  }

  get divergence(): HcsReplayError | undefined {
    return this.#backend?.divergence;
  }

  get remaining(): readonly RecordedCall[] {
    return this.#backend?.script.remaining ?? [];
  }

  closing(): void {
    this.#backend?.hurry();
  }

  closed(): Promise<void> {
    return this.divergence === undefined ? Promise.resolve() : Promise.reject(this.divergence);
  }
}

export async function openReplay(choice: ReplayChoice): Promise<Player> {
  const { replay, speed = 0 } = readOptions(choice, ['replay', 'speed']);
  if (typeof replay !== 'string' || replay === '' || replay.includes('\0')) {
    throw new HcsArgumentError('options.replay', 'must be the path of a recording', replay);
  }
  if (typeof speed !== 'number' || !(speed >= 0 && speed < Infinity)) {
    throw new HcsArgumentError('options.speed', 'must be 0, or how many times as fast as the recording', speed);
  }
  const recording = await readRecording(replay);
  return new Player((_, sink) => new ReplayingBackend(recording, speed, sink));
}
