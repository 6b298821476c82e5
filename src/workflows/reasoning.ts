import { answerWorkflow } from './answers/answer-workflow.ts';

/** A question that can be thought out: what independent solutions agree on. */
export const reasoning = answerWorkflow('reasoning');
