/**
 * Rules for changes, processes and the options of the life cycle.
 *
 * @module
 */
import type { Check, Checker, Members } from '../checker.js';
import { isMembers } from '../checker.js';
import { nearest } from '../nearest.js';
import { second } from '../schema.js';
import { guestResources, resources } from '../tables.js';
import { checkCount, checkMemory, checkTarget } from './container.js';
import { checkMachineMemory } from './machine.js';
import { isText, itemsOf, membersOf } from './text-forms.js';

type Resource = (typeof resources)[number];

const keys = /\{\w+\}/g;
const shareNumber = /^VirtualMachine\/Devices\/VirtualSmb\/Shares\/\d+$/i;
let patterns: readonly (readonly [RegExp, Resource])[] | undefined;

// Without case: the host does not tell upper from lower in paths of its own. A key may have slashes only if it is the last.
function findResource(path: string): Resource | undefined {
  patterns ??= [...resources]
    .sort(([a], [b]) => b.split('/').length - a.split('/').length)
    .map((resource) => [
      new RegExp(`^${resource[0].replace(/\{\w+\}$/, '.+').replace(keys, '[^/]+')}$`, 'i'),
      resource,
    ]);
  return patterns.find(([pattern]) => pattern.test(path))?.[1];
}

const checkModify: Check = (members, checker) => {
  const { ResourcePath, RequestType, Settings } = members;
  checkState(['Running', 'Paused', 'Created'], checker);
  if (!isText(ResourcePath)) return;
  const resource = findResource(ResourcePath);
  if (resource === undefined && shareNumber.test(ResourcePath)) {
    checker.report('modify-request', 'has a number, and shares are told apart by their names', ['ResourcePath']);
    return;
  }
  if (resource === undefined) {
    const meant = nearest(
      ResourcePath,
      resources.map(([path]) => path),
    );
    const hint = meant === undefined ? '' : `: did you mean ${meant}?`;
    checker.report(
      'modify-request',
      `is ${JSON.stringify(ResourcePath)}, which is not known${hint}`,
      ['ResourcePath'],
      'warning',
    );
    return;
  }
  checkResource(resource, ResourcePath, RequestType, Settings, checker);
};

function checkResource(
  [path, type, requests, build]: Resource,
  given: string,
  how: unknown,
  settings: unknown,
  checker: Checker,
): void {
  if (build > checker.facts.build) {
    checker.report(
      'needs-build',
      `is ${given}, which needs build ${build} of Windows, and this is ${checker.facts.build}`,
      ['ResourcePath'],
    );
  }
  if (requests !== '' && isText(how) && !requests.split(' ').includes(how)) {
    checker.report('modify-request', `is ${how}, and ${path} takes ${requests.split(' ').join(', ')}`, ['RequestType']);
  }
  if (type === 'none' && settings !== undefined && !isBlank(settings))
    checker.report('modify-request', `does not go with ${path}`, ['Settings']);
  const known = second.type(type);
  if (known === undefined || type === 'none') return;
  if (how === 'Remove') {
    if (settings !== undefined) checker.structure('Settings', known, settings);
    return;
  }
  if (settings === undefined)
    checker.report('modify-request', `is missing, and ${path} needs it: ${type}`, ['Settings']);
  else checker.member('Settings', known, settings, 'modify-request');
  if (path.endsWith('Container/Memory/SizeInMB')) checkMemory(settings, ['Settings'], checker);
  if (path.startsWith('VirtualMachine/ComputeTopology/Memory') && Number(settings) % 2 !== 0) {
    checker.report('machine-memory', `is ${String(settings)}, not an even number`, ['Settings']);
  } else if (path.startsWith('VirtualMachine/ComputeTopology/Memory')) {
    checkMachineMemory(settings, ['Settings'], checker);
  }
  if (path === 'Container/MappedDirectories' && checker.facts.known.guestOs !== 'Linux') {
    checkTarget(membersOf(settings).ContainerPath, ['Settings', 'ContainerPath'], checker);
  }
  if (type === 'Container_Processor') checkCount(membersOf(settings).Count, ['Settings', 'Count'], checker);
}

// The documentation wants them empty.
function isBlank(settings: unknown): boolean {
  return settings === '' || (isMembers(settings) && Object.keys(settings).length === 0);
}

// Settings of the guest depend on the guest: what fits one of them is right.
const checkGuestRequest: Check = ({ ResourceType, Settings }, checker) => {
  const names = Object.hasOwn(guestResources, String(ResourceType)) ? guestResources[String(ResourceType)] : undefined;
  if (!names || Settings === undefined) return;
  const { guestOs } = checker.facts.known;
  const all = names.split(' ');
  const fitting = all.filter((name) => guestOs === undefined || name.startsWith('LCOW') === (guestOs === 'Linux'));
  const candidates = (fitting.length > 0 ? fitting : all).flatMap((name) => second.type(name) ?? []);
  checker.oneOf('Settings', candidates, Settings, 'modify-request');
  if (ResourceType === 'MappedDirectory' && guestOs !== 'Linux') {
    checkTarget(membersOf(Settings).ContainerPath, ['Settings', 'ContainerPath'], checker);
  }
};

const checkModify1: Check = (_, checker) => checkState(['Running', 'Paused', 'Created'], checker);

function checkState(states: readonly string[], checker: Checker): void {
  const { state } = checker.facts.known;
  if (state === undefined || state === 'Unknown' || states.includes(state)) return;
  checker.report('state', `needs a system that is ${states.join(' or ')}, and this one is ${state}`);
}

const checkProcess: Check = (members, checker) => {
  const { CommandLine, CommandArgs, ApplicationName, OciProcess, OCISpecification, WorkingDirectory } = members;
  checkState(['Running'], checker);
  const given = isText(CommandLine) || isText(ApplicationName) || itemsOf(CommandArgs).length > 0;
  if (!given && OciProcess === undefined && OCISpecification === undefined) {
    checker.report('process-parameters', 'has neither CommandLine nor CommandArgs');
  }
  if (members.EmulateConsole === true && members.CreateStdErrPipe === true) {
    checker.report('process-parameters', 'is ignored with EmulateConsole', ['CreateStdErrPipe'], 'warning');
  }
  if (isText(WorkingDirectory) && checker.facts.known.guestOs !== 'Linux' && /^[ABD-Zabd-z]:/.test(WorkingDirectory)) {
    const problem = `is ${JSON.stringify(WorkingDirectory)}, on a drive that a container has only where one is mapped`;
    checker.report('process-parameters', problem, ['WorkingDirectory']);
  }
  if (members.Environment !== undefined) checkEnvironment(membersOf(members.Environment), checker);
};

function checkEnvironment(environment: Members, checker: Checker): void {
  const linux = checker.facts.known.guestOs === 'Linux';
  const taken = new Map<string, string>();
  for (const name of Object.keys(environment)) {
    // Windows itself has names that begin with "=".
    if (name === '' || name.includes('=', 1) || name.includes('\0')) {
      checker.report('environment', `has ${JSON.stringify(name)}, which is no name of a variable`, ['Environment']);
    }
    const same = taken.get(name.toLowerCase());
    if (same !== undefined && !linux)
      checker.report('environment', `is ${same} in other letters`, ['Environment', name]);
    taken.set(name.toLowerCase(), name);
  }
}

const checkSignal: Check = ({ Signal }, checker) => {
  const { guestOs } = checker.facts.known;
  if (guestOs === 'Linux' && typeof Signal === 'string')
    checker.report('signal', 'is a name, and Linux takes numbers', ['Signal']);
  if (guestOs === 'Windows' && typeof Signal === 'number')
    checker.report('signal', 'is a number, and Windows takes names', ['Signal']);
};

const checkSave: Check = (_, checker) => checkState(['Paused'], checker);

const checkShutdown: Check = (members, checker) => {
  const { guestConnection, state } = checker.facts.known;
  if (guestConnection === false) checker.report('shutdown', 'needs a guest that is connected', [], 'warning');
  if (state === 'Stopped') checker.report('shutdown', 'is for a system that has not stopped');
  if (checker.facts.version < 2005 && Object.keys(members).length > 0)
    checker.report('shutdown', 'is taken from schema 2.5 on', [], 'warning');
};

export const requestChecks: Readonly<Record<string, Check>> = {
  ModifySettingRequest: checkModify,
  GuestModifySettingRequest: checkGuestRequest,
  ResourceModificationRequestResponse: checkModify1,
  ProcessParameters: checkProcess,
  LcowProcessParameters: checkProcess,
  ProcessConfig: checkProcess,
  SignalProcessOptions: checkSignal,
  SignalProcessOptionsLCOW: checkSignal,
  SaveOptions: checkSave,
  ShutdownOptions: checkShutdown,
};
