// All tests, or those that the command line names: mocha itself adds the named ones to those of its configuration.
const words = process.argv.slice(2);
const named = words.some(
  (word, at) => /^(\.[\\/])?(out|packages[\\/].*)[\\/]test\b/.test(word) && !/^--?\w/.test(words[at - 1] ?? ''),
);

module.exports = {
  ...(named
    ? {}
    : { spec: ['out/test/**/*.test.js', 'packages/*/dist/test/**/*.test.js'], ignore: ['out/test/package/**'] }),
  require: './out/test/support/root-hooks.js',
  parallel: true,
  jobs: 2,
  'node-option': ['expose-gc', 'enable-source-maps'],
  timeout: 120_000,
  'forbid-only': true,
  'forbid-pending': true,
};
