/**
 * The `require` of CommonJS, for native addons.
 *
 * @module
 */

/**
 * Requires as a file does. Bundlers do not see this one: they would stop at what is not installed, or warn of a path that they
 * cannot know.
 */
export function requireFrom(file: string): NodeJS.Require {
  return process.getBuiltinModule('node:module').createRequire(file);
}
