import tseslint from 'typescript-eslint';

// Who may know whom, see docs/architecture.md. `from` may not import what matches `never`.
const zones = [
  {
    from: ['src/*.ts'],
    never: ['**/backend/addon.js', '**/backend/koffi/**', '!**/backend/koffi/limits.js'],
    why: 'Entities know the interface only.',
  },
  { from: ['src/backend/*.ts'], never: ['../*.js'], why: 'A backend knows its table and nothing above it.' },
  { from: ['src/backend/koffi/*.ts'], never: ['../../*.js'], why: 'A backend knows its table and nothing above it.' },
  {
    from: ['src/recorder/*.ts'],
    never: ['../*.js', '!../errors.js', '**/backend/addon.js', '**/backend/load.js'],
    why: 'Recordings and replays are backends.',
  },
  {
    from: ['src/documents/*.ts'],
    never: ['**/backend/**', '../*.js', '!../errors.js', '!../documents.js'],
    why: 'Documents are made and judged without a host.',
  },
  {
    from: ['src/documents/*/*.ts'],
    never: ['**/backend/**', '../../*.js', '!../../errors.js', '!../../documents.js'],
    why: 'Documents are made and judged without a host.',
  },
  {
    from: ['src/layers/formats/*.ts'],
    never: ['../*', 'node:*'],
    why: 'Formats are functions on bytes: no files, no host.',
  },
  {
    from: ['src/layers/export/*.ts'],
    never: ['../../*', '**/import/**'],
    why: 'A tree is read without a host.',
  },
  { from: ['src/result-codes.ts'], never: ['./*', '../*', 'node:*'], why: 'The table imports nothing.' },
  {
    from: ['test/api/**', 'test/conformance/**', 'test/lifetime/**', 'bench/**', 'examples/**'],
    never: ['#dist/*', '**/src/**', '**/dist/**'],
    why: 'Use the public entries.',
  },
];

export default tseslint.config(
  {
    ignores: [
      'dist/',
      'build/',
      'native/',
      'node_modules/',
      'src/backend/functions.ts',
      'src/documents/tables.ts',
      'src/documents/rules.ts',
      'types/schema*/',
      'types/requests.d.ts',
    ],
  },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true, allowNullish: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': 'off',
      '@typescript-eslint/no-unsafe-type-assertion': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      // For what an invariant of the lines around it guarantees.
      '@typescript-eslint/no-non-null-assertion': 'off',
      'no-console': 'error',
    },
  },
  ...zones.map(({ from, never, why }) => ({
    files: from,
    rules: { 'no-restricted-imports': ['error', { patterns: [{ group: never, message: why }] }] },
  })),
  { files: ['bench/**', 'examples/**', 'test/**/programs/**', 'test/soak/**'], rules: { 'no-console': 'off' } },
);
