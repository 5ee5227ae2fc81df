import { networks } from 'hostcompute/network';

/** A network with room for many endpoints. */
export const networkDocument = networks.nat({
  name: 'bench',
  subnet: '10.0.0.0/16',
  macPool: { first: '00-15-5D-00-00-00', last: '00-15-5D-FF-FF-FF' },
});
