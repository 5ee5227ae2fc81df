/**
 * Documents from the `config.json` of an OCI runtime, as Microsoft's own runtime makes them.
 *
 * @module
 */
import type { SystemDocument2 } from '../../../types/documents.js';
import type * as Schema1 from '../../../types/schema1/index.js';
import { Config } from './config.js';
import { linuxContainer } from './linux-container.js';
import type { OciConversion, OciOptions } from './oci-options.js';
import { checkedOptions } from '../builders/option-checks.js';
import { ociCheck } from './oci-options.js';
import { windowsContainer } from './windows-container.js';

/** Why a part of the configuration is in no document, by its path. */
const ofWindows: readonly (readonly [RegExp, string])[] = [
  [/^process(?:\.|$)/, 'goes to createProcess()'],
  [/^hooks/, 'is run by the runtime, on the host'],
  [/^windows\.resources\.storage\.sandboxSize$/, 'is the size of the writable layer, given when that is made'],
  [/^windows\.resources\.cpu\.affinity/, 'is set on the job object of the container, which has no member for it'],
  [/^windows\.ignoreFlushesDuringBoot$/, 'is a property of the disk in schema 2'],
  [/^annotations\["io\.microsoft\.virtualmachine\./, 'is of the utility VM: see utilityVmFromOciSpec()'],
  [/./, 'has no place in this document'],
];

/** What a Linux document leaves out of its specification is noted there, but for this. */
const ofLinux: readonly (readonly [RegExp, string])[] = [
  [/^windows\.(?!layerFolders|hyperv)/, 'has no effect on a Linux container'],
];

/**
 * The document that an OCI configuration describes: of a process-isolated Windows container, of one in a utility VM when
 * there is `windows.hyperv`, or of a Linux one. `notExpressed` lists what of the configuration the document does not express.
 *
 * Annotations that Microsoft's runtime honours go before the members that they stand for, as they do there.
 *
 * @example
 * const { document, notExpressed } = documents.fromOciSpec(config, {
 *   id: 'web',
 *   owner: 'my-runtime',
 *   schema: 2,
 *   parentLayers: [{ Id: '6a1f6f0e-2c55-5e0c-9f3c-8f9d3b2a1c01', Path: 'D:\\layers\\base' }],
 * });
 *
 * @param config - what `config.json` holds
 * @throws HcsArgumentError for a configuration that cannot become a document; `field` is the path, such as
 *   `config.root.path`
 */
export function fromOciSpec(
  config: object,
  options: OciOptions & { readonly schema: 1 },
): OciConversion<Schema1.ContainerConfig>;
export function fromOciSpec(
  config: object,
  options: OciOptions & { readonly schema: 2 },
): OciConversion<SystemDocument2>;
export function fromOciSpec(config: object, options: OciOptions): OciConversion;
export function fromOciSpec(config: object, options: OciOptions): OciConversion {
  options = checkedOptions(options, ociCheck);
  const read = new Config(config);
  if (read.has('linux')) {
    return { document: linuxContainer(read, options), notExpressed: read.notExpressed(ofLinux) };
  }
  const document = windowsContainer(read, options);
  read.value('ociVersion');
  return { document, notExpressed: read.notExpressed(ofWindows) };
}
