import { answerWorkflow } from './answers/answer-workflow.ts';

/** A question that can be worked out: as reasoning, with what it rests on verified and its computation run. */
export const science = answerWorkflow('science');
