import * as z from 'zod';
import { debateMoments, mostCritics } from '../../domain/debate-settings.ts';
import { modeChoices } from '../../domain/ensemble.ts';
import { scoreNames } from '../../domain/review.ts';
import { taskCategories, taskTypes } from '../../domain/task.ts';
import { mostCandidates } from '../../domain/tournament-settings.ts';
import { strategyNames } from '../../extensions.ts';
import { blockingCategories, pessimisticScores, scoreWeights } from '../default-critics.ts';
import { defaultMembers } from '../default-models.ts';
import { key, milliseconds, objectOf } from './key.ts';

const strategyName = z.enum(strategyNames);

const strategyObject = z.strictObject({
  default: key(strategyName.default('single'), 'of tasks whose category and type say nothing'),
  types: key(
    z.partialRecord(z.enum(taskTypes), strategyName).default({}),
    'by the type of the task',
  ),
  categories: key(
    z.partialRecord(z.enum(taskCategories), strategyName).default({}),
    'by the category of the task, before its type',
  ),
});

export const strategy = key(
  z
    .union(
      [strategyName.transform((name) => strategyObject.parse({ default: name })), strategyObject],
      {
        error: `must be one of ${strategyNames.join(', ')}, or have default, types or categories`,
      },
    )
    .prefault({}),
  'how candidates are had and one is chosen',
  { variable: 'STRATEGY', option: 'strategy', short: 'default' },
);

const mode = z.enum(modeChoices);
const memberNames = z.array(z.string().min(1));

export const ensemble = z
  .strictObject({
    mode: key(
      mode.default('auto'),
      'how many models answer and judge; auto: by the complexity of the task',
      {
        variable: 'ENSEMBLE_MODE',
        option: 'mode',
        asksFor: { key: 'strategy', value: 'ensemble' },
      },
    ),
    types: key(z.partialRecord(z.enum(taskTypes), mode).default({}), 'the mode of tasks of a type'),
    categories: objectOf(taskCategories, (category) =>
      z
        .strictObject({
          mode: key(mode.nullable().default(null), 'the mode of tasks of this category'),
          primaries: key(
            memberNames.default([...defaultMembers[category].primaries]),
            'who answers: families, providers or provider/model',
          ),
          validators: key(
            memberNames.default([...defaultMembers[category].validators]),
            'who judges the answer',
          ),
        })
        .prefault({}),
    ).prefault({}),
    timeoutMs: key(
      milliseconds.nullable().default(null),
      'for the whole answer of one model, retries included, in ms',
      { variable: 'ENSEMBLE_TIMEOUT_MS' },
    ),
  })
  .prefault({});

const share = z.number().min(0).max(1);
const categoryNames = z.array(z.string().regex(/^[a-z][a-z-]*$/));

export const tournament = z
  .strictObject({
    k: key(z.int().min(1).max(mostCandidates).default(3), 'candidates; see tournament.md'),
    loops: key(z.int().min(0).max(10).default(2), 'rounds of synthesis at most'),
    critics: key(
      z.array(z.string()).min(1).nullable().default(null),
      'critics that take part, by name, known or under critics; all of them without it',
    ),
    quorum: key(
      z.int().min(1).nullable().default(null),
      'critics that must answer; without it more than half',
    ),
    weights: objectOf(scoreNames, (name) =>
      key(share.default(scoreWeights[name]), `what the score ${name} counts`),
    ).prefault({}),
    pessimistic: key(
      z.array(z.enum(scoreNames)).default([...pessimisticScores]),
      'scores of which the worst counts; of the others the mean',
    ),
    blocking: key(
      categoryNames.default([...blockingCategories]),
      'categories of failures that block',
    ),
    margin: key(share.default(0.02), 'scores no further apart are settled by the judge'),
    earlyStop: key(z.boolean().default(false), 'end critics of candidates that can no longer win'),
    deadlineMs: key(
      milliseconds.default(900_000),
      'for one candidate or critic, retries included, in ms',
    ),
  })
  .prefault({});

export const critics = key(
  z
    .record(
      z.string().regex(/^[a-z][a-z0-9-]*$/),
      z.strictObject({
        charter: key(z.string().regex(/\S/).optional(), 'what it looks at, in words for the model'),
        weight: key(z.number().min(0.01).max(100).default(1), 'in the means'),
        blocking: key(
          categoryNames.optional(),
          'categories of its failures that block; tournament.blocking without it',
        ),
      }),
    )
    .default({}),
  'critics of a tournament, by name; known ones may be changed',
);

const debateRounds = z.int().min(1).max(10).default(4);

export const debate = z
  .strictObject({
    when: key(
      z.enum(debateMoments).default('never'),
      'what is debated: the work of architecture tasks before its review, with always also a spec before it is cut into tasks; see debate.md',
      { variable: 'DEBATE_WHEN' },
    ),
    critics: key(
      z.array(z.string().min(1)).min(2).max(mostCritics).nullable().default(null),
      'who criticises: families, providers or provider/model; without it models of the role critic of families that differ',
    ),
    count: key(z.int().min(2).max(mostCritics).default(2), 'critics, where none are named'),
    rounds: key(
      debateRounds,
      'of the critics’ debate at most; it ends when nobody has anything new',
      {
        variable: 'DEBATE_ROUNDS',
      },
    ),
    defenseRounds: key(debateRounds.clone(), 'of the strategist’s answers at most', {
      variable: 'DEFENSE_ROUNDS',
    }),
    full: key(
      z.boolean().default(false),
      'go on although the critics agree at once that nothing blocks',
    ),
    fewFamilies: key(
      z.enum(['warn', 'stop']).default('warn'),
      'where fewer families can be reached than take part',
    ),
  })
  .prefault({});
