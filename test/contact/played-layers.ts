// The layers of a recording, as far as they are played: those that were there have stand-ins, base layers without files, in a
// folder for temporary files, and the scratch layers that are made are beside them.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { CallLine, RecordedText } from '#dist/recorder/format.js';
import { parameters } from '#dist/recorder/format.js';
import { valueOf } from '#dist/recorder/matching.js';

import { sideFile } from '../support/layers/layers.js';

const played: ReadonlySet<string> = new Set(
  [
    'CreateSandboxLayer',
    'ExpandSandboxSize',
    'ActivateLayer',
    'PrepareLayer',
    'UnprepareLayer',
    'DeactivateLayer',
    'GetLayerMountPath',
    'LayerExists',
    'DestroyLayer',
  ].map((name) => `vmcompute.${name}`),
);
const paths: ReadonlySet<string> = new Set(['layer', 'folder', 'copy', 'file']);

/** Whether a call works on files that are not here: those of a layer which is more than its name. */
export function needsFiles({ function: name }: CallLine): boolean {
  return !played.has(name) && parameters.get(name)!.inputs.some(({ name: at }) => paths.has(at));
}

function parentsOf({ input }: CallLine): readonly string[] {
  const list = valueOf(input.parents ?? null);
  // Id and path of each, one after the other.
  return Array.isArray(list) ? (list as string[]).filter((_, i) => i % 2 === 1) : [];
}

export class PlayedLayers {
  #folder: string | undefined;
  // The texts of the recording and those in their place.
  readonly #texts = new Map<string, string>();

  /** Makes the layers that were there, and returns their folders. */
  begin(calls: readonly CallLine[]): readonly string[] {
    const layerCalls = calls.filter(({ function: name }) => played.has(name));
    if (layerCalls.length === 0) return [];
    this.#folder = mkdtempSync(join(tmpdir(), 'hostcompute-played-'));
    const made = new Set(
      layerCalls.flatMap(({ function: name, input }) =>
        name === 'vmcompute.CreateSandboxLayer' ? [input.layer as string] : [],
      ),
    );
    const there = new Set(layerCalls.flatMap(parentsOf));
    for (const path of [...made, ...layerCalls.map(({ input }) => input.layer as string), ...there]) {
      if (!this.#texts.has(path)) this.#texts.set(path, join(this.#folder, `layer-${this.#texts.size + 1}`));
    }
    const bases = [...there].filter((path) => !made.has(path)).map((path) => this.#texts.get(path)!);
    for (const base of bases) {
      mkdirSync(join(base, 'Files'), { recursive: true });
      writeFileSync(join(base, 'Files.$wcidirs$'), sideFile);
    }
    return bases;
  }

  /** The simulated host has given this text where the recording has that one. */
  learn(recorded: RecordedText | undefined, actual: string | null): void {
    if (typeof recorded === 'string' && recorded !== '' && actual) this.#texts.set(recorded, actual);
  }

  /** The folder that stands for a layer. No other is ever named to the simulated host. */
  pathOf(recorded: string): string {
    const path = this.#texts.get(recorded);
    if (path === undefined) throw new Error('there is no folder that stands for this layer');
    return path;
  }

  /** The same for parents, given as JSON: id and path of each, one after the other. */
  listOf(recorded: string): readonly string[] {
    return (JSON.parse(recorded) as string[]).map((text, i) => (i % 2 === 0 ? text : this.pathOf(text)));
  }

  /** A text or document of the recording, as the simulated host gets it. */
  toPlayed(text: string): string {
    return replaced(text, [...this.#texts]);
  }

  /** What the simulated host gives, as it would be in the recording. */
  toRecorded(text: string): string {
    return replaced(
      text,
      [...this.#texts].map(([recorded, actual]) => [actual, recorded]),
    );
  }

  end(): void {
    if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
  }
}

function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

// As they are, and as they are in JSON. The longest first: a path may begin with another.
function replaced(text: string, pairs: readonly (readonly [from: string, to: string])[]): string {
  const all = pairs.flatMap((pair) => {
    const [from, to] = [inJson(pair[0]), inJson(pair[1])];
    return from === pair[0] ? [pair] : [[from, to] as const, pair];
  });
  const ordered = all.sort(([a], [b]) => b.length - a.length);
  return ordered.reduce((shown, [from, to]) => shown.replaceAll(from, () => to), text);
}
