/** Processes of a guest. No name in them is one of the host: a container that is the host is refused when it is made. */
import type { Types } from '../shapes.js';
import { flag, keys, list, map, object, refused, text, whole, word } from '../shapes.js';

export const processTypes: Types = {
  ProcessParameters: {
    ApplicationName: ['G', text(32_767)],
    CommandLine: ['G', text(32_767)],
    CommandArgs: ['G', list(text(32_767), 4096)],
    User: ['U', text(512)],
    WorkingDirectory: ['G', text(32_767)],
    Environment: ['G', map(keys.text, text(32_767), 4096)],
    RestrictedToken: ['U', flag],
    EmulateConsole: ['-', flag],
    CreateStdInPipe: ['-', flag],
    CreateStdOutPipe: ['-', flag],
    CreateStdErrPipe: ['-', flag],
    ConsoleSize: ['-', list(whole(65_535), 2)],
    UseExistingLogin: ['U', flag],
    UseLegacyConsole: ['-', flag],
    OciProcess: ['G', refused('Its form is that of another specification.')],
  },
  ProcessModifyRequest: {
    Operation: ['-', word('ConsoleSize', 'CloseHandle')],
    ConsoleSize: ['-', object('ConsoleSize')],
    CloseHandle: ['-', object('CloseHandle')],
  },
  ConsoleSize: {
    Height: ['-', whole(65_535)],
    Width: ['-', whole(65_535)],
  },
  CloseHandle: {
    Handle: ['-', word('StdIn', 'StdOut', 'StdErr', 'All')],
  },
  SignalProcessOptions: {
    Signal: ['-', { is: 'signal' }],
  },
};
