import * as z from 'zod';
import { modeChoices } from '../domain/ensemble.ts';
import { modelRoles, parseModelRef } from '../domain/model-role.ts';
import { priceSchema } from '../domain/price.ts';
import { providerKinds, strategyNames } from '../extensions.ts';
import { gatesSchema } from './gates-schema.ts';
import { scoreNames } from '../domain/review.ts';
import { taskCategories, taskTypes } from '../domain/task.ts';
import { mostCandidates } from '../domain/tournament-settings.ts';

const modelRef = z
  .string()
  .refine((text) => parseModelRef(text) !== null, { error: 'must be provider/model' });
const modelList = z.array(modelRef).min(1);
const providerName = z.string().regex(/^[a-z][a-z0-9-]*$/);
const usd = z.number().min(0);
/** Git leaves out what would break its own line of name and address. */
const personText = z.string().regex(/^[^<>\p{Cc}]*[^<>\p{Cc}\s][^<>\p{Cc}]*$/u);
const milliseconds = z.int().min(1).max(86_400_000);

const providerSchema = z.strictObject({
  kind: z.enum(providerKinds).optional().describe('which adapter; known names have theirs'),
  baseUrl: z.url({ protocol: /^https?$/ }).optional(),
  apiKeyEnv: z.string().regex(/^\w+$/).optional().describe('the variable that holds the key'),
  keyless: z.boolean().optional().describe('a server that asks for no key'),
  structured: z.enum(['json_schema', 'json_object', 'none']).optional(),
  script: z.string().optional().describe('for kind scripted: the JSONL file'),
  command: z
    .string()
    .regex(/\S/)
    .optional()
    .describe('for programs: a name on PATH, or a path; the prompt comes through its stdin'),
  args: z
    .array(z.string())
    .optional()
    .describe('for kind command; {model} stands for the id of the model'),
  output: z.enum(['text', 'json', 'jsonl']).optional().describe('for kind command: what it prints'),
  textPath: z
    .string()
    .regex(/^[^.]+(\.[^.]+)*$/)
    .optional()
    .describe('for kind command: where the reply stands in its JSON, as choices.0.text'),
  family: z
    .string()
    .min(1)
    .optional()
    .describe('for programs: whose model it is, as claude or gpt'),
});

const modelSchema = z.strictObject({
  timeoutMs: milliseconds.optional(),
  firstByteMs: milliseconds.optional(),
  idleMs: milliseconds.optional(),
  retries: z.int().min(0).max(10).optional(),
  contextTokens: z.int().min(1).optional().describe('how much the model takes, where not known'),
});

const limitsSchema = z.strictObject({
  requestsPerMinute: z.int().min(1).optional(),
  tokensPerMinute: z.int().min(1).optional().describe('input and output together'),
  concurrency: z.int().min(1).max(1_000).optional().describe('calls at once'),
});

const strategy = z.enum(strategyNames);

const strategySchema = z.union(
  [
    strategy,
    z.strictObject({
      default: strategy.optional(),
      types: z.partialRecord(z.enum(taskTypes), strategy).optional(),
      categories: z
        .partialRecord(z.enum(taskCategories), strategy)
        .optional()
        .describe('before the types'),
    }),
  ],
  { error: `must be one of ${strategyNames.join(', ')}, or have default, types or categories` },
);

const categoryNames = z.array(z.string().regex(/^[a-z][a-z-]*$/));

const criticSchema = z.strictObject({
  charter: z.string().regex(/\S/).optional().describe('what it looks at, in words for the model'),
  weight: z.number().min(0.01).max(100).optional().describe('in the means'),
  blocking: categoryNames
    .optional()
    .describe('categories of its failures that block; tournament.blocking where not given'),
});

const share = z.number().min(0).max(1);

const tournamentSchema = z.strictObject({
  k: z.int().min(1).max(mostCandidates).optional().describe('candidates'),
  loops: z.int().min(0).max(10).optional().describe('rounds of synthesis at most'),
  critics: z.array(z.string()).min(1).optional().describe('by name, known or under critics'),
  quorum: z.int().min(1).optional().describe('critics that must answer; more than half by default'),
  weights: z.partialRecord(z.enum(scoreNames), share).optional(),
  pessimistic: z
    .array(z.enum(scoreNames))
    .optional()
    .describe('scores of which the worst counts; of the others the mean'),
  blocking: categoryNames.optional().describe('categories of failures that block'),
  margin: share.optional().describe('scores no further apart are settled by the judge'),
  earlyStop: z.boolean().optional().describe('end critics of those that can no longer win'),
  deadlineMs: milliseconds.optional().describe('for one candidate or critic, retries included'),
});

const mode = z.enum(modeChoices);
const memberNames = z.array(z.string().min(1));

const ensembleSchema = z.strictObject({
  mode: mode.optional().describe('auto: by the complexity of the task'),
  types: z.partialRecord(z.enum(taskTypes), mode).optional(),
  categories: z
    .partialRecord(
      z.enum(taskCategories),
      z.strictObject({
        mode: mode.optional(),
        primaries: memberNames.optional().describe('families, providers or provider/model'),
        validators: memberNames.optional(),
      }),
    )
    .optional()
    .describe('who answers tasks of a category, and who judges the answer'),
  timeoutMs: milliseconds.optional().describe('for the whole answer of one model'),
});

/** `blueprint.config.{json,yaml,ts}` as a person writes it: everything is optional. */
export const writtenConfigSchema = z.strictObject({
  $schema: z.string().optional(),
  featuresDir: z.string().min(1).optional().describe('relative to this file'),
  roles: z
    .partialRecord(
      z.enum(modelRoles),
      z.union([modelList, z.strictObject({ models: modelList, large: modelList.optional() })]),
    )
    .optional()
    .describe('for each role its models, the preferred one first'),
  providers: z.record(providerName, providerSchema).optional(),
  routing: z
    .strictObject({
      parserLargeTokens: z.int().min(1).optional(),
      coderLargeTokens: z.int().min(1).optional(),
      fallbackOnRefusal: z.boolean().optional().describe('ask the next model when one refuses'),
    })
    .optional(),
  pipeline: z
    .strictObject({
      ask: z.boolean().optional(),
      maxBriefBytes: z.int().min(1).optional(),
      contextTokens: z.int().min(0).optional(),
    })
    .optional(),
  executor: z
    .strictObject({
      concurrency: z.int().min(1).max(64).optional(),
      attempts: z.int().min(1).max(10).optional().describe('per task, fresh ones'),
      contextTokens: z.int().min(0).optional(),
      maxOutputTokens: z.int().min(256).optional(),
      codec: z.enum(['fenced', 'json']).optional().describe('how models write files'),
    })
    .optional(),
  ensemble: ensembleSchema.optional(),
  supervisor: z.strictObject({ maxIterations: z.int().min(1).max(20).optional() }).optional(),
  strategy: strategySchema.optional().describe('how candidates are had, and one is chosen'),
  tournament: tournamentSchema.optional(),
  critics: z
    .record(z.string().regex(/^[a-z][a-z0-9-]*$/), criticSchema)
    .optional()
    .describe('critics of a tournament, by name; known ones may be changed'),
  sandbox: z
    .strictObject({
      kind: z.enum(['auto', 'bubblewrap', 'docker']).optional().describe('where checks run code'),
      image: z.string().min(1).optional().describe('for docker; it must be there already'),
      timeoutMs: milliseconds.optional().describe('for one command, in ms'),
      memoryBytes: z.int().min(16_000_000).optional(),
      processes: z.int().min(8).max(100_000).optional().describe('at one time, with threads'),
      outputBytes: z.int().min(1_000).max(1_000_000_000).optional(),
      diskBytes: z.int().min(1_000_000).optional().describe('that the copy may grow by'),
    })
    .optional()
    .describe('where the code that models wrote is run, and what one command may use'),
  workspace: z
    .strictObject({
      kind: z
        .enum(['auto', 'git', 'folder'])
        .optional()
        .describe('where approved work is kept until it is applied'),
      identity: z
        .strictObject({ name: personText, email: personText })
        .optional()
        .describe('who commits approved work; by default you, as git knows you'),
    })
    .optional(),
  gates: gatesSchema
    .optional()
    .describe('the names of the gates that run, in order, or an object with more'),
  calls: z
    .strictObject({
      timeoutMs: milliseconds.optional().describe('for a whole call'),
      firstByteMs: milliseconds.optional().describe('until a reply begins'),
      idleMs: milliseconds.optional().describe('without a sign of life in a stream'),
      maxReplyBytes: z
        .int()
        .min(1_000)
        .max(100_000_000)
        .optional()
        .describe('a longer reply is stopped'),
      retries: z.int().min(0).max(10).optional(),
      maxRetryAfterMs: milliseconds
        .optional()
        .describe('a longer wait that a provider asks for leads to the next model'),
    })
    .optional(),
  models: z
    .record(modelRef, modelSchema)
    .optional()
    .describe('settings of one model, as provider/model; the rest is as in calls'),
  limits: z
    .record(providerName, limitsSchema)
    .optional()
    .describe('what one provider may be asked, by its name'),
  budget: z
    .strictObject({
      run: usd.optional().describe('USD, for one command'),
      feature: usd.optional().describe('USD, for all commands on one feature together'),
      roles: z
        .partialRecord(z.enum(modelRoles), usd)
        .optional()
        .describe('USD, for the calls of one role in one command'),
      allowUnpriced: z
        .boolean()
        .optional()
        .describe('ask models of unknown price too, which nothing then limits'),
    })
    .optional(),
  prices: z
    .record(modelRef, priceSchema)
    .optional()
    .describe('USD per million tokens, by provider/model, or provider/* for all of one'),
});
export type WrittenConfig = z.infer<typeof writtenConfigSchema>;
