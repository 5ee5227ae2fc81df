// Serves its simulated host at the path given, until it is killed.
import { Simulator } from 'hostcompute/simulator';

const simulator = await Simulator.open();
await simulator.serve(process.argv[2]);
process.on('disconnect', () => process.exit()); // and this keeps it alive
process.send!('served');
