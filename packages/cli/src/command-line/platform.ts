/**
 * Platforms as people type them.
 *
 * @module
 */
import { InvalidArgumentError } from 'commander';
import type { Platform } from 'hostcompute-images';

/** `windows/amd64`, `windows/amd64:10.0.20348`, `linux/arm/v7`. */
export function parsePlatform(text: string): Partial<Platform> {
  const [, os, architecture, variant, osVersion] =
    /^([a-z0-9_]+)(?:\/([a-z0-9_]+)(?:\/([a-z0-9_.]+))?)?(?::(\d+(?:\.\d+){1,3}))?$/.exec(text) ?? [];
  if (os === undefined) throw new InvalidArgumentError('It must be a platform such as windows/amd64:10.0.20348.');
  return {
    os,
    ...(architecture !== undefined && { architecture }),
    ...(variant !== undefined && { variant }),
    ...(osVersion !== undefined && { osVersion }),
  };
}
