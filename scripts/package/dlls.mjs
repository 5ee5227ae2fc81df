/** The DLLs of Windows that the simulated host and the remote one have a thin library for. */
export const dlls = ['vmcompute', 'computecore', 'computenetwork', 'computestorage', 'virtdisk'];

/** The cmake targets of the thin libraries of a state library. */
export const thinLibraries = (name) => dlls.map((dll) => `hostcompute-${name}-${dll}`);
