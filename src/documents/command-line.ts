/**
 * Command lines of Windows, which passes a program one string and not a list of arguments: the reverse of the rules by
 * which the C runtime and `CommandLineToArgvW` split it.
 *
 * @module
 */
import { checkedText } from './document-text.js';
import { HcsArgumentError } from '../errors/errors.js';
import { withoutTrailing } from '../trailing.js';

/**
 * The command line of a program and its arguments, for programs that follow the rules of Microsoft's C runtime. `cmd.exe`
 * does not: pass its command line as one string.
 *
 * @example
 * quoteCommandLine(['C:\\Program Files\\tool.exe', '--name', 'a "b" c\\'])
 * // "C:\Program Files\tool.exe" --name "a \"b\" c\\"
 *
 * @throws {@link HcsArgumentError} for what no command line can express
 */
export function quoteCommandLine(command: readonly string[]): string {
  if (!Array.isArray(command) || command.length === 0) {
    throw new HcsArgumentError('command', 'must be a non-empty array: the program, then its arguments', command);
  }
  return quoteWords(Array.from(command as readonly unknown[]), (index) => `command[${index}]`);
}

/** The same, with the names of the words in errors. */
export function quoteWords(words: readonly unknown[], fieldOf: (index: number) => string): string {
  return words
    .map((word, index) => {
      const text = checkedText(word, fieldOf(index));
      return index === 0 ? quoteProgram(text, fieldOf(0)) : quoteArgument(text);
    })
    .join(' ');
}

// The name of the program ends at the next quote or blank; backslashes mean nothing there.
function quoteProgram(program: string, field: string): string {
  if (program === '') throw new HcsArgumentError(field, 'must be the name of a program', program);
  if (program.includes('"')) {
    throw new HcsArgumentError(field, 'must not contain a double quote, which no name of a program can', program);
  }
  return /\s/.test(program) ? `"${program}"` : program;
}

/** An argument. A quote is escaped by a backslash, and backslashes count only before a quote, the closing one included. */
export function quoteArgument(argument: string): string {
  if (argument !== '' && !/[\s"]/.test(argument)) return argument;
  return `"${argument.split('"').map(doubledAtEnd).join('\\"')}"`;
}

// The backslashes at the end, which are before a quote, twice.
function doubledAtEnd(part: string): string {
  return part + part.slice(withoutTrailing(part, '\\').length);
}
