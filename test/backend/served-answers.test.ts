import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

import type { Backend, CallableKey, Completion, FunctionKey, Input, OpenHandle } from '#dist/backend/backend.js';
import { functions } from '#dist/backend/functions.js';
import { backendNames, loadAddon, loadBackend, remoteLibraries } from '#dist/backend/load.js';
import type { NativeServer, ServerEvent } from '#dist/backend/native-server.js';

const keys = Object.keys(functions) as FunctionKey[];
const id = '0f0e0d0c-0b0a-4908-8706-050403020100';
const entries = [
  [id, '00112233-4455-4677-8899-aabbccddeeff', 6, 2 ** 40, 3, 4, 5, 6000, 65_535],
  [id, id, 17, 0, 0, 0, 0, 1, 2],
] as const;
const sink = { notification: () => undefined, overflow: () => undefined, delivered: () => undefined };

describe('The answers of a server to calls of networks', () => {
  let folder: string;
  let path: string;
  let server: NativeServer;
  let outputs: Partial<Record<FunctionKey, readonly unknown[]>>;
  let refused: string[];
  let asked: [FunctionKey, readonly unknown[]][];

  const receive = (event: ServerEvent): void => {
    if (event.length === 3) server.admit(event[1], true);
    if (event.length !== 4) return;
    const [, question, index, inputs] = event;
    const key = keys[index]!;
    const count = functions[key].parameters.filter(([direction]) => direction === 'Out').length;
    asked.push([key, inputs]);
    try {
      server.answer(question, 0, outputs[key] ?? Array.from({ length: count }, () => null));
    } catch (error) {
      refused.push(String(error));
    }
  };
  const call = <F extends CallableKey>(backend: Backend, key: F, input: Input<F>): Promise<Completion<F>> =>
    new Promise((resolve) => backend.call(key, input, { settle: resolve }));

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hostcompute-'));
    path = process.platform === 'win32' ? `\\\\.\\pipe\\${basename(folder)}` : join(folder, 'served');
    outputs = {};
    asked = [];
    refused = [];
    server = new (loadAddon().Server)(path, [], (events) => events.forEach(receive));
  });
  afterEach(() => {
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  for (const kind of backendNames) {
    it(`reach a client as they are given, with the backend ${kind}`, async () => {
      const backend = (await loadBackend(kind))(remoteLibraries(), sink, { maxWorkers: 4 });
      const control = async (command: object): Promise<void> => {
        const request = JSON.stringify(command);
        assert.equal((await call(backend, 'simulator.HcSimulatorControl', { request })).status, 0);
      };
      await control({ Connect: { Path: path } });
      try {
        outputs = {
          'computenetwork.HcnOpenGuestNetworkService': [77, null],
          'computenetwork.HcnRegisterGuestNetworkServiceCallback': [78],
          'computenetwork.HcnReserveGuestNetworkServicePortRange': [[6000, 65_535], 79],
          'computenetwork.HcnEnumerateGuestNetworkPortReservations': [entries],
          'computenetwork.HcnOpenNetwork': [80, null],
          'computenetwork.HcnQueryNetworkProperties': ['{"Name":"nat"}', 'a record'],
          'vmcompute.NameToGuid': [id],
        };
        const opened = await call(backend, 'computenetwork.HcnOpenGuestNetworkService', { id });
        const { service } = opened.outputs;
        assert.ok(service !== null);
        const reserved = await call(backend, 'computenetwork.HcnReserveGuestNetworkServicePortRange', {
          service,
          portCount: 3,
        });
        assert.deepEqual(reserved.outputs.range, [6000, 65_535]);
        const listed = await call(backend, 'computenetwork.HcnEnumerateGuestNetworkPortReservations', {});
        assert.deepEqual(listed.outputs.portEntries, entries);
        const network = await call(backend, 'computenetwork.HcnQueryNetworkProperties', { network: id, query: '{}' });
        assert.deepEqual(network.outputs, { properties: '{"Name":"nat"}', errorRecord: 'a record' });
        const named = await call(backend, 'vmcompute.NameToGuid', { name: 'layer' });
        assert.equal(named.outputs.guid, id);
        const close = (of: 'GuestNetworkService' | 'PortReservation', handle: OpenHandle): Promise<number> =>
          new Promise((resolve) => backend.close(of, handle, { settle: resolve }));
        assert.equal(await close('PortReservation', reserved.outputs.portReservation!), 0);
        assert.equal(await close('GuestNetworkService', service), 0);
        assert.deepEqual(
          asked.map(([key]) => key.replace(/^.*\.Hcn/, '')),
          [
            'OpenGuestNetworkService',
            'RegisterGuestNetworkServiceCallback',
            'ReserveGuestNetworkServicePortRange',
            'EnumerateGuestNetworkPortReservations',
            'OpenNetwork',
            'QueryNetworkProperties',
            'CloseNetwork',
            'vmcompute.NameToGuid',
            'ReleaseGuestNetworkServicePortReservationHandle',
            'UnregisterGuestNetworkServiceCallback',
            'CloseGuestNetworkService',
          ],
        );
        // What a client gives reaches the server, handles by the numbers that the server gave them.
        assert.deepEqual(asked[2]![1], [77, 3]);
        assert.deepEqual(asked[5]![1], [80, '{}']);
        assert.deepEqual(asked[8]![1], [79]);
      } finally {
        await control({ Leave: {} });
        backend.end();
      }
    });
  }

  for (const [what, value, message] of [
    ['are absent where they are null', null, undefined],
    ['must be arrays', 'text', 'portEntries must be an array or null'],
    ['must have GUIDs for ids', [['x', id, 0, 0, 0, 0, 0, 0, 0]], 'portEntries must be a GUID'],
    [
      'must have ports of 16 bits',
      [[id, id, 0, 0, 0, 0, 0, 65_536, 0]],
      'portEntries must be an integer from 0 to 65535',
    ],
  ] as const) {
    it(what, async () => {
      const backend = (await loadBackend('addon'))(remoteLibraries(), sink, { maxWorkers: 4 });
      const control = (command: object): Promise<unknown> =>
        call(backend, 'simulator.HcSimulatorControl', { request: JSON.stringify(command) });
      await control({ Connect: { Path: path } });
      outputs = { 'computenetwork.HcnEnumerateGuestNetworkPortReservations': [value] };
      const listed = await call(backend, 'computenetwork.HcnEnumerateGuestNetworkPortReservations', {});
      // Of an answer that is refused the client loses its connection: RPC_S_CALL_FAILED.
      const lost = 0x800706be;
      assert.deepEqual(
        [listed.status, listed.outputs.portEntries, refused],
        message === undefined ? [0, [], []] : [lost, null, [`TypeError: ${message}`]],
      );
      await control({ Leave: {} });
      backend.end();
    });
  }
});
