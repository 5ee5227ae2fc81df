/**
 * The arguments of calls between the wire, the policy and the backend.
 *
 * @module
 */
import type { CallableKey, FunctionKey, Input } from '../backend/backend.js';
import { functions } from '../backend/functions.js';
import type { Parameter } from '../backend/parameters.js';
import { inputsOf, outputsOf, parametersOf } from '../backend/parameters.js';

/** The functions by their numbers. */
export const functionKeys = Object.keys(functions) as readonly FunctionKey[];

/** Arguments by the names of the parameters. */
export type Arguments = Readonly<Record<string, unknown>>;

/** What a client has given, named. */
export function namedInputs(key: FunctionKey, values: readonly unknown[]): Arguments {
  const given = parametersOf(key).filter(({ direction }) => direction !== 'Out');
  return Object.fromEntries(given.map(({ name }, index) => [name, values[index]]));
}

/** What the backend takes. */
export function backendInput<F extends CallableKey>(key: F, inputs: Arguments): Input<F> {
  return Object.fromEntries(
    inputsOf(key).map(({ name, shape }) => [name, shape === 'Layers' ? flat(inputs[name]) : inputs[name]]),
  ) as Input<F>;
}

function flat(layers: unknown): readonly string[] {
  return (layers as readonly { readonly id: string; readonly path: string }[]).flatMap(({ id, path }) => [id, path]);
}

/** The outputs in the order of the parameters. */
export function outputList(key: FunctionKey, outputs: Arguments): readonly unknown[] {
  return outputsOf(key).map(({ name }) => outputs[name] ?? null);
}

/** The parameter of a function that has a kind, if any. */
export function parameterOf(
  key: FunctionKey,
  direction: Parameter['direction'],
  ...kinds: readonly string[]
): Parameter | undefined {
  return parametersOf(key).find((each) => each.direction === direction && kinds.includes(each.kind));
}

/** The descriptors of the streams of a process among outputs. */
export function descriptorsOf(key: FunctionKey, outputs: Arguments): readonly number[] {
  const streams = outputsOf(key).find(({ shape }) => shape === 'Streams');
  const value = streams && (outputs[streams.name] as readonly (number | null)[] | null | undefined);
  return (value ?? []).slice(1).filter((each): each is number => typeof each === 'number' && each >= 0);
}
