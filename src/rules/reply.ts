import * as z from 'zod';
import { ModelError } from '../domain/model-error.ts';
import { planReplySchema, type ClarifyReply, type RefineReply } from '../domain/plan.ts';
import type { Review } from '../domain/review.ts';
import { renderSpec } from '../domain/spec.ts';
import { taskSchema } from '../domain/task.ts';
import type { ModelRequest } from '../models/language-model.ts';
import { specOf } from './brief-spec.ts';
import { planOf } from './plan.ts';
import { scaffoldOf } from './scaffold.ts';

/**
 * What rules can answer to a request, by its stage and the names of its parts.
 * @throws ModelError `unavailable` for a stage that needs a model, `bad_request` for parts that are
 * missing or cannot be read.
 */
export function replyTo(request: ModelRequest, model: string): string {
  const prompt = new Prompt(request, model);
  // `plan:repair` and `spec-fix` ask for the same thing again.
  const stage = request.purpose.stage.replace(/(?::repair|-fix)+$/, '');
  switch (stage) {
    case 'clarify':
      return json({ questions: [] } satisfies ClarifyReply);
    case 'spec':
      return renderSpec(specOf(withAnswers(prompt.text('brief'), prompt.optional('answers'))));
    case 'plan':
      return json(planOf(prompt.text('spec')));
    case 'refine':
      return json(unchanged(prompt.json('tasks', tasksSchema)));
    case 'execute':
    case 'correct': {
      const existing = prompt.optional('files');
      return scaffoldOf(prompt.json('task', taskSchema), (path) =>
        existing.split('\n').includes(`FILE: ${path}`),
      );
    }
    case 'review':
    case 'review-task':
      return json(noReview);
    default:
      throw new ModelError({
        kind: 'unavailable',
        model,
        message: `The offline planner works by rules and cannot do «${stage}»`,
        fix: 'Set the key of a provider (blueprint doctor names the variables), so that a model can.',
      });
  }
}

const noReview: Review = {
  verdict: 'revise',
  summary: 'Not reviewed: no model could be reached, and rules do not judge work.',
  scores: { correctness: 0, consistency: 0, safety: 0, efficiency: 0, clarity: 0 },
  findings: [
    {
      category: 'review',
      severity: 'major',
      evidence: 'No model reviewed this work; the offline planner stood in.',
      location: null,
      fixHint: 'Set the key of a provider and run again, or review it and approve it by hand.',
    },
  ],
};

// More than the plan's own fields may be shown to a refiner, as a status; they are not part of the reply.
const plannedTask = z.object(planReplySchema.shape.tasks.element.shape);
const tasksSchema = z.union([z.array(plannedTask), z.object({ tasks: z.array(plannedTask) })]);

function unchanged(read: z.infer<typeof tasksSchema>): RefineReply {
  return {
    tasks: Array.isArray(read) ? read : read.tasks,
    removed: [],
    notes: ['Unchanged: no model could be reached to refine the list.'],
  };
}

function json(value: unknown): string {
  return JSON.stringify(value, null, 2);
}

/** Answers as a last section of the brief; the questions themselves say nothing of the product. */
function withAnswers(brief: string, answers: string): string {
  const said = answers
    .split('\n')
    .map((line) => /^(?:Answer|Not answered; assume):\s*(.+)$/.exec(line)?.[1])
    .filter((line) => line !== undefined);
  if (said.length === 0) return brief;
  return `${brief}\n\n## Clarifications\n\n${said.map((line) => `- ${line}`).join('\n')}\n`;
}

class Prompt {
  constructor(
    private readonly request: ModelRequest,
    private readonly model: string,
  ) {}

  /** The part's text, or nothing. */
  optional(name: string): string {
    return this.request.parts.find((part) => part.name === name)?.text ?? '';
  }

  /** The part's text without the line that introduces it to a model. */
  text(name: string): string {
    if (!this.request.parts.some((part) => part.name === name))
      throw this.bad(`has no part named «${name}»`);
    return this.optional(name).replace(/^The (?:brief|spec|specification)\b[^\n]{0,80}:\n\n/, '');
  }

  json<T>(name: string, schema: z.ZodType<T>): T {
    const text = this.text(name);
    const start = text.search(/[{[]/);
    const end = Math.max(text.lastIndexOf('}'), text.lastIndexOf(']'));
    let value: unknown;
    try {
      value = JSON.parse(text.slice(Math.max(start, 0), end + 1));
    } catch (error) {
      throw this.bad(`holds no JSON in its part «${name}»`, error);
    }
    const parsed = schema.safeParse(value);
    if (!parsed.success)
      throw this.bad(`is not as expected in its part «${name}»: ${z.prettifyError(parsed.error)}`);
    return parsed.data;
  }

  private bad(what: string, cause?: unknown): ModelError {
    return new ModelError({
      kind: 'bad_request',
      model: this.model,
      message: `The request for «${this.request.purpose.stage}» ${what}`,
      cause,
    });
  }
}
