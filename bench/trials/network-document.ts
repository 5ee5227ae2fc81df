import { networks } from 'hostcompute/network';

/** A network with room for many endpoints. */
export const networkDocument = networks.nat({ name: 'bench', subnet: '10.0.0.0/16' });
