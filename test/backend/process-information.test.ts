import assert from 'node:assert/strict';
import { Socket } from 'node:net';
import { text } from 'node:stream/consumers';

import type { Backend, CallableKey, Completion, Input, OpenHandle, ProcessInformation } from '#dist/backend/backend.js';
import { openAddon } from '#dist/backend/addon.js';
import { loadKoffi, openKoffi } from '#dist/backend/koffi/index.js';
import { loadAddon, simulatorLibraries } from '#dist/backend/load.js';
import { onKoffi } from '../support/backend.js';
import { containerDocument } from '../support/documents.js';

const notFound = 0x80070490;

// What the API makes of it is `null` streams: this is the call itself, with descriptors that are the receiver's.
describe('HcsGetProcessInfo', () => {
  let backend: Backend;

  before(() => {
    const sink = { notification: () => undefined, overflow: () => undefined, delivered: () => undefined };
    const open = onKoffi ? openKoffi(loadKoffi()) : openAddon(loadAddon());
    backend = open(simulatorLibraries(), sink, { maxWorkers: 4 });
  });
  after(() => backend.end());

  const call = <F extends CallableKey>(key: F, input: Input<F>): Promise<Completion<F>> =>
    new Promise((settle) => void backend.call(key, input, { settle }, true));
  const close = (kind: 'System' | 'Process', handle: OpenHandle): Promise<number> =>
    new Promise((settle) => void backend.close(kind, handle, { settle }));
  const socketsOf = (information: ProcessInformation): Socket[] => {
    const [, ...descriptors] = information;
    return descriptors.map((fd, at) => new Socket({ fd: fd!, readable: at !== 0, writable: at === 0 }));
  };

  it('returns duplicates of the pipes that the opener reads, writes and closes', async () => {
    const identity = { id: 'process-information', configuration: JSON.stringify(containerDocument()) };
    const { outputs: made } = await call('vmcompute.HcsCreateComputeSystem', identity);
    const computeSystem = made.computeSystem!;
    await call('vmcompute.HcsStartComputeSystem', { computeSystem, options: '' });
    const processParameters = JSON.stringify({
      CommandLine: 'sim-cat',
      CreateStdInPipe: true,
      CreateStdOutPipe: true,
      CreateStdErrPipe: true,
    });
    const { outputs: created } = await call('vmcompute.HcsCreateProcess', { computeSystem, processParameters });
    const [processId] = created.processInformation!;
    const own = socketsOf(created.processInformation!);
    const { outputs: opened } = await call('vmcompute.HcsOpenProcess', { computeSystem, processId });
    const process = opened.process!;
    const { status, outputs } = await call('vmcompute.HcsGetProcessInfo', { process });
    assert.equal(status, 0);
    const [, ...numbers] = created.processInformation!;
    assert.ok(outputs.processInformation!.slice(1).every((fd) => fd !== null && fd >= 0 && !numbers.includes(fd)));

    const [input, output, error] = socketsOf(outputs.processInformation!);
    for (const each of own) each.destroy();
    input!.end('through the duplicate');
    assert.equal(await text(output!), 'through the duplicate');
    error!.destroy();

    const { status: late, outputs: nothing } = await call('vmcompute.HcsGetProcessInfo', { process });
    assert.equal(late, notFound);
    assert.deepEqual(nothing.processInformation?.slice(1) ?? [null, null, null], [null, null, null]);
    await close('Process', process);
    await close('Process', created.process!);
    await call('vmcompute.HcsTerminateComputeSystem', { computeSystem, options: '' });
    await close('System', computeSystem);
  });
});
