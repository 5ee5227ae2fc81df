/**
 * The ids of compute systems.
 *
 * @module
 */
import { checkedText } from '../documents/document-text.js';
import { HcsArgumentError } from '../errors/errors.js';

export function checkId(id: unknown): string {
  const text = checkedText(id, 'id');
  if (text === '') throw new HcsArgumentError('id', 'is empty', 'Pass the id of a compute system.');
  return text;
}

// The id becomes part of the names of jobs, pipes, files and accounts.
export function checkNewId(id: unknown): string {
  const text = checkId(id);
  if (/^\.+$/.test(text))
    throw new HcsArgumentError('id', `is "${text}"`, 'It becomes a file name: use letters or digits.');
  const wrong = /[^\p{L}\p{N}._@-]/u.exec(text);
  if (wrong !== null) {
    const what = `contains ${JSON.stringify(wrong[0])} at index ${wrong.index}`;
    throw new HcsArgumentError('id', what, 'Use letters, digits and - _ . @ only.');
  }
  if (text === '00000000-0000-0000-0000-000000000000') {
    throw new HcsArgumentError(
      'id',
      'is the zero GUID, which stands for the virtual machine itself',
      'Use another id.',
    );
  }
  return text;
}
