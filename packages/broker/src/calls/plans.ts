/**
 * What decides about each function that a policy can allow.
 *
 * @module
 */
import { createSystem } from './create.js';
import { nameToGuid, onLayer } from './layers.js';
import { modifySystem } from './modify.js';
import type { Plan, Scene } from './plan.js';
import { closeProcess, createProcess, onProcess, openProcess } from './processes.js';
import { closeSystem, enumerateSystems, ofSystem, onSystem, openSystem } from './systems.js';
import { serviceProperties, systemProperties } from './systems.js';

/** Decides about a call, or throws a Refusal. */
export type Planner = (scene: Scene) => Plan | Promise<Plan>;

const planned = (): Plan => ({ inputs: {} });

/** By library and name. A function without a line is refused. */
export const planners: Readonly<Record<string, Planner>> = {
  'vmcompute.HcsEnumerateComputeSystems': enumerateSystems,
  'vmcompute.HcsCreateComputeSystem': createSystem,
  'vmcompute.HcsOpenComputeSystem': openSystem,
  'vmcompute.HcsCloseComputeSystem': closeSystem,
  'vmcompute.HcsStartComputeSystem': (scene) => onSystem(scene, 'StartOptions'),
  'vmcompute.HcsShutdownComputeSystem': (scene) => onSystem(scene, 'ShutdownOptions'),
  'vmcompute.HcsTerminateComputeSystem': (scene) => onSystem(scene, undefined),
  'vmcompute.HcsPauseComputeSystem': (scene) => onSystem(scene, 'PauseOptions'),
  'vmcompute.HcsResumeComputeSystem': (scene) => onSystem(scene, undefined),
  'vmcompute.HcsSaveComputeSystem': (scene) => onSystem(scene, 'SaveOptions'),
  'vmcompute.HcsGetComputeSystemProperties': systemProperties,
  'vmcompute.HcsModifyComputeSystem': modifySystem,
  'vmcompute.HcsRegisterComputeSystemCallback': ofSystem,
  'vmcompute.HcsUnregisterComputeSystemCallback': planned,
  'vmcompute.HcsGetServiceProperties': serviceProperties,
  'vmcompute.HcsCreateProcess': createProcess,
  'vmcompute.HcsOpenProcess': openProcess,
  'vmcompute.HcsCloseProcess': closeProcess,
  'vmcompute.HcsTerminateProcess': (scene) => onProcess(scene),
  'vmcompute.HcsSignalProcess': (scene) => onProcess(scene, 'SignalProcessOptions'),
  'vmcompute.HcsGetProcessInfo': (scene) => onProcess(scene),
  'vmcompute.HcsGetProcessProperties': (scene) => onProcess(scene),
  'vmcompute.HcsModifyProcess': (scene) => onProcess(scene, 'ProcessModifyRequest', 'settings'),
  'vmcompute.HcsRegisterProcessCallback': (scene) => onProcess(scene),
  'vmcompute.HcsUnregisterProcessCallback': planned,
  'vmcompute.ActivateLayer': onLayer,
  'vmcompute.DeactivateLayer': onLayer,
  'vmcompute.CreateLayer': onLayer,
  'vmcompute.CreateSandboxLayer': onLayer,
  'vmcompute.ExpandSandboxSize': onLayer,
  'vmcompute.PrepareLayer': onLayer,
  'vmcompute.UnprepareLayer': onLayer,
  'vmcompute.GetLayerMountPath': onLayer,
  'vmcompute.DestroyLayer': onLayer,
  'vmcompute.LayerExists': onLayer,
  'vmcompute.NameToGuid': nameToGuid,
};
