import { otherThan } from '../domain/candidate.ts';
import type { RoutingDecision } from '../domain/event.ts';
import { formatModelRef, isRules, type ModelIdentity } from '../domain/model-role.ts';
import { worstCostOf, type PriceOf } from '../domain/price.ts';
import type { Task } from '../domain/task.ts';
import type { ModelRouter } from '../models/language-model.ts';
import type { ExpectedCalls } from '../strategies/strategy.ts';
import { decisionOrNull } from '../supervisor/work.ts';
import type { AnswerCalls } from '../workflows/workflow.ts';
import type { TaskOptions } from './task-dependencies.ts';

/** What a run may cost, USD. */
export interface CostEstimate {
  /** Every task approved by its first review, by models of few words. */
  readonly low: number;
  /** Every task corrected as often as it may be, and every reply twice as long. */
  readonly high: number;
  /** Models that would be asked and whose price nobody knows; their calls are in neither sum. */
  readonly unpriced: readonly string[];
}

/** Calls of an answer. */
export interface ExpectedAnswer {
  readonly least: AnswerCalls;
  readonly most: AnswerCalls;
}

export interface EstimatedTask {
  readonly task: Task;
  readonly route: RoutingDecision;
  readonly promptTokens: number;
  /** Of a task that ends in an answer; null of others: their strategy tells. */
  readonly answerCalls?: ExpectedAnswer | null;
  /** Criteria that are turned into tests before it is begun; none when absent. */
  readonly criteria?: number;
}

export interface EstimateDependencies {
  /** Of the task's strategy. */
  readonly expectedCallsOf: (task: Task) => ExpectedCalls;
  readonly router: ModelRouter;
  readonly priceOf: PriceOf;
  readonly options: Pick<TaskOptions, 'maxIterations' | 'maxOutputTokens' | 'findings'>;
}

/** Output tokens: a task's files by its complexity, and a review's. Rough, as only their order matters. */
const leastWork = 600;
const workPerComplexity = 700;
const reviewOutput = 600;
const answerOutput = 900;
/** The tests of one criterion, and a reader's words on one. */
const testsOutput = 350;
const judgementOutput = 60;
/** How much shorter a reply of few words is than a usual one. */
const terse = 12;
/** Tokens of the instructions that a review or correction has in place of the author's. */
const instructions = 500;

interface Call {
  readonly model: ModelIdentity;
  readonly input: number;
  readonly output: number;
}

/**
 * The range of what the tasks may cost, in their order. Nothing is counted as read from a cache, and what
 * was answered before as if it were asked again, so that it errs high.
 */
export function estimateCost(
  tasks: readonly EstimatedTask[],
  { router, priceOf, expectedCallsOf, options }: EstimateDependencies,
): CostEstimate {
  const produced = new Map<string, number>();
  const unpriced = new Set<string>();
  const cost = ({ model, input, output }: Call): number => {
    const name = formatModelRef(model.ref);
    const price = priceOf(name);
    if (price !== null) return worstCostOf(input, output, price);
    unpriced.add(name);
    return 0;
  };
  let low = 0;
  let high = 0;
  for (const { task, route, promptTokens, answerCalls = null, criteria = 0 } of tasks) {
    const size = Math.min(leastWork + workPerComplexity * task.complexity, options.maxOutputTokens);
    produced.set(task.id, task.type === 'review' || answerCalls !== null ? 0 : size);
    if (isRules(route.chosen)) continue;
    const before = task.dependsOn.reduce((sum, id) => sum + (produced.get(id) ?? 0), 0);
    const input = promptTokens + before;
    const least = promptTokens + before / terse;
    const author = router.model(route).identity;
    const sum = (calls: readonly Call[]): number =>
      calls.reduce((total, call) => total + cost(call), 0);
    if (task.type === 'review') {
      low += cost({ model: author, input: least, output: reviewOutput / terse });
      const reads = options.findings === 'grounded' ? 2 : 1;
      high += reads * cost({ model: author, input, output: 2 * reviewOutput });
      continue;
    }
    const models = { author, reviewer: otherModel('reviewer', author, router) };
    if (answerCalls !== null) {
      const output = answerOutput / terse;
      low += sum(callsForAnswer(answerCalls.least, models, { input: least, output }));
      high += sum(callsForAnswer(answerCalls.most, models, { input, output: 2 * answerOutput }));
      continue;
    }
    const calls = expectedCallsOf(task);
    const short = { input: least, output: size / terse, review: reviewOutput / terse };
    const long = {
      input,
      output: Math.min(2 * size, options.maxOutputTokens),
      review: 2 * reviewOutput,
    };
    const held = callsForCriteria(
      criteria,
      { ...models, verifier: criteria === 0 ? null : otherModel('verifier', author, router) },
      { input, work: size },
    );
    const rounds = options.maxIterations;
    const secondReads = options.findings === 'grounded' ? (calls.secondReads ?? 0) + rounds : 0;
    const once = { ...calls, revisions: 0, secondReads: 0 };
    low += sum(callsFor(once, models, short, 1)) + sum(held.least);
    high += sum(callsFor({ ...calls, secondReads }, models, long, rounds)) + sum(held.most);
  }
  return { low, high, unpriced: [...unpriced].sort() };
}

/** The strategy's calls, then rounds of review with a correction between two; second readings of all of them. */
function callsFor(
  calls: Required<ExpectedCalls>,
  { author, reviewer }: { author: ModelIdentity; reviewer: ModelIdentity | null },
  { input, output, review }: { input: number; output: number; review: number },
  rounds: number,
): Call[] {
  const times = (count: number, call: Call): Call[] => Array.from({ length: count }, () => call);
  const drafts = times(calls.drafts, { model: author, input, output });
  if (reviewer === null) return drafts;
  const withWork = input + output + instructions;
  const reviewed: Call = { model: reviewer, input: withWork, output: review };
  const judged = (works: number): Call[] => times(works * calls.judgements, reviewed);
  const later = Array.from({ length: rounds }, (_, round): Call[] => {
    if (round === 0) return [reviewed];
    const model = round === 1 ? author : reviewer;
    return [{ model, input: withWork + review, output }, reviewed];
  });
  return [
    ...drafts,
    ...judged(calls.judged),
    // A revision has the work and another one in view.
    ...times(calls.revisions, { model: author, input: withWork + output + review, output }),
    ...judged(calls.revisions),
    // By another model of a reviewer's kind, with the findings in view.
    ...times(calls.secondReads, { ...reviewed, input: withWork + review }),
    ...later.flat(),
  ];
}

/** Solutions, and judgements that have them in view. */
function callsForAnswer(
  { drafts, judgements }: AnswerCalls,
  { author, reviewer }: { author: ModelIdentity; reviewer: ModelIdentity | null },
  { input, output }: Pick<Call, 'input' | 'output'>,
): Call[] {
  const solution: Call = { model: author, input, output };
  const withSolutions = input + drafts * output + instructions;
  const judgement: Call = { model: reviewer ?? author, input: withSolutions, output };
  return [
    ...Array.from({ length: drafts }, () => solution),
    ...Array.from({ length: judgements }, () => judgement),
  ];
}

/**
 * The tests of criteria, at most sent back once and made anew twice, after a third model decided each time; two
 * readers' judgement of those that have none, or one in doubt.
 */
function callsForCriteria(
  count: number,
  { verifier, reviewer }: { verifier: ModelIdentity | null; reviewer: ModelIdentity | null },
  { input, work }: { input: number; work: number },
): { least: Call[]; most: Call[] } {
  if (count === 0) return { least: [], most: [] };
  const tests = count * testsOutput;
  const judgement = { input: input + work, output: 2 * count * judgementOutput };
  const written = verifier && { model: verifier, input, output: tests };
  const again = written && { ...written, input: input + tests, output: 2 * tests };
  const judged = reviewer && { model: reviewer, ...judgement };
  const calls = (...some: readonly (Call | null)[]): Call[] => some.filter((one) => one !== null);
  return {
    least: calls(written && { ...written, output: tests / terse }),
    most: calls(...Array.from({ length: 4 }, () => [again, judged]).flat()),
  };
}

/** Null where no model can do it: the task tells of it. */
function otherModel(
  role: 'reviewer' | 'verifier',
  author: ModelIdentity,
  router: ModelRouter,
): ModelIdentity | null {
  const decision = decisionOrNull(router, role, otherThan({ author }));
  return decision === null || isRules(decision.chosen) ? null : router.model(decision).identity;
}
