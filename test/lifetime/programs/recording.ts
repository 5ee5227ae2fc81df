import { record } from 'hostcompute/recorder';

const host = await record(process.argv[2]!, { host: 'simulated' });
for (let i = 0; i < 3; i++) await host.serviceProperties();
throw new Error('crashed');
