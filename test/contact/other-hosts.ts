// Simulated hosts that are other than the one that recordings are compared with: what `npm run contact` is tried on. They know
// the calls of test/conformance/any-host.test.ts, by their order.
import type { Simulator } from 'hostcompute/simulator';

/** Makes a simulated host another one, for a suite. */
export type Change = (simulator: Simulator, suite: string) => Promise<unknown>;

const exists = 0xc037010f;

async function differInTenWays(simulator: Simulator, suite: string): Promise<void> {
  switch (suite) {
    case 'service':
      await simulator.configure({ schemaVersion: '2.11' });
      await simulator.inject({ function: 'HcsOpenComputeSystem', status: 0x80070490 });
      break;
    case 'containers':
      await simulator.configure({ siloJobs: true, pauseContainers: false, strict: true });
      await simulator.inject({
        function: 'HcsCreateComputeSystem',
        nth: 3, // the second of its id
        status: exists,
        result: JSON.stringify(existsAlready()),
      });
      await simulator.inject({ function: 'HcsStartComputeSystem', completion: 'now' });
      await simulator.inject({
        function: 'HcsGetComputeSystemProperties', // of a system that was opened
        properties: JSON.stringify(openedSystem()),
      });
      await simulator.inject({
        function: 'HcsCreateProcess',
        nth: 2, // that exits with 7
        completionData: JSON.stringify({ ProcessId: 4, Exited: true, ExitCode: 7, LastWaitResult: 258 }),
      });
      break;
    case 'machines':
      await simulator.inject({ function: 'HcsPauseComputeSystem', completion: 'twice' });
  }
}

// What the simulated host says for the test "has a unique id", apart from the message.
function existsAlready() {
  const Value = `any-host-${process.pid}-has-a-unique-id`;
  return {
    Error: exists | 0,
    ErrorMessage: 'There is such a system.',
    ErrorEvents: [
      {
        Message: `The id must be new: a system with the id '${Value}' exists.`,
        Provider: '17103e3f-3c6e-4677-bb17-3b267eb5be57',
        EventId: 11000,
        Flags: 0,
        Data: [{ Type: 'String', Value }],
      },
    ],
  };
}

// And apart from the state.
function openedSystem() {
  const id = `any-host-${process.pid}-is-opened-by-its-id`;
  return {
    Id: id,
    SystemType: 'Container',
    RuntimeOsType: 'Windows',
    Name: id,
    Owner: 'hostcompute-test',
    RuntimeId: '71bb54d8-d101-45b9-834d-0bff90150280',
    State: 'Stopped',
  };
}

async function neverStarts(simulator: Simulator): Promise<void> {
  await simulator.inject({ function: 'HcsStartComputeSystem', block: true });
}

/** By the names that HOSTCOMPUTE_TEST_HOST takes. */
export const otherHosts: ReadonlyMap<string, Change> = new Map([
  ['other', differInTenWays],
  ['hanging', neverStarts],
]);
