// Loaded before hostcompute-broker (node --import): the simulated host of that process takes the time of the profile in
// BENCH_PROFILE. A broker refuses the control of the simulated host to its clients.
import { Simulator } from 'hostcompute/simulator';

import { profileOf } from './profile.js';

const simulator = await Simulator.open();
await simulator.configure({ profile: profileOf(process.env.BENCH_PROFILE ?? 'none') });
