import assert from 'node:assert/strict';

import type { Backend, Caller, Completion, CallableName } from '../../src/backend/backend.js';
import { Ending } from '../../src/backend/backend.js';
import { Session } from '../../src/host/session.js';
import { callHns } from '../../src/network/hns-call.js';
import { LoadBalancer } from '../../src/network/load-balancer.js';
import { Namespace } from '../../src/network/namespace.js';
import { createObject, enumerateObjects, queryObject } from '../../src/network/object-calls.js';
import { families } from '../../src/network/object-families.js';

const id = '6a1f6f0e-2c55-5e0c-9f3c-8f9d3b2a1c01';

type Outputs = Readonly<Record<string, string | null>>;

// A session that is garbage collected ends its backend, with a warning.
const kept: Session[] = [];

/** A host that gives the outputs of a call to the letter, with S_OK. */
function hostThat(answers: Readonly<Record<string, Outputs>>) {
  const calls: string[] = [];
  const held: (() => void)[] = [];
  let isHolding = false;
  const backend = {
    has: () => true,
    problemOf: () => undefined,
    release: () => undefined,
    cancel: () => undefined,
    abandon: () => undefined,
    call(key: string, _input: unknown, caller: Caller<Completion<CallableName>>): number {
      const name = key.slice(key.indexOf('.') + 1);
      calls.push(name);
      const outputs = (answers[name] ?? {}) as never;
      const completion = { status: 0, ending: Ending.returned, registration: 0, notification: undefined, outputs };
      const settle = (): void => caller.settle(completion);
      if (isHolding) held.push(settle);
      else queueMicrotask(settle);
      return calls.length;
    },
  };
  const settings = { maxWorkers: 1, debug: false, ended: () => Promise.resolve() };
  const session = new Session(() => backend as unknown as Backend, null, settings);
  kept.push(session);
  return {
    session,
    calls,
    hold: () => void (isHolding = true),
    release() {
      isHolding = false;
      for (const settle of held.splice(0)) settle();
    },
  };
}

// Users get one by create() or open().
const Balancer = LoadBalancer as unknown as new (kind: string, session: Session, id: string) => LoadBalancer;

const query = (properties: string) => {
  const { session } = hostThat({ HcnQueryNetworkProperties: { properties } });
  return queryObject<Record<string, unknown>>(session, families.network, id, {});
};

describe('What a network service answers', () => {
  it('is of the object that was asked for, where it has no id', async () => {
    for (const ID of [undefined, null, 7, 'x', {}]) {
      assert.equal((await query(JSON.stringify({ ID, Name: 'web' }))).ID, id);
    }
  });

  it('changes no prototype', async () => {
    const properties = await query('{"__proto__":{"Name":"other"}}');
    assert.equal(Object.getPrototypeOf(properties), Object.prototype);
    assert.equal(properties.Name, undefined);
  });

  it('is malformed where it is no object', async () => {
    for (const text of ['', '[]', 'null', '1', '{', '"x"']) {
      await assert.rejects(query(text), { code: 'ERR_HC_DOCUMENT' });
    }
  });

  it('has each object once, where the host lists one twice', async () => {
    const { session } = hostThat({ HcnEnumerateNetworks: { networks: JSON.stringify([id, id.toUpperCase()]) } });
    assert.deepEqual(await enumerateObjects(session, families.network, '{}', {}), [id]);
  });

  it('is malformed where the resources of a namespace are no list of objects', async () => {
    const namespaceWith = (Resources: unknown): Namespace => {
      const properties = JSON.stringify({ ID: id, Resources });
      return Namespace.of(hostThat({ HcnQueryNamespaceProperties: { properties } }).session, id);
    };
    for (const resources of [{}, 'x', [null], [1]]) {
      await assert.rejects(namespaceWith(resources).containers(), { code: 'ERR_HC_DOCUMENT' });
      await assert.rejects(namespaceWith(resources).endpoints(), { code: 'ERR_HC_DOCUMENT' });
    }
    const strange = [{ Type: 'Container' }, { Type: 'Container', Data: null }, { Type: 'Container', Data: { Id: 1 } }];
    assert.deepEqual(await namespaceWith(strange).containers(), []);
  });

  it('changes no load balancer whose endpoints are no list', async () => {
    for (const HostComputeEndpoints of [{}, 'x', [1]]) {
      const properties = JSON.stringify({ ID: id, HostComputeEndpoints });
      const { session, calls } = hostThat({ HcnQueryLoadBalancerProperties: { properties } });
      const balancer = new Balancer('load balancer', session, id);
      await assert.rejects(balancer.removeEndpoint(id), { code: 'ERR_HC_DOCUMENT' });
      assert.deepEqual(calls, ['HcnQueryLoadBalancerProperties']);
    }
  });

  it('deletes nothing when a create that was cancelled is refused by its record alone', async () => {
    const host = hostThat({ HcnCreateEndpoint: { errorRecord: '{"Success":false,"Error":"exists","ErrorCode":1}' } });
    host.hold();
    const abort = new AbortController();
    const input = { network: id, settings: '{}' };
    const created = createObject(host.session, families.endpoint, id, input, { signal: abort.signal });
    abort.abort();
    await assert.rejects(created, { name: 'AbortError' });
    host.release();
    assert.deepEqual(host.calls, ['HcnCreateEndpoint']);
  });
});

describe('What the older route answers', () => {
  const list = (response: string) =>
    callHns(hostThat({ HNSCall: { response } }).session, 'GET', '/networks/', undefined, {}, 'Network', true);

  it('is read whatever the case of its members', async () => {
    const [first] = (await list(`{"success":true,"output":[{"ID":"${id.toUpperCase()}"}]}`)) as { ID: string }[];
    assert.equal(first?.ID, id);
  });

  it('is an empty list where it has none', async () => {
    for (const response of ['{"Success":true}', '{"Success":true,"Output":null}']) {
      assert.deepEqual(await list(response), []);
    }
  });

  it('is malformed where it is no list of objects, or no object', async () => {
    for (const Output of [[null], ['x'], {}, 1]) {
      await assert.rejects(list(JSON.stringify({ Success: true, Output })), { code: 'ERR_HC_DOCUMENT' });
    }
    for (const Output of [[], [{}], null, 1]) {
      const { session } = hostThat({ HNSCall: { response: JSON.stringify({ Success: true, Output }) } });
      const got = callHns(session, 'GET', `/networks/${id}`, undefined, {}, 'Network');
      await assert.rejects(got, { code: 'ERR_HC_DOCUMENT' });
    }
  });
});
