// Compile-only: what the compiler takes and refuses of the builders. Never run.
import type { ContainerDocument, HostedDocument, Schema1, SystemDocument, VirtualMachineDocument } from 'hostcompute';
import { documents } from 'hostcompute/documents';

const layers = [{ id: 'b3a0a7c9-51d2-5f7f-8a44-0d7c1e6f2b02', path: 'D:\\base' }];
const container = { id: 'web', layers, scratchVolume: '\\\\?\\Volume{b3a0a7c9-51d2-5f7f-8a44-0d7c1e6f2b02}\\' };

export const two: ContainerDocument = documents.processIsolated(container);
export const one: Schema1.ContainerConfig = documents.processIsolated({ ...container, schema: 1 });
export const either: SystemDocument = documents.processIsolated({ ...container, osBuild: 17134 });
export const machine: VirtualMachineDocument = documents.virtualMachine({ memoryMiB: 2n ** 40n });
export const hosted: HostedDocument = documents.linuxContainer({ id: 'web', hostingSystemId: 'pod@vm' });

// @ts-expect-error which schema it is, is not known before the build is
export const unknown: ContainerDocument = documents.processIsolated({ ...container, osBuild: 17134 });

// @ts-expect-error an option that there is not
documents.processIsolated({ ...container, memoryMib: 512 });

// @ts-expect-error a required option
documents.processIsolated({ id: 'web', layers });

// @ts-expect-error a layer is on a share or at a path
documents.hostedContainer({ id: 'web', hostingSystemId: 'vm', layers: [{ id: 'a' }], scratchPath: 'C:\\a' });

// @ts-expect-error limits of one mapping are of schema 1, without a VM
documents.hostedContainer({ ...container, mounts: [{ share: 's1', containerPath: 'C:\\a', iopsMaximum: 1 }] });

// @ts-expect-error a device is named in one way
documents.processIsolated({ ...container, devices: [{ gpuMirror: false }] });

// @ts-expect-error a text is no schema
documents.fromOciSpec({}, { id: 'web', schema: '2', parentLayers: [] });
