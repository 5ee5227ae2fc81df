import tseslint from 'typescript-eslint';

// Who may import whom within src is the work of scripts/check-imports.mjs.
const publicEntriesOnly = {
  files: ['packages/*/src/**', 'test/api/**', 'test/conformance/**', 'test/lifetime/**', 'bench/**', 'examples/**'],
  rules: {
    'no-restricted-imports': [
      'error',
      { patterns: [{ group: ['#dist/*', '**/src/**', '**/dist/**'], message: 'Use the public entries.' }] },
    ],
  },
};

export default tseslint.config(
  {
    ignores: [
      '**/dist/',
      'out/',
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
  publicEntriesOnly,
  { files: ['bench/**', 'examples/**', 'test/**/programs/**', 'test/soak/**'], rules: { 'no-console': 'off' } },
);
