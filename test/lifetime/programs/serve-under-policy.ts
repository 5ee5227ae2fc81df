// Serves the simulated host under a policy that allows everything, and says when it does.
import { serveHost } from 'hostcompute/remote';

import type { HostPolicy } from 'hostcompute/remote';

const policy: HostPolicy = {
  connected: () => true,
  decide: () => ({ allow: {} }),
  completed: () => undefined,
  disconnected: () => [],
  notification: (_, text) => text,
};
await serveHost({ name: process.argv[2]!, host: 'simulated', policy });
process.send!('served');
