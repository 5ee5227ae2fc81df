/**
 * What a member of a document may be, as data: the tables beside this file have one line for each member.
 *
 * @module
 */

/**
 * What a member names. F: a file or folder of the host. P: a pipe. D: a device. U: a user, a SID, an access list or a
 * credential. N: an object of the network. S: another system, or what systems share. M: what all of the machine has one of. G:
 * something inside the guest. -: nothing.
 */
export type Kind = 'F' | 'P' | 'D' | 'U' | 'N' | 'S' | 'M' | 'G' | '-';

/** For what the policy lends a folder. */
export type FolderUse = 'layers' | 'shares' | 'disks' | 'state';

/** Whether a file is written: always, never, or unless the member beside it says read-only. */
export type Writing = 'always' | 'never' | { readonly unless: string } | { readonly unlessFlag: string };

/** What a path has to lead to. `new`: a file, or nothing yet. `newFolder`: nothing yet. `any`: whatever is there, or nothing. */
export type Wanted = 'file' | 'folder' | 'new' | 'newFolder' | 'any';

/** What a value has to be, and what becomes of it. */
export type Shape =
  | { readonly is: 'flag'; readonly only?: boolean }
  /** Is in the rebuilt document whatever the client wrote, and where it wrote nothing. */
  | { readonly is: 'set'; readonly to: Setting }
  | { readonly is: 'whole'; readonly max: number; readonly bits?: number; readonly charge?: 'memory' }
  | { readonly is: 'text'; readonly max: number; readonly form?: RegExp }
  | { readonly is: 'word'; readonly of: readonly string[] }
  | { readonly is: 'object'; readonly type: string }
  | { readonly is: 'list'; readonly of: Shape; readonly max: number }
  | { readonly is: 'map'; readonly key: RegExp; readonly of: Shape; readonly max: number }
  | {
      readonly is: 'file';
      readonly use: readonly FolderUse[];
      readonly want: Wanted;
      readonly writing: Writing;
      /** The member that asks for a right which is for layers only, and for reading. */
      readonly layersOnly?: string;
    }
  /** The volume of a mounted layer, as the host has named it to this user, or the folder of one. */
  | { readonly is: 'volume' }
  | { readonly is: 'pipe' }
  | { readonly is: 'network' }
  | { readonly is: 'system' }
  | { readonly is: 'id' }
  | { readonly is: 'signal' }
  | { readonly is: 'refused'; readonly why: string };

/** What the broker writes in place of the client's value. */
export type Setting = 'owner' | 'caller' | 'descriptor' | true;

/** One member: its line in a table. */
export type Member = readonly [kind: Kind, shape: Shape];

/** The members of a type, by name: what is not among them is refused. */
export type Members = Readonly<Record<string, Member>>;

/** The types of one schema, by name. */
export type Types = Readonly<Record<string, Members>>;

/** A shape without parameters. */
export const flag: Shape = { is: 'flag' };
export const off: Shape = { is: 'flag', only: false };
export const pipe: Shape = { is: 'pipe' };
export const network: Shape = { is: 'network' };
export const system: Shape = { is: 'system' };
export const volume: Shape = { is: 'volume' };
export const id: Shape = { is: 'id' };
const guidForm =
  /^(?:[\dA-Fa-f]{8}-(?:[\dA-Fa-f]{4}-){3}[\dA-Fa-f]{12}|\{[\dA-Fa-f]{8}-(?:[\dA-Fa-f]{4}-){3}[\dA-Fa-f]{12}\})$/;
export const guid: Shape = { is: 'text', max: 38, form: guidForm };
export const mac: Shape = { is: 'text', max: 17, form: /^[\dA-Fa-f]{2}(?:[-:][\dA-Fa-f]{2}){5}$/ };

export const whole = (max = Number.MAX_SAFE_INTEGER): Shape => ({ is: 'whole', max });
export const megabytes: Shape = { is: 'whole', max: 1 << 26, charge: 'memory' };
export const text = (max = 1024): Shape => ({ is: 'text', max });
/** A name: no separators, no way up. Empty, it names nothing. */
export const name = (max = 255): Shape => ({ is: 'text', max, form: /^(?!\.{1,2}$)[^\\/:*?"<>|\u0001-\u001f]*$/ });
/** The name of a file in a folder that is checked. */
export const fileName: Shape = { is: 'text', max: 255, form: /^(?!\.{1,2}$)[^\\/:*?"<>|\u0001-\u001f]+$/ };
export const base64 = (max: number): Shape => ({ is: 'text', max, form: /^[\d+/A-Za-z]*={0,2}$/ });
export const word = (...of: string[]): Shape => ({ is: 'word', of });
export const object = (type: string): Shape => ({ is: 'object', type });
export const list = (of: Shape | string, max = 256): Shape => ({ is: 'list', of: shapeOf(of), max });
export const map = (key: RegExp, of: Shape | string, max = 256): Shape => ({ is: 'map', key, of: shapeOf(of), max });
export const file = (use: FolderUse, writing: Writing = 'never'): Shape => ({
  is: 'file',
  use: [use],
  want: 'file',
  writing,
});
export const folder = (use: FolderUse | readonly FolderUse[], writing: Writing = 'never'): Shape => ({
  is: 'file',
  use: typeof use === 'string' ? [use] : use,
  want: 'folder',
  writing,
});
/** A file that the host makes, or that is there. */
export const output: Shape = { is: 'file', use: ['state'], want: 'new', writing: 'always' };
export const added = (to: Setting): Shape => ({ is: 'set', to });
export const refused = (why: string): Shape => ({ is: 'refused', why });

const shapeOf = (of: Shape | string): Shape => (typeof of === 'string' ? object(of) : of);

/** The keys of maps. */
export const keys = {
  number: /^(?:0|[1-9]\d{0,9})$/,
  guid: guidForm,
  lun: /^(?:\d|[1-5]\d|6[0-3])$/,
  name: /^[\w-](?:[\w -]{0,62}[\w-])?$/,
  /** Any service but those of the host itself: PowerShell Direct, and the range that Hyper-V keeps. */
  service:
    /^\{?(?!999e53d4-3d5c-4c3e-8779-bed06ec056e1|a5201c21-2770-4c11-a68e-f182edb29220)[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}\}?$/i,
  long: /^(?:0|[1-9]\d{0,19})$/,
  text: /^[^\0]{1,1024}$/,
} as const;
