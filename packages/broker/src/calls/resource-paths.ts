/**
 * What a change to a system may name, as data: a resource path, and what its settings are. A path has values in it, so it is taken
 * apart and put together again.
 *
 * @module
 */
import type { Shape } from '../documents/shapes.js';
import { keys, megabytes, object } from '../documents/shapes.js';

/** One resource path. */
export interface ResourcePath {
  /** Its parts: words as they are, values by their form. */
  readonly parts: readonly (string | RegExp)[];
  readonly settings: Shape;
}

const machine = ['VirtualMachine', 'Devices'] as const;

/** The paths that clients may change. What is not here is refused. */
export const resourcePaths: readonly ResourcePath[] = [
  { parts: ['VirtualMachine', 'ComputeTopology', 'Memory', 'SizeInMB'], settings: megabytes },
  { parts: ['VirtualMachine', 'ComputeTopology', 'Processor', 'Limits'], settings: object('ProcessorLimits') },
  { parts: [...machine, 'Scsi', keys.name, 'Attachments', keys.lun], settings: object('Attachment') },
  { parts: [...machine, 'VirtualSmb', 'Shares'], settings: object('VirtualSmbShare') },
  { parts: [...machine, 'Plan9', 'Shares'], settings: object('Plan9Share') },
  { parts: [...machine, 'NetworkAdapters', keys.guid], settings: object('NetworkAdapter') },
  { parts: [...machine, 'VirtualPMem', 'Devices', keys.number], settings: object('VirtualPMemDevice') },
  {
    parts: [...machine, 'VirtualPMem', 'Devices', keys.number, 'Mappings', keys.long],
    settings: object('VirtualPMemMapping'),
  },
  { parts: ['Container', 'Memory', 'SizeInMB'], settings: megabytes },
  { parts: ['Container', 'Processor'], settings: object('Container_Processor') },
  { parts: ['Container', 'MappedDirectories'], settings: object('MappedDirectory') },
];

/** The path that a text is; undefined for one that is not for clients. */
export function findResourcePath(text: string): ResourcePath | undefined {
  const given = text.split('/');
  return resourcePaths.find(
    ({ parts }) =>
      parts.length === given.length &&
      parts.every((part, at) => (typeof part === 'string' ? part === given[at] : part.test(given[at]!))),
  );
}
