/**
 * Type-aware lint and the fences of the layout. A fence is a rule about who may know whom; test/architecture.spec.ts tests the same
 * arrows over the parsed sources, so that neither a disabled rule nor a forgotten test lets one through alone.
 */
import { builtinModules } from 'node:module';
import { builtinRules } from 'eslint/use-at-your-own-risk';
import reactHooks from 'eslint-plugin-react-hooks';
import tseslint from 'typescript-eslint';

const nodeBuiltins = `^(node:.*|(${builtinModules.filter((name) => !name.startsWith('_')).join('|')})(/.*)?)$`;
const restrictImports = (...patterns) => ({ '@typescript-eslint/no-restricted-imports': ['error', { patterns }] });

/** Fences that hold everywhere but for the files named with them. Flat config replaces options, so each block lists all of its own. */
const noController = { regex: '\\.controller(\\.js)?$', message: 'Nothing imports a controller but its module.' };
const noInjectedRepository = {
  regex: '^@nestjs/typeorm$',
  importNames: ['InjectRepository', 'InjectEntityManager'],
  message: 'All database access goes through inScope() (design.md, invariant 10).',
};
const domainOnly = (allowed = '\\./') => ({
  regex: `^(?!${allowed})`,
  message: 'src/domain is pure: it imports only itself, and is safe in the workflow bundle.',
});
const workflowImports = [
  { regex: nodeBuiltins, message: 'The workflow sandbox has no Node built-ins.' },
  {
    regex: '^(@nestjs|typeorm|pg|rxjs|pino|@temporalio/(?!workflow$|common(/|$)))',
    message: 'A workflow is deterministic: no I/O libraries.',
  },
  { regex: '/src/(?!domain/)', message: 'Workflows know src/domain and nothing else of src.' },
  { regex: '/activities(/|\\.js$)', allowTypeImports: true, message: 'Only types: `import type` from activities.' },
  noController,
];

const noEnvironmentImport = {
  regex: '^(node:)?process$',
  importNames: ['env'],
  message: 'Only src/platform/config.ts reads the environment.',
};

/** Whatever the variable is called: a DataSource outside src/platform/database is opened, asked whether it is open, and closed. */
const noGlobalManager = {
  meta: { type: 'problem', schema: [], messages: { banned: 'Use the transaction of inScope(), never the DataSource itself ({{name}}).' } },
  create(context) {
    const services = context.sourceCode.parserServices;
    return {
      MemberExpression({ object, property, computed }) {
        const name = computed ? property.value : property.name;
        if (['initialize', 'isInitialized', 'destroy', 'options'].includes(name)) return;
        const type = services.getTypeAtLocation(object);
        if (type.getSymbol()?.name === 'DataSource') context.report({ node: property, messageId: 'banned', data: { name } });
      },
    };
  },
};
/** `...{ a, b }` switches the check for excess properties off, so that a misspelt key compiles; the formatter lays the lines out. */
const noLiteralSpread = {
  meta: { type: 'problem', schema: [], messages: { banned: 'Write the members of a literal; do not spread it.' } },
  create(context) {
    const inner = (node) => (node.type.startsWith('TS') && node.expression ? inner(node.expression) : node);
    return {
      SpreadElement({ argument, parent }) {
        const literal = parent.type === 'ObjectExpression' ? 'ObjectExpression' : 'ArrayExpression';
        if (inner(argument).type === literal) context.report({ node: argument, messageId: 'banned' });
      },
    };
  },
};
/** The project's own rules; `look-again` is max-lines a second time, because one rule cannot both warn and refuse. */
const project = {
  rules: { 'no-global-manager': noGlobalManager, 'no-literal-spread': noLiteralSpread, 'look-again': builtinRules.get('max-lines') },
};

const realTime = {
  object: 'Date',
  property: 'now',
  message: 'Ask the injected clock; systemClock where real time is meant; performance.now() for a duration.',
};
const environment = { object: 'process', property: 'env', message: 'Only src/platform/config.ts reads the environment.' };
const wallClock = [
  {
    object: 'Temporal',
    property: 'Now',
    message: 'The native Temporal.Now is not deterministic (sdk-typescript#2269): use workflow time.',
  },
];

export default tseslint.config(
  {
    ignores: [
      'dist/',
      'coverage/',
      '.data/',
      '.cache/',
      'web/src/generated/',
      'docs/clients/',
      'test/workflows/histories/',
      'bench/results/',
    ],
  },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [...tseslint.configs.recommended],
    plugins: { project },
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
      '@typescript-eslint/only-throw-error': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      // `import type` of an injected class would erase the metadata that Nest injects by, so nothing may ask for it.
      '@typescript-eslint/consistent-type-imports': 'off',
      '@typescript-eslint/no-empty-object-type': ['error', { allowInterfaces: 'with-single-extends' }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
      'max-lines': ['error', { max: 400 }],
      'project/look-again': ['warn', { max: 300 }],
      'project/no-literal-spread': 'error',
      'max-len': ['error', { code: 140 }],
    },
  },
  {
    files: ['src/**/*.ts', 'workflows/**/*.ts', 'activities/**/*.ts'],
    rules: {
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      // A switch over a closed union counts as one: the fold over acts is long, not tangled.
      complexity: ['error', { max: 20, variant: 'modified' }],
      'no-restricted-properties': ['error', environment, realTime],
      'project/no-global-manager': 'error',
      ...restrictImports(noController, noInjectedRepository, noEnvironmentImport),
    },
  },
  { files: ['src/**/*.module.ts'], rules: restrictImports(noInjectedRepository, noEnvironmentImport) },
  {
    files: ['src/platform/database/**/*.ts', 'src/programs/migrate.ts'],
    rules: { 'project/no-global-manager': 'off', ...restrictImports(noController, noEnvironmentImport) },
  },
  { files: ['src/platform/database/migrations/**/*.ts'], rules: { 'max-lines-per-function': 'off' } },
  { files: ['src/platform/config.ts'], rules: { 'no-restricted-properties': ['error', realTime] } },
  { files: ['src/platform/clock.ts'], rules: { 'no-restricted-properties': ['error', environment] } },
  {
    files: ['src/domain/**/*.ts'],
    rules: {
      ...restrictImports(domainOnly()),
      'no-restricted-properties': [
        'error',
        environment,
        ...wallClock,
        { object: 'Date', property: 'now', message: 'Time is an argument.' },
      ],
      'no-restricted-globals': ['error', 'process', 'Buffer', 'setTimeout', 'setInterval', 'fetch', 'crypto'],
    },
  },
  // A folder within src/domain may look one level up, which is src/domain still.
  { files: ['src/domain/*/*.ts'], rules: restrictImports(domainOnly('(\\./|\\.\\./([a-z-]+/)?[a-z-]+\\.js$)')) },
  {
    files: ['workflows/**/*.ts'],
    rules: {
      ...restrictImports(...workflowImports),
      'no-restricted-properties': ['error', environment, ...wallClock],
      'no-restricted-globals': ['error', 'process', 'Buffer', 'fetch'],
    },
  },
  // The workbench is a client like any other: it knows the API by its document alone, and no slice knows another.
  { files: ['web/**/*.{ts,tsx}'], ...reactHooks.configs.flat.recommended },
  {
    files: ['web/**/*.{ts,tsx}'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { attributes: false } }],
      // The router's redirects and not-founds are thrown, and are no errors.
      '@typescript-eslint/only-throw-error': 'off',
      ...restrictImports(
        {
          regex: '^(\\.\\./)+(src|workflows|activities|local|test|scripts)/',
          message: 'The workbench imports nothing of the product but generated types.',
        },
        {
          regex: '^\\.\\./(?!(ground|words|generated)/)',
          message: 'A slice of the workbench knows ground/ and words/, and no other slice.',
        },
      ),
    },
  },
  { files: ['web/src/app/slices.ts', 'web/src/ground/**'], rules: { '@typescript-eslint/no-restricted-imports': 'off' } },
  // A client that reads any JSON answer: a typed one would only repeat what the test expects.
  { files: ['test/fixtures/client.ts', 'test/faults/journal.ts'], rules: { '@typescript-eslint/no-explicit-any': 'off' } },
  { files: ['local/**/*.ts', 'bench/**/*.ts'], rules: { 'no-console': 'off' } },
  {
    files: ['scripts/**/*.mjs', '*.js', '*.mjs'],
    languageOptions: { ecmaVersion: 2024, sourceType: 'module' },
    rules: {
      'no-unused-vars': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'max-lines': ['error', { max: 400 }],
      'max-len': ['error', { code: 140 }],
    },
  },
);
