import assert from 'node:assert/strict';

import type { OperationOptions } from 'hostcompute';
import { isNotFound } from 'hostcompute';
import { Endpoint, hns, Namespace, Network, networks } from 'hostcompute/network';
import type { Simulator } from 'hostcompute/simulator';

import { eventually } from '../support/eventually.js';

/** What chance decides of a step on networks. */
export interface NetworkChoice {
  readonly kind: number;
  /** Of the network, and of an address in it. */
  readonly place: number;
  readonly address: number;
}

const names = ['red', 'green', 'blue'] as const;

/** Networks, endpoints and namespaces that come and go, by both routes, of a few names that clash. */
export class NetworkChaos {
  readonly #simulator: Simulator;

  constructor(simulator: Simulator) {
    this.#simulator = simulator;
  }

  /** One thing; it rejects as the API does. */
  async step({ kind, place, address }: NetworkChoice, limits: OperationOptions): Promise<unknown> {
    const options = { host: this.#simulator.host, ...limits };
    const name = names[place % names.length]!;
    if (kind === 0) {
      const subnet = `10.${place % names.length}.0.0/24`;
      return Network.create(networks.nat({ name, subnet }), { ...options, ifExists: address % 2 ? 'open' : 'error' });
    }
    if (kind === 1) return this.#simulator.restartNetworks();
    if (kind === 2) return Network.list({}, options);
    if (kind === 3) return hns.endpoints.list(options);
    if (kind === 4) return this.#attach(place, options);
    const network = await Network.find(name, options);
    if (network === undefined) return undefined;
    if (kind === 5) return network.delete(limits);
    if (kind < 9) {
      const IpAddress = `10.${place % names.length}.0.${2 + (address % 8)}`;
      return Endpoint.create(network, { IpConfigurations: [{ IpAddress, PrefixLength: 24 }] }, limits);
    }
    const all = await Endpoint.list({ HostComputeNetwork: network.id }, options);
    const one = all[address % Math.max(all.length, 1)];
    if (one === undefined) return undefined;
    if (kind === 9) return hns.endpoints.delete(one.ID, options);
    return (await Endpoint.open(one.ID, options)).statistics(limits);
  }

  // A namespace with whatever endpoint there is, taken apart again.
  async #attach(place: number, options: OperationOptions & { readonly host: Simulator['host'] }): Promise<void> {
    const namespace = await Namespace.create({}, options);
    const all = await Endpoint.list({}, options);
    const one = all[place % Math.max(all.length, 1)];
    if (one !== undefined) await namespace.addEndpoint(one.ID, options);
    await namespace.addContainer('chaos', options);
    await namespace.removeContainer('chaos', options);
    if (one !== undefined) await namespace.removeEndpoint(one.ID, options);
    await namespace.delete(options);
  }

  /** Deletes all there is, when nothing is under way and no fault is left. What was given up is deleted by the API itself. */
  async end(): Promise<void> {
    const options = { host: this.#simulator.host };
    const namespaces = await Namespace.list({}, options);
    const all = await Network.list({}, options);
    for (const { ID } of namespaces) await unlessGone(this.#empty(ID));
    for (const { ID } of all) await unlessGone(Network.open(ID, options).then((network) => network.delete()));
    const left = async (): Promise<number> => {
      const { Networks: counts } = await this.#simulator.state();
      return counts.Networks + counts.Endpoints + counts.Namespaces;
    };
    let count = 0;
    await eventually(
      async () => (count = await left()),
      () => count === 0,
    );
    assert.equal(count, 0);
  }

  async #empty(id: string): Promise<void> {
    const namespace = await Namespace.open(id, { host: this.#simulator.host });
    for (const { ID } of await namespace.endpoints()) await namespace.removeEndpoint(ID);
    for (const container of await namespace.containers()) await namespace.removeContainer(container);
    await namespace.delete();
  }
}

async function unlessGone(work: Promise<unknown>): Promise<void> {
  await work.catch((error: unknown) => {
    if (!isNotFound(error)) throw error;
  });
}
