import { posix, relative, sep } from 'node:path';

/**
 * Who may import whom (docs/architecture.md). Rooms stand on floors, from the ground up; a room knows rooms
 * below its own floor, as far as its line here allows. `x/` stands for a whole room, `x/y` for one module.
 */
const ground = ['domain/', 'text/', 'files/'];
const ports = [
  'models/language-model',
  'models/ask-with-repair',
  'models/generate-bundle',
  'models/generate-object',
  'gates/gate',
  'sandbox/sandbox',
  'state/ports',
  'workspace/workspace',
];

const adapter = 'an adapter knows the ground and named ports alone, so that it can be replaced';
const core = 'the core knows ports, never adapters, so that it runs against fakes';

/** Every folder and file directly below src/. */
const rooms = {
  domain: { may: [], why: 'the domain is pure and stands alone' },
  text: { may: ['domain/'], why: 'functions on text know the domain alone' },
  files: { may: ['domain/'], why: 'what is done to files knows the domain alone' },

  config: { may: ground, why: adapter },
  models: { may: [...ground, 'config/resolved-config'], why: adapter },
  sandbox: { may: ground, why: adapter },
  gates: { may: [...ground, 'sandbox/'], why: adapter },
  workspace: { may: ground, why: adapter },
  state: { may: ground, why: adapter },
  rules: { may: ground, why: adapter },
  report: {
    may: ground,
    why: 'reports are pure readings of the journal and of the calls it names',
  },

  supervisor: { may: [...ground, ...ports], why: core },
  strategies: { may: [...ground, ...ports, 'supervisor/'], why: core },
  workflows: { may: [...ground, ...ports, 'supervisor/', 'strategies/'], why: core },
  pipeline: { may: [...ground, ...ports, 'supervisor/', 'strategies/'], why: core },
  executor: { may: [...ground, ...ports, 'supervisor/', 'strategies/', 'workflows/'], why: core },

  'use-cases': {
    may: [
      ...[...ground, ...ports, 'config/', 'report/'],
      ...['supervisor/', 'strategies/', 'workflows/', 'pipeline/', 'executor/'],
    ],
    why: 'a use case gets its adapters from the program, which compose puts together',
  },
  compose: { notFrom: ['cli/', 'library', 'main'], why: 'nothing imports a front door' },
  cli: {
    may: [...ground, 'config/', 'report/', 'use-cases/', 'compose/'],
    why: 'commands are thin: they parse, call one use case and render',
  },
  library: {
    may: [...ground, 'config/', 'use-cases/', 'compose/'],
    why: 'the entry for code calls use cases, as the command line does',
  },
  main: { may: ['cli/', ...ground], why: 'main.ts is the edge: argv in, exit code out' },
};

const moduleBelowSrc = (file) =>
  relative(process.cwd(), file)
    .split(sep)
    .join('/')
    .replace(/^src\//, '')
    .replace(/\.ts$/, '');
const roomOf = (module) => module.split('/')[0];
const covers = (entry) => (module) =>
  entry.endsWith('/') ? module.startsWith(entry) : module === entry;

/** Sees static, re-exported, type-only and `import()`ed modules alike. */
const imports = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    const from = moduleBelowSrc(context.filename);
    const room = roomOf(from);
    const rule = rooms[room];
    const check = (source) => {
      if (source?.type !== 'Literal' || typeof source.value !== 'string') return;
      if (!source.value.startsWith('.')) return;
      const to = posix.join(posix.dirname(from), source.value).replace(/\.ts$/, '');
      if (to.startsWith('..')) {
        context.report({ node: source, message: 'Code under src/ imports nothing outside of it.' });
        return;
      }
      if (roomOf(to) === room) return;
      const allowed =
        rule.may === undefined
          ? !rule.notFrom.some((entry) => covers(entry)(to))
          : rule.may.some((entry) => covers(entry)(to));
      if (!allowed)
        context.report({ node: source, message: `src/${room} may not import ${to}: ${rule.why}.` });
    };
    return {
      Program(node) {
        if (rule === undefined)
          context.report({ node, message: `Name the room «${room}» in scripts/lint/rooms.js.` });
      },
      ...(rule !== undefined && {
        ImportDeclaration: (node) => check(node.source),
        ExportNamedDeclaration: (node) => check(node.source),
        ExportAllDeclaration: (node) => check(node.source),
        ImportExpression: (node) => check(node.source),
        TSImportType: (node) => check(node.source ?? node.argument?.literal),
      }),
    };
  },
};

export const roomsPlugin = { rules: { imports } };
