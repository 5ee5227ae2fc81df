/**
 * The names of images: `[REGISTRY/]REPOSITORY[:TAG][@DIGEST]`, by the grammar of Docker and OCI.
 *
 * @module
 */
import { ImageError } from './image-error.js';
import type { Digest } from './oci/descriptor.js';
import { isDigest } from './oci/descriptor.js';

/** The name of an image in parts. */
export interface Reference {
  /** As the caller wrote it. */
  readonly written: string;
  /** The whole name: `docker.io/library/busybox:latest`. The same image has one of them, however it is written. */
  readonly name: string;
  /** `docker.io`, or the host with the port that the name has. */
  readonly registry: string;
  /** `library/busybox`. */
  readonly repository: string;
  /** `latest` where the name has neither tag nor digest. */
  readonly tag?: string;
  /** It decides where there is a tag as well. */
  readonly digest?: Digest;
}

const defaultRegistry = 'docker.io';
const label = /^[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;
const component = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
// A repository of 64 such digits could not be told from the id of an image.
const bareId = /^[0-9a-f]{64}$/;
const longestName = 255;
const longestText = 1024;

/**
 * Takes the name of an image apart.
 *
 * @throws ImageError `ERR_HC_IMAGE_REFERENCE`: the name is wrong; the message says where
 *
 * @example
 * parseReference('nanoserver:ltsc2022').name; // 'docker.io/library/nanoserver:ltsc2022'
 */
export function parseReference(written: string): Reference {
  const wrong = (what: string, remedy: string): never => {
    throw new ImageError(`${JSON.stringify(shortened(written))} is no name of an image: ${what}`, {
      code: 'ERR_HC_IMAGE_REFERENCE',
      reference: shortened(written),
      remedy,
    });
  };
  if (typeof written !== 'string') return wrong('it is no text', 'Write it as in "nanoserver:ltsc2022"');
  if (written === '') return wrong('it is empty', 'Write it as in "nanoserver:ltsc2022"');
  if (written.length > longestText) return wrong(`it has ${written.length} characters`, 'Check what it was made of');
  const scheme = /^[A-Za-z][A-Za-z+.-]*:\/\//.exec(written)?.[0];
  if (scheme !== undefined) return wrong(`it begins with ${scheme}`, `Leave out ${scheme}`);
  if (/\s/.test(written)) return wrong('it has a blank', 'Leave it out');

  const [named, digestText, ...more] = written.split('@') as [string, string?, ...string[]];
  if (more.length > 0) return wrong('it has more than one @', 'A digest comes last, once');
  const digest = digestText === undefined ? undefined : digestOf(digestText, wrong);
  const { rest, tag } = splitTag(named, wrong);
  const { registry, path } = splitRegistry(rest, wrong);
  const repository = registry === defaultRegistry && !path.includes('/') ? `library/${path}` : path;
  checkRepository(path, repository, wrong);
  if (`${registry}/${repository}`.length > longestName) {
    return wrong(`registry and repository have more than ${longestName} characters`, 'Name them shorter');
  }
  const used = tag ?? (digest === undefined ? 'latest' : undefined);
  const name = `${registry}/${repository}${used === undefined ? '' : `:${used}`}${digest === undefined ? '' : `@${digest}`}`;
  return {
    written,
    name,
    registry,
    repository,
    ...(used === undefined ? {} : { tag: used }),
    ...(digest === undefined ? {} : { digest }),
  };
}

/** The name as people write it: without `docker.io/library/`, and without `docker.io/`. */
export function familiarName({ name }: Reference): string {
  return name.replace(/^docker\.io\/(?:library\/(?=[^/]+$))?/, '');
}

type Wrong = (what: string, remedy: string) => never;

function digestOf(text: string, wrong: Wrong): Digest {
  if (isDigest(text)) return text;
  const algorithm = /^([a-z0-9]+(?:[+._-][a-z0-9]+)*):/.exec(text)?.[1];
  if (algorithm !== undefined && algorithm !== 'sha256') {
    return wrong(`its digest is of the kind ${shortened(algorithm)}`, 'Name the image by a digest of the kind sha256');
  }
  return wrong('what follows @ is no digest', 'A digest is "sha256:" and 64 digits of 0-9 and a-f');
}

function splitTag(named: string, wrong: Wrong): { rest: string; tag?: string } {
  const colon = named.lastIndexOf(':');
  if (colon < 0 || named.includes('/', colon)) return { rest: named };
  const tag = named.slice(colon + 1);
  if (tag === '') return wrong('its tag is empty', 'Name a tag after the colon, or leave out the colon');
  if (tag.length > 128) return wrong(`its tag has ${tag.length} characters`, 'A tag has 128 at most');
  if (!/^\w[\w.-]*$/.test(tag)) {
    return wrong(
      `its tag is ${JSON.stringify(tag)}`,
      'A tag has letters, digits, "_", and after the first also "." and "-"',
    );
  }
  return { rest: named.slice(0, colon), tag };
}

// By Docker's rule: what is before the first slash is a registry if it looks like a host.
function splitRegistry(rest: string, wrong: Wrong): { registry: string; path: string } {
  const slash = rest.indexOf('/');
  const first = rest.slice(0, Math.max(slash, 0));
  const isHost = /[.:]/.test(first) || first === 'localhost' || (slash > 0 && first !== first.toLowerCase());
  if (!isHost) return { registry: defaultRegistry, path: rest };
  checkHost(first, wrong);
  const registry = first === 'index.docker.io' ? defaultRegistry : first;
  return { registry, path: rest.slice(slash + 1) };
}

function checkHost(host: string, wrong: Wrong): void {
  const [, address, port] = /^(\[[0-9a-fA-F:.]+\]|[^:[\]]*)(?::(\d{1,5}))?$/.exec(host) ?? [];
  const fine =
    address !== undefined && (address.startsWith('[') || address.split('.').every((part) => label.test(part)));
  if (!fine || Number(port ?? 1) > 65_535 || Number(port ?? 1) === 0) {
    wrong(
      `its registry is ${JSON.stringify(host)}`,
      'A registry is a host, or a host and a port, as in "example.test:5000"',
    );
  }
}

function checkRepository(path: string, repository: string, wrong: Wrong): void {
  if (path === '') wrong('it has no repository', 'Name one, as in "nanoserver:ltsc2022"');
  if (bareId.test(path)) wrong('it is an id', 'Name the repository, and the digest after an @');
  for (const part of repository.split('/')) {
    if (component.test(part)) continue;
    if (part === '') wrong('there is nothing between two slashes, or after the last', 'Leave out the slash');
    if (part.toLowerCase() !== part && component.test(part.toLowerCase())) {
      wrong(`${JSON.stringify(part)} has capitals`, `Write ${JSON.stringify(part.toLowerCase())}`);
    }
    wrong(
      `its repository has ${JSON.stringify(part)}`,
      'Between slashes are a-z and 0-9, with ".", "_", "__" or "-" inside',
    );
  }
}

function shortened(text: unknown): string {
  const whole = String(text);
  return whole.length > 100 ? `${whole.slice(0, 100)}...` : whole;
}
