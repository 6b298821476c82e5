import * as z from 'zod';
import { workflows } from './task.ts';

export type WorkflowName = (typeof workflows)[number];

/** What is put first where both cannot be had. */
export const routePolicies = ['cost', 'quality'] as const;
export type RoutePolicy = (typeof routePolicies)[number];

export const workerRoles = ['solver', 'critic', 'verifier', 'retriever'] as const;
export const routeTools = ['sandbox', 'retrieval'] as const;
export type RouteTool = (typeof routeTools)[number];

/** Rounds that a route may ask for. */
export const routeRounds = { least: 1, most: 4 } as const;

export const workerSchema = z.strictObject({
  provider: z.string(),
  model: z.string(),
  role: z.enum(workerRoles),
});
export type Worker = Readonly<z.infer<typeof workerSchema>>;

/** How a task is to be solved, and by whom. */
export const routeProposalSchema = z.strictObject({
  reasons: z.array(z.string()).describe('why, in one to three short sentences'),
  workflow: z.enum(workflows),
  workers: z.array(workerSchema).describe('of the models listed, and none else'),
  tools: z.array(z.enum(routeTools)),
  controls: z.strictObject({
    debate: z.boolean().describe('have what comes out attacked by critics before it is accepted'),
    maxRounds: z.int().describe('1 to 4'),
  }),
});

/** A proposal that may be followed. */
export interface Route {
  readonly workflow: WorkflowName;
  readonly workers: readonly Worker[];
  readonly tools: readonly RouteTool[];
  readonly controls: { readonly debate: boolean; readonly maxRounds: number };
  readonly reasons: readonly string[];
  readonly policy: RoutePolicy;
  /** Who decided: `rules`, or `provider/model`. */
  readonly by: string;
  /** What of a proposal could not be followed. */
  readonly warnings: readonly string[];
}

/** `provider/model` of the workers with a role, in their order. */
export function workersAs(workers: readonly Worker[], role: Worker['role']): readonly string[] {
  return workers
    .filter((worker) => worker.role === role)
    .map(({ provider, model }) => `${provider}/${model}`);
}
