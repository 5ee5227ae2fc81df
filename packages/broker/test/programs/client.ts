// A client of a broker as another user: does what it is told by messages, one at a time, until it is killed.
import type { SystemDocument } from 'hostcompute';
import { ComputeSystem, Host, LayerStore } from 'hostcompute';

/** What it is asked, and what it answers. */
export type Order =
  | { readonly open: string; readonly as?: number }
  | { readonly create: string; readonly document: SystemDocument }
  | { readonly list: true }
  | { readonly find: string }
  | { readonly start: string }
  | { readonly close: string }
  | { readonly mount: string; readonly folder: string; readonly parents: readonly string[] };

let host: Host;
const systems = new Map<string, ComputeSystem>();

async function obey(order: Order): Promise<unknown> {
  if ('open' in order) {
    // The library is loaded, and may be where the other user cannot read.
    if (order.as !== undefined) {
      await (await Host.open({ broker: order.open })).close();
      process.setuid!(order.as);
    }
    host = await Host.open({ broker: order.open });
    return host.kind;
  }
  if ('create' in order) {
    const system = await ComputeSystem.create(order.create, order.document, { host, validate: 'off' });
    system.ref();
    systems.set(order.create, system);
    return system.id;
  }
  if ('list' in order) return (await ComputeSystem.list({}, { host })).map(({ Id, Owner }) => [Id, Owner]);
  if ('find' in order) return (await ComputeSystem.open(order.find, { host })).id;
  if ('start' in order) {
    await systems.get(order.start)!.start();
    return null;
  }
  if ('close' in order) {
    await systems.get(order.close)!.close();
    return null;
  }
  const store = await LayerStore.open(order.folder, { host });
  await store.createScratch(order.mount, order.parents);
  return (await store.mount(order.mount, order.parents)).storage;
}

process.on('message', (order: Order) => {
  obey(order).then(
    (answer) => process.send!({ answer }),
    (error: unknown) => {
      const { code, message } = error as { code?: string; message: string };
      process.send!({ code, message });
    },
  );
});
