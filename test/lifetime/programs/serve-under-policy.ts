// Serves the simulated host under a policy that allows everything, and says when it does.
import { serveHost } from 'hostcompute/remote';

import { allowing } from '../../support/allowing-policy.js';

await serveHost({ name: process.argv[2]!, host: 'simulated', policy: allowing });
process.send!('served');
