/**
 * Windows passes a program one text, not a list of arguments. These are the rules by which the C runtime and
 * `CommandLineToArgvW` take it apart, turned around.
 *
 * @module
 */
import { checkedText } from '../documents/document-text.js';
import { HcsArgumentError } from '../errors/errors.js';

/**
 * The command line whose arguments are these, for programs that follow the rules of Microsoft's C runtime. `cmd.exe` does
 * not: give it its command line as one string.
 *
 * @example
 * quoteCommandLine(['C:\\Program Files\\tool.exe', '--name', 'a "b" c\\'])
 * // "C:\Program Files\tool.exe" --name "a \"b\" c\\"
 *
 * @throws {@link HcsArgumentError} for what no command line can express
 */
export function quoteCommandLine(command: readonly string[], field = 'command'): string {
  if (!Array.isArray(command) || command.length === 0) {
    throw new HcsArgumentError(field, 'must be a non-empty array: the program, then its arguments', command);
  }
  return Array.from(command as readonly unknown[])
    .map((argument, index) => {
      const text = checkedText(argument, `${field}[${index}]`);
      return index === 0 ? quoteProgram(text, `${field}[0]`) : quoteArgument(text);
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

// A quote is escaped by a backslash, and backslashes count only before a quote, the closing one included.
function quoteArgument(argument: string): string {
  if (argument !== '' && !/[\s"]/.test(argument)) return argument;
  return `"${argument.replace(/(\\*)"/g, '$1$1\\"').replace(/\\+$/, '$&$&')}"`;
}
