import tseslint from 'typescript-eslint';

/** Time is an argument everywhere: only the port file may ask the machine what time it is. */
const noAmbientClock = [
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: 'Time arrives as an argument; only src/clock.ts may read the machine clock.',
  },
  {
    selector: "MemberExpression[object.name='Date'][property.name='now']",
    message: 'Time arrives as an argument; only src/clock.ts may read the machine clock.',
  },
];

const noDefaultExport = [{ selector: 'ExportDefaultDeclaration', message: 'Named exports only.' }];

/** Chance is an argument in the pure rooms, for a round must be replayable from its journal. */
const noChance = [
  {
    selector: "MemberExpression[object.name='Math'][property.name='random']",
    message: 'Chance arrives as an argument.',
  },
];

export default tseslint.config(
  { ignores: ['dist/**', 'node_modules/**', '.winnow/**'] },
  ...tseslint.configs.recommended,
  {
    files: ['src/**/*.ts', 'bench/**/*.ts', 'test/**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      eqeqeq: 'error',
      'no-restricted-syntax': ['error', ...noDefaultExport],
    },
  },
  {
    files: ['src/**/*.ts'],
    ignores: ['src/clock.ts'],
    rules: {
      'no-restricted-syntax': ['error', ...noAmbientClock, ...noDefaultExport],
      'no-console': 'error',
      'max-lines': ['error', { max: 300 }],
      'max-lines-per-function': ['error', { max: 40, skipComments: true, skipBlankLines: true }],
      'max-params': ['error', 4],
    },
  },
  {
    files: ['src/scoring/**/*.ts', 'src/sync/**/*.ts'],
    rules: { 'no-restricted-syntax': ['error', ...noAmbientClock, ...noDefaultExport, ...noChance] },
  },
  {
    files: ['test/**/*.ts', 'bench/**/*.ts'],
    rules: { 'max-lines': ['error', { max: 300 }] },
  },
);
