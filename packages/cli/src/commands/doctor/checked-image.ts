/**
 * The image that a doctor compares with a host.
 *
 * @module
 */
import type { CheckedImage } from 'hostcompute/doctor';

import type { GlobalOptions } from '../../command-line/global-options.js';
import { openContext } from '../../host/context.js';
import { openImages } from '../../host/images.js';

/** `windows/amd64:10.0.20348.2700`, or what the store knows by a reference. */
export async function imageOf(given: string, globals: GlobalOptions): Promise<CheckedImage> {
  const [, os, architecture, osVersion] = /^(windows|linux)(?:\/(\w+))?(?::(\d+(?:\.\d+){1,3}))?$/.exec(given) ?? [];
  if (os !== undefined) {
    return { os, ...(architecture !== undefined && { architecture }), ...(osVersion !== undefined && { osVersion }) };
  }
  await using context = await openContext(globals, { lasting: false });
  const images = await openImages(context);
  const { platform } = await images.get(given);
  return {
    name: given,
    os: platform.os,
    architecture: platform.architecture,
    ...(platform.osVersion !== undefined && { osVersion: platform.osVersion }),
  };
}
