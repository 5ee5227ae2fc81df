// The functions and methods that the entries of the package export, by names such as `ComputeSystem#start`.
import { EventEmitter } from 'node:events';

import * as main from 'hostcompute';
import * as doctor from 'hostcompute/doctor';
import * as documents from 'hostcompute/documents';
import * as network from 'hostcompute/network';
import * as recorder from 'hostcompute/recorder';
import * as simulator from 'hostcompute/simulator';
import * as storage from 'hostcompute/storage';
import * as utilityVm from 'hostcompute/utility-vm';

type Constructor = new (...args: never[]) => object;

function isClass(value: unknown): value is Constructor {
  return typeof value === 'function' && value.toString().startsWith('class');
}

function methodsOf(object: object): string[] {
  return Object.entries(Object.getOwnPropertyDescriptors(object))
    .filter(([name, { value }]) => typeof value === 'function' && name !== 'constructor' && !isClass(value))
    .map(([name]) => name)
    .filter((name) => !(name in EventEmitter.prototype));
}

/** Static methods, and those of instances with what they inherit from classes of the package. */
function functionsOfClass(of: Constructor): string[] {
  const names = methodsOf(of).map((name) => `${of.name}.${name}`);
  let prototype = of.prototype as object;
  while (prototype !== EventEmitter.prototype && prototype !== Object.prototype) {
    names.push(...methodsOf(prototype).map((name) => `${of.name}#${name}`));
    prototype = Object.getPrototypeOf(prototype) as object;
  }
  return names;
}

function functionsOf(entry: object): string[] {
  const values: readonly unknown[] = Object.values(entry);
  // A class that others extend is covered by them.
  const isBase = (of: Constructor): boolean =>
    values.some((other) => isClass(other) && other !== of && other.prototype instanceof of);
  return Object.entries(entry).flatMap(([name, value]: [string, unknown]) => {
    if (isClass(value)) return value.prototype instanceof Error || isBase(value) ? [] : functionsOfClass(value);
    return typeof value === 'function' ? [name] : [];
  });
}

/** Sorted, each once. Those of errors are left out. */
export function publicFunctions(): string[] {
  const entries = [
    main,
    documents,
    documents.documents,
    doctor,
    network,
    network.endpoints,
    network.hns,
    network.networks,
    recorder,
    simulator,
    storage,
    utilityVm,
  ];
  return [...new Set(entries.flatMap(functionsOf))].sort();
}

/** What tables have beside those: of a class that is not exported, and a second way of one function. */
export const moreCalls = ['MountedLayer#close', 'Process#signal'];
