/**
 * Registry values that come as JSON in an annotation, in the spelling of HCS.
 *
 * @module
 */
import type * as Schema2 from '../../../types/schema2/index.js';
import { HcsArgumentError } from '../../errors/errors.js';
import type { RegistryValue } from '../builders/registry.js';
import { registryCheck } from '../builders/registry.js';
import { parseJson } from '../json.js';
import type { Config } from './config.js';

// What hcsshim lets annotations set.
const allowed = [
  /^System\\CurrentControlSet\\Services/i,
  /^System\\CurrentControlSet\\Policies/i,
  /^System\\Software/i,
  /^Software\\/i,
];

/** The values of the annotation. One that hcsshim would drop is noted instead. */
export function registryAnnotation(config: Config, name: string): readonly RegistryValue[] {
  const text = config.annotation(name);
  if (text === undefined) return [];
  const drop = (reason: string): [] => {
    config.note(reason, 'annotations', name);
    return [];
  };
  const values = parsed(text);
  if (values === undefined) return drop('must be a JSON array');
  return values.flatMap((value, index) => {
    const setting = settingOf(value);
    if (setting instanceof HcsArgumentError)
      return drop(`has an invalid element ${index}: "${setting.field}" ${setting.problem}`);
    const key = `${setting.hive}\\${setting.key}`;
    return allowed.some((form) => form.test(key))
      ? [setting]
      : drop(`has a key in element ${index} that is not permitted: ${key}`);
  });
}

function parsed(text: string): readonly unknown[] | undefined {
  try {
    const values = parseJson(text);
    return Array.isArray(values) ? values : undefined;
  } catch {
    return undefined;
  }
}

function settingOf(given: unknown): RegistryValue | HcsArgumentError {
  const { Key, Name, Type, CustomType, ...rest } = (given ?? {}) as Schema2.RegistryValue;
  const { StringValue, BinaryValue, DWordValue, QWordValue } = rest;
  const data = [StringValue, BinaryValue && Buffer.from(BinaryValue, 'base64'), DWordValue, QWordValue];
  const values = data.filter((each) => each !== undefined);
  const setting = {
    hive: Key?.Hive,
    key: Key?.Name,
    volatile: Key?.Volatile,
    name: Name,
    type: Type,
    value: values.length > 1 ? undefined : (values[0] ?? zeroOf(Type)),
    customType: CustomType,
  };
  try {
    registryCheck({ set: [setting] }, 'values');
    return setting as RegistryValue;
  } catch (error) {
    if (error instanceof HcsArgumentError) return error;
    throw error;
  }
}

// Go leaves out the zero of a type.
function zeroOf(type: Schema2.RegistryValueType | undefined): RegistryValue['value'] {
  if (type === 'DWord' || type === 'QWord') return 0;
  return type === 'Binary' || type === 'CustomType' || type === 'None' ? new Uint8Array() : '';
}
