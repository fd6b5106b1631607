import tseslint from 'typescript-eslint'

/** Strict, with type information; the few exceptions say why. */
export default tseslint.config(
  {
    ignores: [
      'dist/**',
      'coverage/**',
      'fixtures/**',
      '.test-results/**',
      'src/model/schema/site-validator.js',
      'src/cli/config/config-validator.js',
      'src/cli/linting/**/*-validator.js'
    ]
  },
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules: {
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true, allowDefaultCaseForExhaustiveSwitch: true }
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-import-type-side-effects': 'error',
      // Numbers print as one expects.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // Unions and mapped types are what the model is made of; both forms read well.
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/consistent-indexed-object-style': 'off',
      // A chain of tests that narrows several values reads well as it is.
      '@typescript-eslint/prefer-optional-chain': 'off',
      // A function of one expression that is called for its effect reads well as an arrow.
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      eqeqeq: 'error',
      'no-duplicate-case': 'error',
      'no-console': 'error',
      'no-empty': ['error', { allowEmptyCatch: false }],
      'no-restricted-syntax': [
        'error',
        { selector: 'ExportDefaultDeclaration', message: 'Use named exports.' }
      ]
    }
  },
  {
    files: ['*.config.ts'],
    rules: { 'no-restricted-syntax': 'off' }
  },
  {
    files: ['**/*.js', '**/*.mjs', '**/*.cjs'],
    extends: [tseslint.configs.base],
    rules: { eqeqeq: 'error', 'no-unused-vars': 'error', 'no-empty': ['error', { allowEmptyCatch: false }] }
  }
)
