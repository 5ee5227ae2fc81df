import assert from 'node:assert/strict';

import { HcsError } from 'hostcompute';
import { Endpoint, Namespace, Network, networks } from 'hostcompute/network';
import fc from 'fast-check';

import { useSimulator } from '../support/host.js';

/** One thing that a client does, on objects that are named by small numbers. */
type Step =
  | { readonly do: 'createNetwork' | 'deleteNetwork'; readonly network: number }
  | {
      readonly do: 'createEndpoint';
      readonly network: number;
      readonly endpoint: number;
      readonly port?: number | undefined;
      readonly host?: number | undefined;
    }
  | { readonly do: 'deleteEndpoint'; readonly endpoint: number }
  | { readonly do: 'createNamespace' | 'deleteNamespace'; readonly namespace: number }
  | { readonly do: 'add' | 'remove'; readonly namespace: number; readonly endpoint: number };

const few = fc.nat(1);
const many = fc.nat(7);
const optional = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constantFrom('createNetwork', 'createNetwork', 'deleteNetwork'), network: few }),
  fc.record({
    do: fc.constant('createEndpoint' as const),
    network: few,
    endpoint: many,
    port: optional(fc.integer({ min: 8000, max: 8002 })),
    // 0 is the network, 1 the gateway, 7 the broadcast address of a /29.
    host: fc.option(fc.integer({ min: 0, max: 7 }), { nil: undefined, freq: 1 }),
  }),
  fc.record({ do: fc.constant('deleteEndpoint' as const), endpoint: many }),
  fc.record({ do: fc.constantFrom('createNamespace', 'deleteNamespace'), namespace: few }),
  fc.record({ do: fc.constantFrom('add', 'remove'), namespace: few, endpoint: many }),
);

interface Known {
  readonly network: number;
  readonly port: number | undefined;
  readonly host: number;
  namespace: number | undefined;
}

const prefixOf = (network: number): string => `10.0.${network}`;

/** The rules in a few lines: what each step comes to, and what is there then. */
class Model {
  readonly networks = new Set<number>();
  readonly endpoints = new Map<number, Known>();
  readonly namespaces = new Set<number>();

  #of(network: number): Known[] {
    return [...this.endpoints.values()].filter((each) => each.network === network);
  }

  /** The code of the refusal; undefined where the step is done. `host` is the address that the service has chosen. */
  refusalOf(each: Step): string | undefined {
    switch (each.do) {
      case 'createNetwork':
        return this.networks.has(each.network) ? 'HCN_E_NETWORK_ALREADY_EXISTS' : undefined;
      case 'createEndpoint': {
        const { port, host } = each;
        const all = [...this.endpoints.values()];
        if (port !== undefined && all.some((other) => other.port === port)) return 'HCN_E_PORT_ALREADY_EXISTS';
        const taken = new Set(this.#of(each.network).map((other) => other.host));
        if (host === undefined) return taken.size === 5 ? 'HCN_E_ADDR_INVALID_OR_RESERVED' : undefined;
        const isFree = host > 1 && host < 7 && !taken.has(host);
        return isFree ? undefined : 'HCN_E_ADDR_INVALID_OR_RESERVED';
      }
      case 'add': {
        const known = this.endpoints.get(each.endpoint);
        return known?.namespace === undefined ? undefined : 'HCN_E_ENDPOINT_NAMESPACE_ALREADY_EXISTS';
      }
      case 'deleteNamespace': {
        const isUsed = [...this.endpoints.values()].some(({ namespace }) => namespace === each.namespace);
        return isUsed ? 'HCN_E_ENTITY_HAS_REFERENCES' : undefined;
      }
      default:
        return undefined;
    }
  }

  deleteNetwork(network: number): void {
    this.networks.delete(network);
    for (const [id, known] of this.endpoints) if (known.network === network) this.endpoints.delete(id);
  }
}

describe('Networks, whatever is done to them', () => {
  const bench = useSimulator();

  it('are what a small model of the rules says', async () => {
    const { host } = bench.simulator;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 40, maxLength: 120 }), async (steps) => {
        await bench.simulator.reset();
        const model = new Model();
        const made = {
          networks: new Map<number, Network>(),
          endpoints: new Map<number, Endpoint>(),
          namespaces: new Map<number, Namespace>(),
        };

        const codeOf = async (work: Promise<unknown>): Promise<string | undefined> => {
          try {
            await work;
            return undefined;
          } catch (error) {
            assert.ok(error instanceof HcsError, String(error));
            return error.code;
          }
        };
        for (const each of steps) {
          const expected = model.refusalOf(each);
          switch (each.do) {
            case 'createNetwork': {
              const document = networks.nat({ name: `net-${each.network}`, subnet: `${prefixOf(each.network)}.0/29` });
              const creating = Network.create(document, { host });
              assert.equal(await codeOf(creating), expected);
              if (expected !== undefined) break;
              made.networks.set(each.network, await creating);
              model.networks.add(each.network);
              break;
            }
            case 'deleteNetwork':
              await made.networks.get(each.network)?.delete();
              model.deleteNetwork(each.network);
              break;
            case 'createEndpoint': {
              const network = made.networks.get(each.network);
              if (!model.networks.has(each.network) || model.endpoints.has(each.endpoint)) break;
              const { port, host: wanted } = each;
              const creating = Endpoint.create(
                network!,
                {
                  Name: 'one',
                  ...(port !== undefined && {
                    Policies: [
                      { Type: 'PortMapping', Settings: { Protocol: 6, InternalPort: 80, ExternalPort: port } },
                    ],
                  }),
                  ...(wanted !== undefined && {
                    IpConfigurations: [{ IpAddress: `${prefixOf(each.network)}.${wanted}`, PrefixLength: 29 }],
                  }),
                },
                { validate: 'off' },
              );
              const code = await codeOf(creating);
              assert.equal(code, expected, JSON.stringify(each));
              if (code !== undefined) break;
              const endpoint = await creating;
              const { IpConfigurations = [] } = await endpoint.properties();
              const chosen = Number(IpConfigurations[0]!.IpAddress!.split('.')[3]);
              assert.equal(chosen, wanted ?? chosen);
              made.endpoints.set(each.endpoint, endpoint);
              model.endpoints.set(each.endpoint, { network: each.network, port, host: chosen, namespace: undefined });
              break;
            }
            case 'deleteEndpoint':
              await made.endpoints.get(each.endpoint)?.delete();
              model.endpoints.delete(each.endpoint);
              break;
            case 'createNamespace':
              if (model.namespaces.has(each.namespace)) break;
              made.namespaces.set(each.namespace, await Namespace.create({}, { host }));
              model.namespaces.add(each.namespace);
              break;
            case 'deleteNamespace': {
              if (!model.namespaces.has(each.namespace)) break;
              const code = await codeOf(made.namespaces.get(each.namespace)!.delete());
              assert.equal(code, expected);
              if (code === undefined) model.namespaces.delete(each.namespace);
              break;
            }
            case 'add': {
              if (!model.namespaces.has(each.namespace) || !model.endpoints.has(each.endpoint)) break;
              const adding = made.namespaces.get(each.namespace)!.addEndpoint(made.endpoints.get(each.endpoint)!);
              assert.equal(await codeOf(adding), model.refusalOf(each));
              model.endpoints.get(each.endpoint)!.namespace ??= each.namespace;
              break;
            }
            case 'remove': {
              if (!model.namespaces.has(each.namespace) || !model.endpoints.has(each.endpoint)) break;
              await made.namespaces.get(each.namespace)!.removeEndpoint(made.endpoints.get(each.endpoint)!);
              const known = model.endpoints.get(each.endpoint)!;
              if (known.namespace === each.namespace) known.namespace = undefined;
              break;
            }
          }
        }
        // What is there is what the model has.
        const found = await Endpoint.list({}, { host });
        assert.deepEqual(
          found.map(({ ID, HostComputeNamespace }) => [ID, HostComputeNamespace]).sort(),
          [...model.endpoints]
            .map(([id, { namespace }]) => [
              made.endpoints.get(id)!.id,
              namespace === undefined ? undefined : made.namespaces.get(namespace)!.id,
            ])
            .sort(),
        );
        assert.equal((await Network.list({}, { host })).length, model.networks.size);
        assert.equal((await Namespace.list({}, { host })).length, model.namespaces.size);
      }),
      { numRuns: 300 },
    );
  });
});
