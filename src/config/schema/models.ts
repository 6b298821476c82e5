import * as z from 'zod';
import { modelRoles, parseModelRef } from '../../domain/model-role.ts';
import { priceSchema } from '../../domain/price.ts';
import { providerKinds } from '../../extensions.ts';
import { pastedUrl } from '../../text/pasted.ts';
import { key, milliseconds, objectOf } from './key.ts';

const modelRef = z
  .string()
  .refine((text) => parseModelRef(text) !== null, { error: 'must be provider/model' });
const modelList = z.array(modelRef).min(1);
const providerName = z.string().regex(/^[a-z][a-z0-9-]*$/);

const roleObject = z.strictObject({
  models: key(modelList.optional(), 'the preferred one first; without it the usual ones'),
  large: key(modelList.optional(), 'for large content; without it models serves all sizes'),
});

type RoleLists = z.output<typeof roleObject>;

export const roles = key(
  objectOf(modelRoles, (role) =>
    key(
      z.union([modelList.transform((models): RoleLists => ({ models })), roleObject]).optional(),
      `the models of the ${role}, the preferred first`,
      {
        variable: `ROLE_${role.toUpperCase()}`,
        short: 'models',
      },
    ),
  ).prefault({}),
  'for each role its models, the preferred one first; or models and large, see below',
);

export const model = key(
  z.union([modelRef.transform((ref) => [ref]), modelList]).optional(),
  'one model for every role, as provider/model; what is written for a role in the same place goes before it',
  { variable: 'MODEL', option: 'model' },
);

const provider = z.strictObject({
  kind: key(z.enum(providerKinds).optional(), 'which adapter; known names have theirs'),
  baseUrl: key(
    z
      .string()
      .refine((text) => pastedUrl(text) !== null, { error: 'must be an http or https address' })
      .optional(),
    'http or https; needed for names that are not known',
  ),
  apiKeyEnv: key(
    z.string().regex(/^\w+$/).optional(),
    'the variable that holds the key; for other names NAME_API_KEY. Keys never stand in the file',
  ),
  allowHttp: key(
    z.boolean().optional(),
    'send the key to another machine by http too, where everybody on the way can read it',
  ),
  keyless: key(z.boolean().optional(), 'the server asks for no key'),
  structured: key(
    z.enum(['json_schema', 'json_object', 'none']).optional(),
    'what the server can hold a reply to',
  ),
  compat: key(
    z
      .strictObject({
        api: key(
          z.enum(['responses', 'chat']).optional(),
          'for kind openai: by which of its two interfaces it is asked',
        ),
        streamOptions: key(z.boolean().optional(), 'whether usage is asked for in a stream'),
        maxTokens: key(
          z.enum(['max_tokens', 'max_completion_tokens', 'none']).optional(),
          'the name of the limit on output, or none to send it',
        ),
        system: key(z.boolean().optional(), 'whether instructions are a message of their own'),
        effort: key(z.boolean().optional(), 'whether an effort is sent'),
        cacheMarks: key(z.boolean().optional(), 'whether ends of a cached prefix are marked'),
      })
      .optional(),
    'what the server takes, where the program is to know it before it is refused; see [providers](providers.md)',
  ),
  script: key(
    z.string().optional(),
    'for kind scripted: the JSONL file, relative to the config file',
  ),
  command: key(
    z.string().regex(/\S/).optional(),
    'for programs: a name on PATH, or a path with a slash, relative to the config file',
  ),
  args: key(
    z.array(z.string()).optional(),
    'for kind command: its arguments; {model} stands for the id of the model',
  ),
  output: key(z.enum(['text', 'json', 'jsonl']).optional(), 'for kind command: what it prints'),
  textPath: key(
    z
      .string()
      .regex(/^[^.]+(\.[^.]+)*$/)
      .optional(),
    'for kind command: where the reply stands in its JSON, as choices.0.text',
  ),
  family: key(
    z.string().min(1).optional(),
    'for programs: whose model it is, as claude; without it read from the id',
  ),
});

export const providers = key(
  z.record(providerName, provider).default({}),
  'how a provider is reached',
);

export const calls = z
  .strictObject({
    timeoutMs: key(milliseconds.default(900_000), 'for a whole model call, in ms', {
      variable: 'CALL_TIMEOUT_MS',
    }),
    firstByteMs: key(milliseconds.default(300_000), 'until a reply begins, in ms', {
      variable: 'CALL_FIRST_BYTE_MS',
    }),
    idleMs: key(milliseconds.default(120_000), 'without a sign of life in a stream, in ms', {
      variable: 'CALL_IDLE_MS',
    }),
    maxReplyBytes: key(
      z.int().min(1_000).max(100_000_000).default(8_000_000),
      'a longer reply is stopped, and counts as unusable',
      { variable: 'MAX_REPLY_BYTES' },
    ),
    retries: key(z.int().min(0).max(10).default(4), 'of one call, where a retry can help', {
      variable: 'CALL_RETRIES',
    }),
    maxRetryAfterMs: key(
      milliseconds.default(60_000),
      'a longer wait that a provider asks for leads to the role’s next model',
      { variable: 'CALL_MAX_RETRY_AFTER_MS' },
    ),
  })
  .prefault({});

export const models = key(
  z
    .record(
      modelRef,
      z.strictObject({
        timeoutMs: key(milliseconds.optional(), 'as in calls, for this model alone'),
        firstByteMs: key(milliseconds.optional(), 'as in calls, for this model alone'),
        idleMs: key(milliseconds.optional(), 'as in calls, for this model alone'),
        retries: key(z.int().min(0).max(10).optional(), 'as in calls, for this model alone'),
        contextTokens: key(
          z.int().min(1).optional(),
          'how much the model takes, where that is not known',
        ),
      }),
    )
    .default({}),
  'settings of one model, as provider/model; the rest is as in calls',
);

export const limits = key(
  z
    .record(
      providerName,
      z.strictObject({
        requestsPerMinute: key(z.int().min(1).optional(), 'calls begun in a minute'),
        tokensPerMinute: key(
          z.int().min(1).optional(),
          'tokens in a minute, input and output together',
        ),
        concurrency: key(z.int().min(1).max(1_000).optional(), 'calls at once'),
      }),
    )
    .default({}),
  'what one provider may be asked, by its name',
);

const usd = z.number().min(0);

export const budget = z
  .strictObject({
    run: key(usd.nullable().default(null), 'USD that the calls of one command may cost at most', {
      variable: 'BUDGET',
      option: 'budget',
    }),
    feature: key(
      usd.nullable().default(null),
      'USD that all commands on one feature may cost together',
    ),
    roles: key(
      z.partialRecord(z.enum(modelRoles), usd).default({}),
      'USD that the calls of one role may cost in one command',
    ),
    allowUnpriced: key(
      z.boolean().default(false),
      'ask models of unknown price too; nothing then limits them',
    ),
  })
  .prefault({});

export const prices = key(
  z.record(modelRef, priceSchema).default({}),
  'USD per million tokens, by provider/model, or provider/* for all of one',
);
