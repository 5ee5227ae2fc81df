/** A process-isolated Windows container of schema 2. On a real host its storage must have been prepared there. */
export const containerDocument = {
  Owner: 'hostcompute-bench',
  SchemaVersion: { Major: 2, Minor: 1 },
  ShouldTerminateOnLastHandleClosed: true,
  Container: {
    GuestOs: { HostName: 'web01' },
    Storage: {
      Path: '\\\\?\\Volume{0f3a6b52-7c1e-4f6f-9a27-1d5e8c0b4a11}\\',
      Layers: [{ Id: 'b3a0a7c9-51d2-5f7f-8a44-0d7c1e6f2b02', Path: 'D:\\layers\\base' }],
    },
  },
};
