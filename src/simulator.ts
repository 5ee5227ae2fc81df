/**
 * The simulated host: develop and test for HCS on any machine, with faults on demand.
 *
 * @packageDocumentation
 */
export type {
  CompletionStyle,
  Fault,
  FaultAct,
  FaultFunction,
  FaultRule,
  FaultScenario,
  RaisedNotification,
} from './simulator/faults/fault.js';
export type { FaultName } from './simulator/faults.js';
export { faults } from './simulator/faults.js';
export { Simulator } from './simulator/simulator.js';
export type {
  LatencyProfile,
  ProfileDescription,
  ProfileName,
  SimulatorConfiguration,
  SimulatorSettings,
} from './simulator/simulator-settings.js';
export type {
  ClockState,
  ProcessEnd,
  SimulatorOpening,
  SimulatorPublishedPort,
  SimulatorState,
  SystemEnd,
} from './simulator/simulator-state.js';
