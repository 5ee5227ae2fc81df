// Runs the compiled examples in their order, on the simulated host, and writes what became of each as a line of JSON.
//
//   run-examples.js RESULTS MODULE ...
import { appendFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

import { defaultHost } from 'hostcompute';
import { validateDocument } from 'hostcompute/documents';
import { Simulator } from 'hostcompute/simulator';

/** What became of an example. */
export interface ExampleResult {
  readonly output: string;
  readonly error?: { readonly code: string; readonly message: string };
  /** What is wrong with the document that it made. */
  readonly issues: readonly string[];
}

const [results = '', ...modules] = process.argv.slice(2);
const simulator = Simulator.of(await defaultHost());
let output = '';
process.stdout.write = (chunk: string | Uint8Array) => {
  output += String(chunk);
  return true;
};

let error: ExampleResult['error'];
// What an example has not awaited.
process.on('uncaughtException', (thrown) => (error ??= described(thrown)));

for (const path of modules) {
  output = '';
  error = undefined;
  let document: object | string = '';
  try {
    ({ documentOfExample: document = '' } = (await import(pathToFileURL(path).href)) as { documentOfExample?: object });
  } catch (thrown) {
    error ??= described(thrown as Error);
  }
  const issues = typeof document === 'string' ? [] : validateDocument(document).map(({ message }) => message);
  await simulator.clear();
  await simulator.reset();
  const result: ExampleResult = { output, issues, ...(error && { error }) };
  appendFileSync(results, `${JSON.stringify(result)}\n`);
}
// A process keeps Node running until its exit is heard, and where Reset was faster than that, nobody hears of it.
process.exit();

function described(thrown: Error): ExampleResult['error'] {
  const { code, message, remedy, stack = '' } = thrown as Error & { code?: string; remedy?: string };
  return code === undefined ? { code: thrown.name, message: stack } : { code, message: `${message} ${remedy ?? ''}` };
}
