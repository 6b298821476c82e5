import { importsOf, moduleOf } from './modules.js';

/** Vendors' packages, each with the modules that may use it. */
const adapters = {
  '@anthropic-ai/sdk': /^models\/providers\/anthropic[^/]*$/,
  openai: /^models\/providers\/openai[^/]*$/,
  '@google/generative-ai': /^models\/providers\/google$/,
  lowdb: /^state\/lowdb-[^/]*$/,
};

const packageOf = (source) => /^(?:@[^/]+\/)?[^/]+/.exec(source)?.[0] ?? '';

/** A vendor's package is used in its adapter alone. */
export const vendors = {
  meta: { type: 'problem', schema: [] },
  create(context) {
    const from = moduleOf(context.filename, context.cwd);
    if (from === null) return {};
    return importsOf((node, source) => {
      const name = packageOf(source ?? '');
      if (Object.hasOwn(adapters, name) && !adapters[name].test(from))
        context.report({
          node,
          message: `Only the adapter of ${name} uses it: src/${from} may not.`,
        });
    });
  },
};
