/**
 * What processes of Windows end with when it was not they who chose the number, and what this command ends with. The names are those of
 * the Windows SDK.
 *
 * @module
 */

/** Of a code as that of a process. */
export interface ExitMeaning {
  readonly name: string;
  readonly message: string;
  readonly remedy: string | null;
}

type Row = readonly [code: number, name: string, message: string, remedy?: string];

const shortOfMemory = 'Give the container more memory, or let the program need less.';
const crashed =
  'Run the program with a debugger or with dumps of crashes turned on: the number says how it ended, not why.';

const rows: readonly Row[] = [
  [
    0x40010004,
    'DBG_TERMINATE_PROCESS',
    'The process was ended from outside, as the system shut down or by a debugger.',
  ],
  [0x80000003, 'STATUS_BREAKPOINT', 'The process came to a breakpoint, and nothing debugged it.', crashed],
  [0xc0000005, 'STATUS_ACCESS_VIOLATION', 'The process used memory that is not its own.', crashed],
  [
    0xc0000006,
    'STATUS_IN_PAGE_ERROR',
    'A part of a file could not be read when it was needed.',
    'Check that the layers of the container are whole and still mounted, and the disk below them.',
  ],
  [0xc0000017, 'STATUS_NO_MEMORY', 'There was not enough memory for the process.', shortOfMemory],
  [
    0xc000001d,
    'STATUS_ILLEGAL_INSTRUCTION',
    'The process came to an instruction that this processor does not have.',
    'Use a build of the program for this processor.',
  ],
  [0xc0000026, 'STATUS_INVALID_DISPOSITION', 'The handling of an exception went wrong.', crashed],
  [
    0xc000007b,
    'STATUS_INVALID_IMAGE_FORMAT',
    'The program, or a DLL of it, is for another kind of processor, or damaged.',
    'Look for DLLs of 32 bits beside a program of 64, or the other way round.',
  ],
  [0xc0000094, 'STATUS_INTEGER_DIVIDE_BY_ZERO', 'The process divided by zero.', crashed],
  [0xc00000fd, 'STATUS_STACK_OVERFLOW', 'The stack of a thread was full.', 'Look for a recursion without an end.'],
  [
    0xc0000135,
    'STATUS_DLL_NOT_FOUND',
    'A DLL of the program is not in the image.',
    'Nano Server lacks many: take Server Core, or install what the program needs, such as the Visual C++ runtime.',
  ],
  [
    0xc0000138,
    'STATUS_ORDINAL_NOT_FOUND',
    'A DLL of the program lacks a function.',
    'Put the DLL into the image that the program was built with.',
  ],
  [
    0xc0000139,
    'STATUS_ENTRYPOINT_NOT_FOUND',
    'A DLL of the program lacks a function.',
    'Put the DLL into the image that the program was built with; Windows in the image may be too old for it.',
  ],
  [
    0xc000013a,
    'STATUS_CONTROL_C_EXIT',
    'The process was ended by Ctrl+C, Ctrl+Break, or as its console was closed.',
    'None is needed where it was meant to end: so do programs that do not handle Ctrl+C, also at a stop.',
  ],
  [
    0xc0000142,
    'STATUS_DLL_INIT_FAILED',
    'A DLL of the program could not begin.',
    'It may be that the system was shutting down, or that too many desktops were open; try again, then look at the DLLs.',
  ],
  [0xc000012d, 'STATUS_COMMITMENT_LIMIT', 'There was not enough memory for the process.', shortOfMemory],
  [0xc0000374, 'STATUS_HEAP_CORRUPTION', 'The process damaged its heap.', crashed],
  [
    0xc0000409,
    'STATUS_STACK_BUFFER_OVERRUN',
    'The process ended itself at once (fail fast): it called abort(), or found its stack damaged.',
    crashed,
  ],
  [0xc0000417, 'STATUS_INVALID_CRUNTIME_PARAMETER', 'The C runtime was given an argument that it refuses.', crashed],
  [0xc0000420, 'STATUS_ASSERTION_FAILURE', 'An assertion failed.', crashed],
  [0xc0000602, 'STATUS_FAIL_FAST_EXCEPTION', 'The process ended itself at once (fail fast).', crashed],
  [
    0xc06d007e,
    'VcppException(ERROR_MOD_NOT_FOUND)',
    'A DLL that the program loads late is not in the image.',
    'Put it there; Nano Server lacks many.',
  ],
  [
    0xc06d007f,
    'VcppException(ERROR_PROC_NOT_FOUND)',
    'A DLL that the program loads late lacks a function.',
    'Put the DLL into the image that the program was built with.',
  ],
  [
    0xe0434352,
    'EXCEPTION_COMPLUS',
    'The process ended by an exception of .NET that nothing caught.',
    'Read its text on standard error, or in the Application event log of the container.',
  ],
  [0xe06d7363, 'EXCEPTION_MSVC', 'The process ended by an exception of C++ that nothing caught.', crashed],
  [
    0xffffffff,
    'exit(-1)',
    'The process ended with -1, or was killed: the guest of a virtual machine ends what is killed so.',
  ],
  [
    124,
    'timeout',
    'Of this command: the time of --timeout passed.',
    'Give it more time, or look why it takes so long with --verbose.',
  ],
  [
    125,
    'not done',
    'Of this command: the host, or a library of it, would not do it.',
    'Read the message on standard error.',
  ],
  [126, 'not permitted', 'Of this command: the program is not permitted in the system.'],
  [
    127,
    'not found',
    'Of this command: the program is not in the system.',
    'Check its path in the image, and that the command line is not quoted as one word.',
  ],
  [130, 'SIGINT', 'Of this command, and of programs of Linux: ended by Ctrl+C.'],
  [137, 'SIGKILL', 'Of programs of Linux: killed, as by a stop that took too long, or for want of memory.'],
  [139, 'SIGSEGV', 'Of programs of Linux: the process used memory that is not its own.'],
  [143, 'SIGTERM', 'Of this command, and of programs of Linux: asked to end.'],
  [
    1223,
    'ERROR_CANCELLED',
    'The program gave up because somebody or something declined a prompt.',
    'Run installers silently, such as with /quiet: nobody sees a prompt in a container.',
  ],
  [
    1603,
    'ERROR_INSTALL_FAILURE',
    'Windows Installer failed.',
    'Have it write a log with /l*v and read the lines before "Return value 3".',
  ],
  [
    3010,
    'ERROR_SUCCESS_REBOOT_REQUIRED',
    'Windows Installer has done it, and wants a restart, which a container as a rule does not need.',
  ],
];

/** What a code means as that with which a process ended; null where the number is the program's own, as far as is known. */
export function exitMeaning(status: number): ExitMeaning | null {
  const row = rows.find(([code]) => code === status);
  return row === undefined ? null : { name: row[1], message: row[2], remedy: row[3] ?? null };
}
