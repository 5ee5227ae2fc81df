// broker/throughput SIDE flood|cat MEBIBYTES: MiB per second out of a process, or into and out of one.
import { ComputeSystem } from 'hostcompute';

import { openSide } from './side.js';
import { systemThroughput } from '../streams.js';

const [name, way, mebibytes] = process.argv.slice(2) as [string, string, string];
await using side = await openSide(name, 'none');
await using system = await ComputeSystem.create('streams', side.document, { host: side.host });
await system.start();
console.log((await systemThroughput(system, way, Number(mebibytes) * 2 ** 20)).toFixed(1));
