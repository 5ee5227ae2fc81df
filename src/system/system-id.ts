/**
 * The ids of compute systems.
 *
 * @module
 */
import { checkedText } from '../documents/document-text.js';
import { HcsArgumentError } from '../errors/errors.js';

/** Throws unless this can be the id of a system that exists. */
export function checkId(id: unknown): string {
  if (typeof id !== 'string' || id === '') throw new HcsArgumentError('id', 'must be a non-empty string', id);
  return checkedText(id, 'id');
}

// The id becomes part of the names of jobs, pipes, files and accounts.
/** Throws unless a system can be created with this id. */
export function checkNewId(id: unknown): string {
  const text = checkId(id);
  if (/^\.+$/.test(text))
    throw new HcsArgumentError('id', 'must not consist of dots only, as it becomes the name of a file', text);
  const wrong = /[^\p{L}\p{N}._@-]/u.exec(text);
  if (wrong !== null) {
    throw new HcsArgumentError(
      'id',
      'must consist of letters, digits and - _ . @ only',
      text,
      `Replace ${JSON.stringify(wrong[0])} at index ${wrong.index}.`,
    );
  }
  if (text === '00000000-0000-0000-0000-000000000000') {
    throw new HcsArgumentError('id', 'must not be the zero GUID, which stands for the virtual machine itself', text);
  }
  return text;
}

type Named = 'HcsCreateComputeSystem' | 'HcsOpenComputeSystem' | 'HcsEnumerateComputeSystems';

/** The function for the systems of a namespace of ids, where one is named, and what it takes besides. */
export function inNamespace<N extends Named>(
  name: N,
  { idNamespace }: { readonly idNamespace?: string },
): { readonly name: N; readonly scope: object } {
  if (idNamespace === undefined) return { name, scope: {} };
  if (checkedText(idNamespace, 'options.idNamespace') === '') {
    throw new HcsArgumentError('options.idNamespace', 'must be the name of a namespace of ids', idNamespace);
  }
  // It takes what the other takes, and gives what the other gives.
  return { name: `${name}InNamespace` as N, scope: { idNamespace } };
}
