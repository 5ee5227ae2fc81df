/**
 * Changes to the registry of a container or of a utility VM.
 *
 * @module
 */
import type * as Schema2 from '../../../types/schema2/index.js';
import { HcsArgumentError } from '../../errors/errors.js';
import type { Check } from './option-checks.js';
import { flag, list, members, oneOf, text, whole } from './option-checks.js';
import { given } from './envelope.js';

/** A key of the registry. */
export interface RegistryKey {
  readonly hive: Schema2.RegistryHive;
  /** The key below the hive, such as `ControlSet001\Control`. */
  readonly key: string;
  /** The key does not outlive the system. */
  readonly volatile?: boolean;
}

/** A value to be written. */
export interface RegistryValue extends RegistryKey {
  readonly name: string;
  /** What the value is: by default `String` for text, `DWord` for a number, `QWord` for a bigint, `Binary` for bytes. */
  readonly type?: Schema2.RegistryValueType;
  /** Text, a number, or bytes, as the type needs it. */
  readonly value: string | number | bigint | Uint8Array;
  /** The number of a type that has no name; with `type: 'CustomType'`. */
  readonly customType?: number;
}

/** What is to be different in the registry. */
export interface RegistryOptions {
  readonly set?: readonly RegistryValue[];
  readonly deleteKeys?: readonly RegistryKey[];
}

const types = ['None', 'String', 'ExpandedString', 'MultiString', 'Binary', 'DWord', 'QWord', 'CustomType'] as const;

const keyChecks = { hive: oneOf('System', 'Software', 'Security', 'Sam'), key: text, volatile: flag };

const anything: Check = () => undefined; // what a value may be depends on its type

export const registryCheck = members<RegistryOptions>({
  set: list((value, field) => {
    members<RegistryValue>(
      { ...keyChecks, name: text, type: oneOf(...types), value: anything, customType: whole(0, 2 ** 32 - 1) },
      ...(['hive', 'key', 'name', 'value'] as const),
    )(value, field);
    dataOf(value as RegistryValue, field);
  }),
  deleteKeys: list(members<RegistryKey>(keyChecks, 'hive', 'key')),
});

function typeOf({ type, value }: RegistryValue): Schema2.RegistryValueType {
  if (type !== undefined) return type;
  if (value instanceof Uint8Array) return 'Binary';
  return typeof value === 'string' ? 'String' : typeof value === 'bigint' ? 'QWord' : 'DWord';
}

// The one member that carries the data. A zero is written, as nothing else says it.
function dataOf(setting: RegistryValue, field: string): Schema2.RegistryValue {
  const { value } = setting;
  const type = typeOf(setting);
  if ((type === 'CustomType') !== (setting.customType !== undefined)) {
    const requirement = 'must be used with the type CustomType, and that with it';
    throw new HcsArgumentError(`${field}.customType`, requirement, setting.customType);
  }
  switch (type) {
    case 'DWord':
      whole(0, 2 ** 32 - 1)(value, `${field}.value`);
      return { DWordValue: Number(value) };
    case 'QWord':
      whole(0, 2n ** 64n - 1n)(value, `${field}.value`);
      return { QWordValue: value as bigint };
    case 'None':
    case 'Binary':
    case 'CustomType':
      if (value instanceof Uint8Array) return { BinaryValue: Buffer.from(value).toString('base64') };
      throw new HcsArgumentError(`${field}.value`, 'must be a Uint8Array', value);
    default:
      if (typeof value === 'string') return { StringValue: value };
      throw new HcsArgumentError(`${field}.value`, 'must be a string', value);
  }
}

function keyOf({ hive, key, volatile }: RegistryKey): Schema2.RegistryKey {
  return { Hive: hive, Name: key, ...given('Volatile', volatile) };
}

/** Values that hcsshim writes too: a graceful stop is not cut short, and crashed processes leave a dump. */
export const waitToKillService: RegistryValue = {
  hive: 'System',
  key: 'ControlSet001\\Control',
  name: 'WaitToKillServiceTimeout',
  value: '2147483647',
};

/** `RegistryChanges`, if there are any. */
export function registryChanges(
  options: RegistryOptions | undefined,
  before: readonly RegistryValue[] = [],
): { RegistryChanges?: Schema2.RegistryChanges } {
  const AddValues = [...before, ...(options?.set ?? [])].map((setting) => ({
    Key: keyOf(setting),
    Name: setting.name,
    Type: typeOf(setting),
    ...dataOf(setting, 'options.registry.set'),
    ...given('CustomType', setting.customType),
  }));
  const DeleteKeys = (options?.deleteKeys ?? []).map(keyOf);
  if (AddValues.length + DeleteKeys.length === 0) return {};
  return {
    RegistryChanges: {
      ...(AddValues.length > 0 ? { AddValues } : {}),
      ...(DeleteKeys.length > 0 ? { DeleteKeys } : {}),
    },
  };
}
