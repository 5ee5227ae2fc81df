/**
 * The parameters of a function, as far as JavaScript gives or gets them.
 *
 * @module
 */
import type { FunctionKey, KindName, Shape } from './backend.js';
import { functions, kinds } from './functions.js';

/** A parameter in the list. */
export interface Parameter {
  readonly direction: 'In' | 'Out' | 'Release';
  readonly kind: KindName;
  readonly shape: Shape;
  readonly name: string;
}

const lists = new Map(
  (Object.keys(functions) as FunctionKey[]).map((name) => {
    const listed: readonly (readonly [Parameter['direction'], KindName, string])[] = functions[name].parameters;
    return [
      name,
      listed.map(([direction, kind, parameter]): Parameter => {
        return { direction, kind, shape: kinds[kind].shape, name: parameter };
      }),
    ];
  }),
);

/** The parameters of a function in the order of its C arguments. */
export function parametersOf(name: FunctionKey): readonly Parameter[] {
  return lists.get(name)!;
}

// What is not here is filled by the backend.
const given: ReadonlySet<Shape> = new Set([
  'Text',
  'Integer',
  'Guid',
  'Layers',
  'Handle',
  'Object',
  'DiskCreation',
  'DiskOpening',
  'DiskSetting',
] as const);

/** The In parameters that JavaScript gives, in order. */
export function inputsOf(name: FunctionKey): readonly Parameter[] {
  return parametersOf(name).filter(({ direction, shape }) => direction === 'In' && given.has(shape));
}

// What comes back with an operation beside its document.
const processInformation: Parameter = {
  direction: 'Out',
  kind: 'ProcessInfo',
  shape: 'Streams',
  name: 'processInformation',
};

/** The Out parameters, and what a `ProcessOperation` brings in its place, in order. */
export function outputsOf(name: FunctionKey): readonly Parameter[] {
  return parametersOf(name).flatMap((parameter) => {
    if (parameter.kind === 'ProcessOperation') return processInformation;
    return parameter.direction === 'Out' ? parameter : [];
  });
}

function isOfBackend({ direction, kind }: Parameter): boolean {
  if (direction === 'Out') return kind === 'Registration';
  return direction === 'Release' || kind === 'EventCallback' || kind === 'OperationHandle';
}

const notCallable = new Set(
  [...lists.keys()].filter((name) => 'returns' in functions[name] || parametersOf(name).some(isOfBackend)),
);

/**
 * Whether only the backend itself may call a function: it releases a handle, registers a callback on one, or is about an
 * operation as such.
 */
export function calledByBackend(name: FunctionKey): boolean {
  return notCallable.has(name);
}
