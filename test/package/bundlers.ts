// Bundlers as programs use them: each makes a program, and the threads of the package beside it, or leaves the package out.
import { join } from 'node:path';

import commonjsModule from '@rollup/plugin-commonjs';
import resolveModule from '@rollup/plugin-node-resolve';
import { build } from 'esbuild';
import { rollup } from 'rollup';
import webpack from 'webpack';

export interface Bundler {
  readonly name: string;
  /** Of the files that it writes. */
  readonly extension: string;
  /** @param entries - the files to begin with, by the names of what becomes of them */
  readonly bundle: (entries: Readonly<Record<string, string>>, folder: string, isLeftOut: boolean) => Promise<void>;
}

// Their types say that they are modules of CommonJS, which they are not.
const commonjs = commonjsModule as unknown as typeof commonjsModule.default;
const resolve = resolveModule as unknown as typeof resolveModule.default;

/** Without a string: that would not be `hostcompute/simulator`. */
const leftOut = /^hostcompute(\/|$)/;

const requireForModules =
  "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);";

const esbuild = (format: 'esm' | 'cjs', extension: string): Bundler => ({
  name: `esbuild, in the format ${format}`,
  extension,
  bundle: async (entryPoints, outdir, isLeftOut) => {
    await build({
      entryPoints,
      outdir,
      bundle: true,
      platform: 'node',
      format,
      outExtension: { '.js': `.${extension}` },
      external: isLeftOut ? ['hostcompute'] : [],
      // The thread that reads archives has modules of CommonJS in it, which require what Node has.
      ...(format === 'esm' && { banner: { js: requireForModules } }),
      logLevel: 'error',
    });
  },
});

const byRollup: Bundler = {
  name: 'rollup',
  extension: 'mjs',
  bundle: async (input, dir, isLeftOut) => {
    await using made = await rollup({
      input: { ...input },
      external: isLeftOut ? leftOut : [],
      plugins: [resolve({ preferBuiltins: true }), commonjs()],
      onwarn: ({ message }) => {
        throw new Error(message);
      },
    });
    await made.write({ dir, format: 'es', entryFileNames: '[name].mjs', chunkFileNames: '[name]-[hash].mjs' });
  },
};

const byWebpack: Bundler = {
  name: 'webpack',
  extension: 'cjs',
  bundle: async (entry, path, isLeftOut) => {
    const made = webpack({
      mode: 'production',
      optimization: { minimize: false },
      target: 'node',
      context: path,
      entry,
      output: { path, filename: '[name].cjs', chunkFilename: '[id].cjs' },
      externals: isLeftOut ? [leftOut] : [],
      externalsType: 'commonjs',
    });
    const stats = await new Promise<webpack.Stats | undefined>((done, fail) => {
      made.run((error, result) => (error ? fail(error) : done(result)));
    });
    if (stats?.hasErrors() !== false || stats.hasWarnings()) throw new Error(stats?.toString('errors-warnings'));
  },
};

export const bundlers = [esbuild('esm', 'mjs'), esbuild('cjs', 'cjs'), byRollup, byWebpack];

/** The files of the threads of the package, by their names. */
export const threadsOf = (folder: string): Record<string, string> =>
  Object.fromEntries(
    ['planner-worker', 'export-worker', 'volume-worker'].map((name) => [
      name,
      join(folder, 'node_modules', 'hostcompute', 'dist', `${name}.js`),
    ]),
  );
