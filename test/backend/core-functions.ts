// Which functions of the list JavaScript can call, and what it gives them, as functions.def says.
import { functions } from '#dist/backend/functions.js';

type Parameter = readonly [direction: string, kind: string, name: string];

// What a backend fills in by itself.
const filled = new Set(['Identity', 'SecurityDescriptor', 'CreateOptions', 'Driver', 'Callback', 'Context']);
const operations = new Set(['TextOperation', 'ProcessOperation']);

/** The parameters that JavaScript gives. */
export function givenOf(key: keyof typeof functions): readonly Parameter[] {
  const { parameters }: { readonly parameters: readonly Parameter[] } = functions[key];
  return parameters.filter(([way, kind]) => way === 'In' && !filled.has(kind) && !operations.has(kind));
}

/** Whether the backend alone calls it. */
export function isCoreOnly(key: keyof typeof functions): boolean {
  const { parameters }: { readonly parameters: readonly Parameter[] } = functions[key];
  const ofHandles = parameters.some(
    ([way, kind]) =>
      way === 'Release' ||
      kind === 'EventCallback' ||
      kind === 'OperationHandle' ||
      (way === 'Out' && kind === 'Registration'),
  );
  return ofHandles || 'returns' in functions[key];
}
