import assert from 'node:assert/strict';

import * as hostcompute from 'hostcompute';

import { useSimulator } from '../../support/host.js';

const { ComputeSystem, Host, HcsError } = hostcompute;

/** The least that the constructor of each class of errors takes. */
const least: Readonly<Record<string, readonly unknown[]>> = {
  HcsError: ['x', { code: 'E_FAIL', operation: 'x' }],
  HcsTimeoutError: [{ operation: 'x', elapsedMs: 1 }],
  HcsAbortError: [{ operation: 'x', elapsedMs: 1 }],
  HcsClosedError: [{ operation: 'x', what: 'host' }],
  HcsStreamError: [{ stream: 'stdin', cause: new Error('x') }],
  HcsMaxBufferError: [{ stream: 'stdout', maxBuffer: 1 }],
  HcsLibraryError: ['x', 'y'],
  HcsSymbolError: [{ operation: 'x', functionName: 'y' }],
  HcsDocumentError: [{ operation: 'x', what: 'y', text: null }],
  HcsArgumentError: ['x', 'must be y', undefined],
  HcsValidationError: ['x', [{ path: '', message: 'x must be y', remedy: 'z' }], []],
  LayerError: [{ reason: 'is wrong', remedy: 'x' }],
  HcsRecordingError: ['x', 'y'],
  HcsReplayError: ['x', { function: 'x', input: {} }, undefined, []],
};

function undefinedMembers(error: object): string[] {
  return Reflect.ownKeys(error)
    .filter((name) => (error as Record<string | symbol, unknown>)[name] === undefined)
    .map(String);
}

describe('Error members', () => {
  const bench = useSimulator();
  const classes = Object.entries(hostcompute).filter(
    ([, value]) => typeof value === 'function' && value.prototype instanceof Error,
  ) as unknown as [string, new (...args: readonly unknown[]) => Error][];

  it('are tested for every class', () => {
    assert.deepEqual(classes.map(([name]) => name).sort(), Object.keys(least).sort());
  });

  for (const [name, ErrorClass] of classes) {
    it(`of ${name} are absent rather than undefined`, () => {
      assert.deepEqual(undefinedMembers(new ErrorClass(...least[name]!)), []);
    });
  }

  it('are absent rather than undefined in errors of calls', async () => {
    const { host } = bench.simulator;
    const system = await bench.running();
    const failures = [
      ComputeSystem.open('nobody', { host }),
      ComputeSystem.list({}, { host, signal: AbortSignal.abort() }),
      ComputeSystem.create('a/b', {} as never, { host }),
      system.start(),
      system.openProcess(4_000_000),
      host.serviceProperties('{"x'),
      Host.open({ libraries: { vmcompute: '/nowhere/x.so' } }),
    ];
    for (const failure of failures) {
      const error = await failure.then(
        () => assert.fail('it did not fail'),
        (reason: unknown) => reason as Error,
      );
      assert.ok(hostcompute.isHcsError(error) || error instanceof HcsError, String(error));
      assert.deepEqual(undefinedMembers(error), [], String(error));
    }
  });
});
