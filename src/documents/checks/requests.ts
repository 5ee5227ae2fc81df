/**
 * Rules for changes, processes and the options of the life cycle.
 *
 * @module
 */
import type { Requirement } from '../../errors/errors.js';
import { notShown } from '../../errors/errors.js';
import type { Check, CheckContext, Members } from '../check.js';
import { isMembers } from '../check.js';
import { nearest } from '../nearest.js';
import { second } from '../hcs-schemas.js';
import { guestResources, resources } from '../tables.js';
import { isUnixPath, variableKey } from '../variables.js';
import { checkCount, checkMemory, checkTarget } from './container.js';
import { checkMachineMemory } from './machine.js';
import { isText, itemsOf, membersOf } from './text-forms.js';

type Resource = (typeof resources)[number];

const keys = /\{\w+\}/g;
const shareNumber = /^VirtualMachine\/Devices\/VirtualSmb\/Shares\/\d+$/i;
let patterns: readonly (readonly [RegExp, Resource])[] | undefined;

// The host ignores case in paths of its own. A key may have slashes only if it is the last.
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
    checker.report('modify-request', 'must end with the name of a share, not a number', ResourcePath, ['ResourcePath']);
    return;
  }
  if (resource === undefined) {
    const meant = nearest(
      ResourcePath,
      resources.map(([path]) => path),
    );
    const requirement: Requirement = `must be a known resource${meant === undefined ? '' : `, such as ${meant}`}`;
    checker.report('modify-request', requirement, ResourcePath, ['ResourcePath'], 'warning');
    return;
  }
  checkResource(resource, ResourcePath, RequestType, Settings, checker);
};

function checkResource(
  [path, type, requests, build]: Resource,
  given: string,
  how: unknown,
  settings: unknown,
  checker: CheckContext,
): void {
  if (build > checker.facts.build) {
    checker.report(
      'needs-build',
      `must not be used before build ${build} of Windows, and this is ${checker.facts.build}`,
      given,
      ['ResourcePath'],
    );
  }
  if (requests !== '' && isText(how) && !requests.split(' ').includes(how)) {
    const requirement: Requirement = `must be ${requests.split(' ').join(' or ')} for ${path}`;
    checker.report('modify-request', requirement, how, ['RequestType']);
  }
  if (type === 'none' && settings !== undefined && !isBlank(settings)) {
    checker.report('modify-request', `must be absent for ${path}`, settings, ['Settings']);
  }
  const known = second.type(type);
  if (known === undefined || type === 'none') return;
  if (how === 'Remove') {
    if (settings !== undefined) checker.structure('Settings', known, settings);
    return;
  }
  if (settings === undefined) {
    checker.report('modify-request', `must be ${type} for ${path}`, undefined, ['Settings']);
  } else checker.member('Settings', known, settings, 'modify-request');
  if (path.endsWith('Container/Memory/SizeInMB')) checkMemory(settings, ['Settings'], checker);
  if (path.startsWith('VirtualMachine/ComputeTopology/Memory') && Number(settings) % 2 !== 0) {
    checker.report('machine-memory', 'must be an even number', settings, ['Settings']);
  } else if (path.startsWith('VirtualMachine/ComputeTopology/Memory')) {
    checkMachineMemory(settings, ['Settings'], checker);
  }
  if (path === 'Container/MappedDirectories' && checker.facts.known.guestOs !== 'Linux') {
    checkTarget(membersOf(settings).ContainerPath, ['Settings', 'ContainerPath'], checker);
  }
  if (type === 'Container_Processor') checkCount(membersOf(settings).Count, ['Settings', 'Count'], checker);
}

// The documentation requires them to be empty.
function isBlank(settings: unknown): boolean {
  return settings === '' || (isMembers(settings) && Object.keys(settings).length === 0);
}

// Settings of the guest depend on the guest: what fits one of them is valid.
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

function checkState(states: readonly string[], checker: CheckContext): void {
  const { state } = checker.facts.known;
  if (state === undefined || state === 'Unknown' || states.includes(state)) return;
  checker.report('state', `must be sent to a system that is ${states.join(' or ')}`, state);
}

const checkProcess: Check = (members, checker) => {
  const { CommandLine, CommandArgs, ApplicationName, OciProcess, OCISpecification, WorkingDirectory } = members;
  checkState(['Running'], checker);
  const given = isText(CommandLine) || isText(ApplicationName) || itemsOf(CommandArgs).length > 0;
  if (!given && OciProcess === undefined && OCISpecification === undefined) {
    checker.report('process-parameters', 'must have CommandLine or CommandArgs', notShown);
  }
  if (members.EmulateConsole === true && members.CreateStdErrPipe === true) {
    const requirement = 'must not be combined with EmulateConsole, with which it is ignored';
    checker.report('process-parameters', requirement, notShown, ['CreateStdErrPipe'], 'warning');
  }
  if (isText(WorkingDirectory) && checker.facts.known.guestOs !== 'Linux' && /^[ABD-Zabd-z]:/.test(WorkingDirectory)) {
    const requirement = 'must be on C:, since a container has no other drive unless one is mapped';
    checker.report('process-parameters', requirement, WorkingDirectory, ['WorkingDirectory']);
  }
  if (members.Environment !== undefined) checkEnvironment(membersOf(members.Environment), checker);
};

function checkEnvironment(environment: Members, checker: CheckContext): void {
  const linux = checker.facts.known.guestOs === 'Linux';
  const taken = new Map<string, string>();
  for (const [name, value] of Object.entries(environment)) {
    // Windows itself has names that begin with "=".
    if (name === '' || name.includes('=', 1) || name.includes('\0')) {
      checker.report('environment', 'must have names without "=" and NUL that are not empty', name, ['Environment']);
    }
    if (linux) continue;
    const key = variableKey(name);
    const same = taken.get(key);
    if (same !== undefined) {
      checker.report('environment', `must differ from ${same} in more than case`, name, ['Environment', name]);
    }
    if (isUnixPath(name, value)) {
      const requirement = 'must list folders of Windows, separated by ";", for a Windows guest';
      checker.report('environment', requirement, value, ['Environment', name]);
    }
    taken.set(key, name);
  }
}

const checkSignal: Check = ({ Signal }, checker) => {
  const { guestOs } = checker.facts.known;
  if (guestOs === 'Linux' && typeof Signal === 'string')
    checker.report('signal', 'must be a number for a Linux guest', Signal, ['Signal']);
  if (guestOs === 'Windows' && typeof Signal === 'number')
    checker.report('signal', 'must be a name for a Windows guest', Signal, ['Signal']);
};

const checkSave: Check = (_, checker) => checkState(['Paused'], checker);

const checkShutdown: Check = (members, checker) => {
  const { guestConnection, state } = checker.facts.known;
  if (guestConnection === false) {
    checker.report('shutdown', 'must be sent to a system with a guest connection', notShown, [], 'warning');
  }
  if (state === 'Stopped') checker.report('shutdown', 'must be sent to a system that has not stopped', state);
  if (checker.facts.version < 2005 && Object.keys(members).length > 0) {
    checker.report('shutdown', 'must be empty before schema 2.5', members, [], 'warning');
  }
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
