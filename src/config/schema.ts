import * as z from 'zod';
import { findingsModes } from '../domain/review.ts';
import { routePolicies } from '../domain/route.ts';
import { acceptance, gates, sandbox } from './schema/checks.ts';
import { key } from './schema/key.ts';
import { budget, calls, limits, model, models, prices, providers, roles } from './schema/models.ts';
import { notify } from './schema/notify.ts';
import { repository } from './schema/repository.ts';
import { critics, debate, ensemble, strategy, tournament } from './schema/strategies.ts';

/** Git leaves out what would break its own line of name and address. */
const personText = z.string().regex(/^[^<>\p{Cc}]*[^<>\p{Cc}\s][^<>\p{Cc}]*$/u);
const tokens = z.int().min(0);

export const configVersion = 2;

/**
 * `blueprint.config.{json,yaml,ts}`: what a person writes, where everything may be left out, goes in; with
 * defaults and in full form it comes out. A key, its default, its words, its variable and its option are
 * declared here and nowhere else.
 */
export const configSchema = z.strictObject({
  $schema: z.string().optional(),
  version: key(z.literal(configVersion).optional(), 'of the form of this file'),
  featuresDir: key(
    z.string().min(1).default('features'),
    'where features stand, relative to this file; must be a folder inside the root',
    { variable: 'FEATURES_DIR' },
  ),
  model,
  roles,
  providers,
  routing: z
    .strictObject({
      parserLargeTokens: key(
        z.int().min(1).default(12_000),
        'specs above this go to the parser’s large list',
        { variable: 'PARSER_LARGE_TOKENS' },
      ),
      coderLargeTokens: key(
        z.int().min(1).default(24_000),
        'tasks above this go to the coder’s large list',
        { variable: 'CODER_LARGE_TOKENS' },
      ),
      fallbackOnRefusal: key(
        z.boolean().default(false),
        'ask the next model of the role when one refuses',
        { variable: 'FALLBACK_ON_REFUSAL' },
      ),
      policy: key(
        z.enum(routePolicies).default('quality'),
        'what comes first when a task is routed; see workflows.md',
        { variable: 'ROUTE_POLICY', option: 'policy' },
      ),
      router: key(
        z.enum(['rules', 'model']).default('rules'),
        'who routes tasks of a feature that name no workflow; a model costs one call each',
        { variable: 'ROUTER' },
      ),
    })
    .prefault({}),
  pipeline: z
    .strictObject({
      ask: key(z.boolean().default(true), 'ask clarifying questions at a terminal', {
        variable: 'ASK',
      }),
      maxBriefBytes: key(z.int().min(1).default(1_000_000), 'a longer brief is refused', {
        variable: 'MAX_BRIEF_BYTES',
      }),
      contextTokens: key(
        tokens.default(30_000),
        'at most so much of context files goes into planning',
        { variable: 'PLAN_CONTEXT_TOKENS' },
      ),
    })
    .prefault({}),
  repository,
  executor: z
    .strictObject({
      concurrency: key(z.int().min(1).max(64).default(3), 'tasks at the same time', {
        variable: 'CONCURRENCY',
        option: 'concurrency',
      }),
      attempts: key(z.int().min(1).max(10).default(2), 'fresh attempts at a task', {
        variable: 'ATTEMPTS',
      }),
      contextTokens: key(tokens.default(30_000), 'at most so much context goes with a task', {
        variable: 'TASK_CONTEXT_TOKENS',
      }),
      maxOutputTokens: key(z.int().min(256).default(32_000), 'at most so long a reply', {
        variable: 'MAX_OUTPUT_TOKENS',
      }),
      codec: key(z.enum(['fenced', 'json']).default('fenced'), 'how models write files', {
        variable: 'CODEC',
      }),
    })
    .prefault({}),
  supervisor: z
    .strictObject({
      maxIterations: key(z.int().min(1).max(20).default(3), 'rounds of review and correction', {
        variable: 'MAX_ITERATIONS',
      }),
      findings: key(
        z.enum(findingsModes).default('grounded'),
        'which findings of models keep work from approval; see supervisor.md',
        { variable: 'FINDINGS', option: 'findings' },
      ),
    })
    .prefault({}),
  strategy,
  ensemble,
  tournament,
  critics,
  debate,
  acceptance,
  gates,
  sandbox,
  workspace: z
    .strictObject({
      kind: key(
        z.enum(['auto', 'git', 'folder']).default('auto'),
        'where approved work is kept until it is applied; see workspace.md',
        { variable: 'WORKSPACE' },
      ),
      identity: key(
        z.strictObject({ name: personText, email: personText }).nullable().default(null),
        'name and email of who commits approved work; without it you, as git knows you',
      ),
    })
    .prefault({}),
  notify,
  calls,
  models,
  limits,
  budget,
  prices,
});

export type WrittenConfig = z.input<typeof configSchema>;
export type Settings = z.output<typeof configSchema>;
