/**
 * Signals: the names of Node and of HCS, and the documents that they become.
 *
 * @module
 */
import { HcsArgumentError } from '../errors/errors.js';
import type { GuestOs } from './process-parameters.js';

// For a Windows guest: the closest console event of HCS.
const consoleEvents = {
  SIGINT: 'CtrlC',
  SIGBREAK: 'CtrlBreak',
  SIGHUP: 'CtrlClose',
  SIGTERM: 'CtrlShutdown',
} as const;

// For a Linux guest, whatever platform this process runs on.
const numbers = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGILL: 4,
  SIGTRAP: 5,
  SIGABRT: 6,
  SIGBUS: 7,
  SIGFPE: 8,
  SIGUSR1: 10,
  SIGSEGV: 11,
  SIGUSR2: 12,
  SIGPIPE: 13,
  SIGALRM: 14,
  SIGTERM: 15,
  SIGCHLD: 17,
  SIGCONT: 18,
  SIGSTOP: 19,
  SIGTSTP: 20,
  SIGTTIN: 21,
  SIGTTOU: 22,
  SIGURG: 23,
  SIGXCPU: 24,
  SIGXFSZ: 25,
  SIGVTALRM: 26,
  SIGPROF: 27,
  SIGWINCH: 28,
  SIGIO: 29,
  SIGPWR: 30,
  SIGSYS: 31,
} as const;

const windowsOnly = ['CtrlC', 'CtrlBreak', 'CtrlClose', 'CtrlLogOff', 'CtrlShutdown'] as const;

/**
 * HCS's own names for a Windows guest, those of POSIX for either (Windows: `SIGINT`, `SIGBREAK`, `SIGHUP` and `SIGTERM`, as
 * Ctrl-C, Ctrl-Break, close and shutdown), a number for a Linux guest. `SIGKILL` terminates the process.
 */
export type ProcessSignal =
  (typeof windowsOnly)[number] | keyof typeof consoleEvents | keyof typeof numbers | 'SIGKILL' | number;

/** Throws unless it is a name or a number. */
export function checkSignal(signal: unknown): void {
  if (typeof signal === 'string' || typeof signal === 'number') return;
  throw new HcsArgumentError('signal', 'must be the name or the number of a signal', signal);
}

/** The document of a signal; undefined for `SIGKILL`, for which HCS has a call of its own. */
export function signalDocument(signal: ProcessSignal, guest: GuestOs): object | undefined {
  if (signal === 'SIGKILL' || (signal === 9 && guest === 'Linux')) return undefined;
  const value = guest === 'Linux' ? linuxSignal(signal) : windowsSignal(signal);
  if (value !== undefined) return { Signal: value };
  const names = guest === 'Linux' ? Object.keys(numbers) : [...windowsOnly, ...Object.keys(consoleEvents)];
  const remedy = `Use ${[...names, 'SIGKILL'].join(', ')}${guest === 'Linux' ? ', or a number up to 64' : ''}.`;
  throw new HcsArgumentError('signal', `must be a signal of a ${guest} guest`, signal, remedy);
}

/** Whether terminating the process is a substitute on a host without signals. */
export function isTermination({ Signal }: { readonly Signal?: unknown }): boolean {
  return Signal === 'CtrlShutdown' || Signal === numbers.SIGTERM;
}

function windowsSignal(signal: unknown): string | undefined {
  if ((windowsOnly as readonly unknown[]).includes(signal)) return signal as string;
  if (typeof signal !== 'string') return undefined;
  return Object.hasOwn(consoleEvents, signal) ? consoleEvents[signal as keyof typeof consoleEvents] : undefined;
}

function linuxSignal(signal: unknown): number | undefined {
  if (typeof signal === 'number') return Number.isInteger(signal) && signal >= 0 && signal <= 64 ? signal : undefined;
  if (typeof signal !== 'string') return undefined;
  return Object.hasOwn(numbers, signal) ? numbers[signal as keyof typeof numbers] : undefined;
}
