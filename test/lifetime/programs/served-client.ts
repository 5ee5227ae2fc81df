// A client of a server: opens systems and a process there, says so, and waits to be killed.
import { ComputeSystem, Host } from 'hostcompute';

import { containerDocument } from '../../support/documents.js';

const host = await Host.open({ broker: process.argv[2]! });
const system = await ComputeSystem.create(process.argv[3]!, containerDocument('killed'), { host });
await system.start();
await system.createProcess({ command: 'cmd' });
system.ref();
process.send!('under way');
