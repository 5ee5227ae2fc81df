// What the account of this program may do.
import { isAbsent } from '../answer.js';
import type { Check, Facts } from '../check.js';
import type { TokenValue } from '../questions.js';
import { accountRights, service, token } from '../questions.js';
import { askFor, unknown, valueOf } from '../read-answer.js';
import { isAccountRights, isService, isToken } from '../shapes.js';

const tokenOf = async (facts: Facts): Promise<TokenValue> => valueOf(token, await facts.ask(token), isToken);

/** TokenElevationTypeLimited: UAC holds an administrator back. */
const limited = 3;

export const rightsElevated: Check = {
  id: 'rights.elevated',
  title: 'rights',
  goals: ['process', 'hyperv', 'vm', 'lcow', 'layers', 'network'],
  blocks: ['process', 'hyperv', 'vm', 'lcow', 'layers', 'network'],
  rule: 'The token is elevated, or a member of Hyper-V Administrators, who may do all but make layers.',
  source: 'MicrosoftDocs/Virtualization-Documentation HCSHResult; microsoft/hcsshim internal/winapi',
  date: '2026-08-20',
  async find(facts) {
    const { elevated, elevationType, hyperVAdministrators } = await tokenOf(facts);
    if (elevated) return { outcome: 'ok', note: 'elevated' };
    const run =
      elevationType === limited
        ? 'Run the program elevated ("Run as administrator").'
        : 'Run the program as an administrator.';
    if (hyperVAdministrators) {
      const cause = 'The account is in Hyper-V Administrators and not elevated: layers need an administrator.';
      return { outcome: 'problem', cause, remedy: run, blocks: ['layers'] };
    }
    return {
      outcome: 'problem',
      cause: 'The program is neither elevated nor in Hyper-V Administrators: HCS refuses its calls.',
      remedy: `${run} For all but layers it is enough to add the account to the group Hyper-V Administrators (S-1-5-32-578), and to sign in anew.`,
    };
  },
};

export const rightsGroup: Check = {
  id: 'rights.group',
  title: 'group Hyper-V Administrators',
  goals: ['process', 'hyperv', 'vm', 'lcow', 'network'],
  blocks: [],
  rule: 'The account is in Hyper-V Administrators, by its linked token or the list of the group, and its token is not: a warning.',
  source: 'podman-desktop/podman-desktop#18963; containers/podman#28535',
  date: '2026-08-23',
  async find(facts) {
    const { elevated, hyperVAdministrators, linked, accountIsHyperVAdministrator } = await tokenOf(facts);
    if (elevated || hyperVAdministrators) return { outcome: 'ok' };
    if (linked?.hyperVAdministrators === true) {
      const cause = 'The account is in Hyper-V Administrators, which only its elevated programs are.';
      return { outcome: 'warning', cause, remedy: 'Run the program elevated ("Run as administrator").' };
    }
    if (accountIsHyperVAdministrator !== true) return { outcome: 'ok' };
    const cause = 'The account is in Hyper-V Administrators, and was not yet when it signed in.';
    return { outcome: 'warning', cause, remedy: 'Sign out and in again.' };
  },
};

const needed = ['SeBackupPrivilege', 'SeRestorePrivilege', 'SeSecurityPrivilege'];

export const rightsPrivileges: Check = {
  id: 'rights.privileges',
  title: 'privileges for layers',
  goals: ['layers'],
  blocks: ['layers'],
  rule: `The token has ${needed.join(', ')}: an import of a layer enables them.`,
  source: 'microsoft/hcsshim internal/wclayer; containerd/containerd#8206',
  date: '2026-08-20',
  async find(facts) {
    const { privileges, elevated } = await tokenOf(facts);
    const lacks = needed.filter((name) => !privileges.includes(name));
    if (lacks.length === 0) return { outcome: 'ok' };
    return {
      outcome: 'problem',
      cause: `The program has no ${lacks.join(', no ')}.`,
      remedy: elevated
        ? 'Give the account the rights "Back up files and directories", "Restore files and directories" and "Manage auditing and security log" by policy, and sign in anew.'
        : 'Run the program elevated ("Run as administrator").',
    };
  },
};

const logon = 'SeServiceLogonRight';
/** NT VIRTUAL MACHINE\Virtual Machines: the account of each virtual machine is in it. */
export const virtualMachines = accountRights('S-1-5-83-0');
/** STATUS_OBJECT_NAME_NOT_FOUND: the account has no right at all. */
const none = 0xc0000034;

export const rightsVmLogon: Check = {
  id: 'rights.vm-logon',
  title: 'logon of virtual machines',
  goals: ['hyperv', 'vm', 'lcow'],
  blocks: ['hyperv', 'vm', 'lcow'],
  rule: `NT VIRTUAL MACHINE\\Virtual Machines (S-1-5-83-0) has the right ${logon}; else virtual machines end with 0x80070569. Policies of domains take it away.`,
  source: 'microsoft/WSL#5401; anthropics/claude-code#29359',
  date: '2026-08-23',
  async find(facts) {
    const answer = await facts.ask(virtualMachines);
    const hasNone = isAbsent(answer) || ('error' in answer && answer.error === none);
    if (!hasNone && !('value' in answer)) return unknown(virtualMachines, answer);
    if (!hasNone && valueOf(virtualMachines, answer, isAccountRights).includes(logon)) return { outcome: 'ok' };
    if ((await askFor(facts, service('vmcompute'), isService)) === null) {
      return { outcome: 'skipped', cause: 'The right comes with a feature that is not in force.' };
    }
    return {
      outcome: 'problem',
      cause: `Virtual machines may not log on: NT VIRTUAL MACHINE\\Virtual Machines has no right "Log on as a service" (${logon}).`,
      remedy: 'Have whoever manages the policies of the domain add it to "Log on as a service", then: gpupdate /force',
    };
  },
};
