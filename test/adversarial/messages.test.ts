// A text of the caller's has a megabyte: the error that it gives says what is wrong, and does not repeat it.
import assert from 'node:assert/strict';
import { join } from 'node:path';

import { exportLayer, grantVmAccess, Host, importLayer, LayerError, LayerStore, nameToGuid } from 'hostcompute';
import { ComputeSystem, HcsError, quoteCommandLine, reap, systemGuid } from 'hostcompute';
import { documents, supports, validateDocument } from 'hostcompute/documents';
import { record } from 'hostcompute/recorder';
import { Simulator } from 'hostcompute/simulator';

import { containerDocument } from '../support/documents.js';
import type { Bench } from '../support/host.js';
import { useSimulator } from '../support/host.js';
import type { LayerBench } from '../support/layers/layers.js';
import { useLayers } from '../support/layers/layers.js';

interface Scene {
  readonly text: string;
  readonly bench: Bench;
  readonly host: Host;
  readonly system: ComputeSystem;
  readonly layers: LayerBench;
}

/** Calls that take a text, or an object with one as value and as name. */
const calls: Readonly<Record<string, (scene: Scene) => unknown>> = {
  'an id to create': ({ text, host }) => ComputeSystem.create(text, containerDocument(), { host }),
  'a document to create': ({ text, host, bench }) => ComputeSystem.create(bench.id(), text, { host }),
  'a member of a document': ({ text, host, bench }) =>
    ComputeSystem.create(bench.id(), { Owner: 'x', [text]: text } as never, { host }),
  'a path in a document': ({ text, host, bench }) =>
    ComputeSystem.create(
      bench.id(),
      { Owner: 'x', Container: { Storage: { Path: text, [text]: { [text]: text } } } },
      { host },
    ),
  'an id to open': ({ text, host }) => ComputeSystem.open(text, { host }),
  'an id to open, and no time': ({ text, host }) => ComputeSystem.open(text, { host, signal: AbortSignal.abort() }),
  'a query': ({ text, host }) => ComputeSystem.list(text, { host }),
  'the name of an option': ({ text, system }) => system.start({ [text]: text }),
  'a property': ({ text, system }) => system.properties([text as never]),
  'a request to modify': ({ text, system }) => system.modify({ ResourcePath: text, [text]: text, Settings: {} }),
  'a command': ({ text, system }) => system.createProcess({ command: [`${text}\0`] }),
  'the name of a variable': ({ text, system }) => system.createProcess('x', { env: { [`a=${text}`]: text } }),
  'the value of a variable': ({ text, system }) => system.createProcess('x', { env: { [text]: `${text}\0` } }),
  'a member of a process': ({ text, system }) =>
    system.createProcess({ CommandLine: 'x', [`a${text}`]: text } as never),
  'an encoding': ({ text, system }) => system.exec('x', { encoding: text as never }),
  'a query of the service': ({ text, host }) => host.serviceProperties(text),
  'settings of the service': ({ text, host }) => host.modifyServiceSettings(text),
  'the name of a host': ({ text }) => Host.open(text as never),
  'the path of a library': ({ text }) => Host.open({ libraries: { vmcompute: join('/', text) } }),
  'the path of a replay': ({ text }) => Host.open({ replay: text }),
  'the name of a backend': ({ text }) => Host.open('simulated', { backend: text as never }),
  'the path of a recording': ({ text }) => record(text, { host: 'simulated' }),
  'the folder of a store': ({ text, host }) => LayerStore.open(join('/', text), { host }),
  'the id of a layer': ({ text, layers }) => layers.store.destroy(text),
  'the id of a layer, refused': ({ text, layers }) => layers.store.destroy(`${text}:`),
  'a parent': ({ text, layers }) => layers.store.prepare('scratch', [text]),
  'a folder to import': ({ text, layers }) => layers.store.import('x', join('/', text), []),
  'a source to import': ({ text, layers: { store } }) => importLayer(text, { store, id: 'x', parents: [] }),
  'a parent of an import': ({ text, layers: { store } }) => importLayer('x', { store, id: 'x', parents: [text] }),
  'a digest': ({ text, layers: { store } }) =>
    importLayer('x', { store, id: 'x', parents: [], verify: { digest: text } }),
  'a layer to export': ({ text, layers: { store } }) => exportLayer({ store, id: text, parents: [] }).stream.toArray(),
  'a format': ({ text, layers: { store } }) => exportLayer({ store, id: 'x', parents: [], format: text as never }),
  'a virtual machine': ({ text, host }) => grantVmAccess(text, text, { host }),
  'the name of a layer': ({ text, host }) => nameToGuid(`${text}\0`, { host }),
  'an owner': ({ text, host }) => reap({ owner: text, [text]: text, host }),
  'a word to quote': ({ text }) => quoteCommandLine([`${text}\0`]),
  'the id of a GUID': ({ text }) => systemGuid(text),
  'a feature': ({ text }) => supports(text, { osBuild: 20348 }),
  'a member of a feature': ({ text }) => supports(`Container.${text}`, { osBuild: 20348 }),
  'a kind of documents': ({ text }) => validateDocument({}, { kind: text }),
  'a version of the schema': ({ text }) => validateDocument({}, { schemaVersion: text }),
  'an option of a builder': ({ text }) => documents.processIsolated({ [text]: text } as never),
  'a layer of a builder': ({ text }) =>
    documents.processIsolated({ id: 'x', layers: [{ id: text, path: text }], scratchPath: text } as never),
  'a configuration of OCI': ({ text }) => documents.fromOciSpec({ [text]: text }, { id: text } as never),
  'a socket': ({ text }) => Simulator.connect(text),
  'a system of the simulator': ({ text, bench }) => bench.simulator.exit(text),
  'a fault': ({ text, bench }) => bench.simulator.provoke(text as never),
  'a function of a rule': ({ text, bench }) => bench.simulator.inject({ function: text as never }),
  'a profile': ({ text, bench }) => bench.simulator.configure({ profile: text as never }),
};

describe('The message of an error', () => {
  const bench = useSimulator();
  const layers = useLayers(bench);
  const warned: string[] = [];
  const listen = (warning: Error): void => void warned.push(warning.message);

  for (const [what, call] of Object.entries(calls)) {
    it(`does not repeat a megabyte: ${what}`, async () => {
      const system = await bench.running();
      process.on('warning', listen);
      try {
        for (const text of ['x'.repeat(2 ** 20), '"\\'.repeat(2 ** 19), 'é/'.repeat(2 ** 19)]) {
          const made: unknown = await Promise.resolve()
            .then(() => call({ text, bench, host: bench.simulator.host, system, layers }))
            .catch((error: unknown) => error);
          if (made instanceof Error) assert.ok(made.message.length <= 10_000, made.message.slice(0, 500));
          else if (typeof made === 'object' && made !== null && Symbol.asyncDispose in made) {
            await (made as AsyncDisposable)[Symbol.asyncDispose]();
          }
        }
        await new Promise(setImmediate);
        assert.ok(warned.every((message) => message.length <= 10_000));
      } finally {
        process.off('warning', listen);
      }
    });
  }

  it('does not repeat a megabyte: the entry of a layer, and what a host says', () => {
    const text = 'x'.repeat(2 ** 20);
    const errors = [
      new LayerError({ entry: text, reason: text, remedy: text }),
      new HcsError(text, { code: 'E_FAIL', operation: 'x' }),
    ];
    for (const { message } of errors) assert.ok(message.length <= 10_000);
    assert.equal((errors[0] as LayerError).entry, text);
  });

  it('has short names whole', () => {
    const entry = 'Files/'.repeat(80);
    assert.ok(new LayerError({ entry, reason: 'is no file', remedy: 'Leave it.' }).message.includes(entry));
  });
});
