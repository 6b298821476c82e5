import { importsOf, moduleOf, resolved, roomOf } from './modules.js';

/**
 * Who may import whom (docs/architecture.md). Rooms stand on floors, from the ground up; a room knows rooms
 * below its own floor, as far as its line here allows. `x/` stands for a whole room, `x/y` for one module.
 */
const ground = ['domain/', 'text/', 'files/', 'syntax/'];
const ports = [
  'models/language-model',
  'models/ask-with-repair',
  'models/generate-bundle',
  'models/generate-object',
  'gates/gate',
  'sandbox/sandbox',
  'state/ports',
  'repository/project',
  'workspace/workspace',
  'workspace/applier',
];

const adapter = 'an adapter knows the ground and named ports alone, so that it can be replaced';
const core = 'the core knows ports, never adapters, so that it runs against fakes';

/**
 * Every folder and file directly below src/. A room with `notFrom` may import any other but those.
 * @type {Record<string, { may?: string[], notFrom?: string[], why: string }>}
 */
export const rooms = {
  domain: { may: [], why: 'the domain is pure and stands alone' },
  text: { may: ['domain/'], why: 'functions on text know the domain alone' },
  files: { may: ['domain/', 'text/'], why: 'what is done to files knows the domain and text' },
  syntax: {
    may: ['domain/', 'text/'],
    why: 'what grammars read of a text knows the domain and text',
  },

  extensions: {
    notFrom: ['cli', 'library', 'main', 'compose', 'use-cases'],
    why: 'the registry names what can be added, and knows nobody who uses it',
  },
  config: { may: [...ground, 'extensions'], why: adapter },
  models: { may: [...ground, 'config/resolved-config'], why: adapter },
  sandbox: { may: ground, why: adapter },
  // What manifests say of packages is read in one place.
  gates: { may: [...ground, 'sandbox/sandbox', 'repository/packages/'], why: adapter },
  repository: { may: ground, why: adapter },
  workspace: { may: ground, why: adapter },
  state: { may: ground, why: adapter },
  notify: { may: ground, why: adapter },
  telemetry: { may: ground, why: adapter },
  rules: { may: ground, why: adapter },
  report: {
    may: ground,
    why: 'reports are pure readings of the journal and of the calls it names',
  },

  supervisor: { may: [...ground, ...ports], why: core },
  // What kind a file is by its path is said in one place.
  acceptance: { may: [...ground, ...ports, 'supervisor/', 'repository/file-kind'], why: core },
  strategies: { may: [...ground, ...ports, 'supervisor/'], why: core },
  workflows: {
    may: [...ground, ...ports, 'supervisor/', 'acceptance/', 'strategies/'],
    why: core,
  },
  debate: { may: [...ground, ...ports, 'supervisor/', 'strategies/'], why: core },
  pipeline: { may: [...ground, ...ports, 'supervisor/', 'strategies/'], why: core },
  executor: { may: [...ground, ...ports, 'supervisor/', 'strategies/', 'workflows/'], why: core },

  'use-cases': {
    may: [
      ...ground,
      ...ports,
      'repository/map',
      'models/list-models',
      'config/',
      'report/',
      'supervisor/',
      'strategies/',
      'workflows/',
      'debate/',
      'pipeline/',
      'executor/',
    ],
    why: 'a use case gets its adapters from the program, which compose puts together',
  },
  compose: { notFrom: ['cli', 'library', 'main'], why: 'nothing imports a front door' },
  cli: {
    may: [...ground, 'config/', 'report/', 'use-cases/', 'compose/', 'extensions'],
    why: 'commands are thin: they parse, call one use case and render',
  },
  library: {
    may: [...ground, 'config/', 'use-cases/', 'compose/'],
    why: 'the entry for code calls use cases, as the command line does',
  },
  main: { may: ['cli/', ...ground], why: 'main.ts is the edge: argv in, exit code out' },
};

const covers = (entry) => (module) =>
  entry.endsWith('/') ? module.startsWith(entry) : module === entry;

/** Whether a module of one room may import a module of another. */
export function mayImport(room, module) {
  const { may, notFrom } = rooms[room];
  return may === undefined
    ? !notFrom?.includes(roomOf(module))
    : may.some((entry) => covers(entry)(module));
}

export const imports = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    const from = moduleOf(context.filename, context.cwd);
    if (from === null) return {};
    const room = roomOf(from);
    if (!Object.hasOwn(rooms, room))
      return {
        Program: (node) =>
          context.report({ node, message: `Name the room «${room}» in scripts/lint/rooms.js.` }),
      };
    return importsOf((node, source) => {
      const problem = problemOf(source, from);
      if (problem !== null) context.report({ node, message: problem });
    });
  },
};

function problemOf(source, from) {
  const room = roomOf(from);
  if (source === null)
    return 'Name the module in a literal: what is computed at run time, no rule can check.';
  if (source === 'blueprint' || source.startsWith('blueprint/'))
    return 'Import the module itself: the package by its own name goes around every wall.';
  if (!source.startsWith('.')) return null;
  const to = resolved(source, from);
  if (to.startsWith('..')) return 'Code under src/ imports nothing outside of it.';
  if (roomOf(to) === room || mayImport(room, to)) return null;
  return `src/${room} may not import ${to}: ${rooms[room].why}.`;
}
