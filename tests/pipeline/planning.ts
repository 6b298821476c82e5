import type { RunEventBody } from '../../src/domain/event.ts';
import type { PlannedTask } from '../../src/domain/plan.ts';
import type { FeatureDocument } from '../../src/domain/task.ts';
import type { ModelRouter } from '../../src/models/language-model.ts';
import type { PlanInput } from '../../src/pipeline/plan-feature.ts';
import type {
  ClarifiedAnswer,
  PlanArtefacts,
  PlanPorts,
  RulesPlanner,
} from '../../src/pipeline/ports.ts';
import { recordEvents } from '../helpers/record-events.ts';

/** What a feature's folder would hold; the same object can be planned on again. */
export interface Folder {
  brief: string | null;
  answers: readonly ClarifiedAnswer[] | null;
  looked: readonly string[];
  spec: string | null;
  tasks: FeatureDocument | null;
  drafts: Map<string, string>;
}

export function emptyFolder(): Folder {
  return { brief: null, answers: null, looked: [], spec: null, tasks: null, drafts: new Map() };
}

function artefactsOf(folder: Folder): PlanArtefacts {
  return {
    readBrief: async () => folder.brief,
    saveBrief: async (text) => void (folder.brief = text),
    readAnswers: async () => folder.answers,
    saveAnswers: async (answers) => void (folder.answers = answers),
    readLooked: async () => folder.looked,
    saveLooked: async (paths) => void (folder.looked = paths),
    readSpec: async () => folder.spec,
    saveSpec: async (markdown) => void (folder.spec = markdown),
    readTaskList: async () => folder.tasks,
    saveTaskList: async (document) => void (folder.tasks = document),
    async changeTaskList(change) {
      if (folder.tasks === null) throw new Error('There is no list to change');
      const document = structuredClone(folder.tasks);
      const result = change(document);
      folder.tasks = document;
      return result;
    },
    saveDraft: async (name, text) => void folder.drafts.set(name, text),
  };
}

/** Where every role has a model. */
const noRules: RulesPlanner = {
  specOf: () => Promise.reject(new Error('No rules were to be asked for a spec')),
  planOf: () => Promise.reject(new Error('No rules were to be asked for a plan')),
};

export interface World {
  readonly ports: PlanPorts;
  readonly events: RunEventBody[];
}

export function world(
  router: ModelRouter,
  folder: Folder = emptyFolder(),
  signal: AbortSignal = new AbortController().signal,
  rules: RulesPlanner = noRules,
): World {
  const { events, emit } = recordEvents();
  return {
    events,
    ports: {
      artefacts: artefactsOf(folder),
      router,
      rules,
      emit,
      signal,
      now: () => new Date('2026-01-02T03:04:05.000Z'),
    },
  };
}

export const brief = '# Word counter\n\nA command that counts the words of a file.\n';

export const spec = `# Word counter

## Overview

Counts words.

## Requirements

### R1: It prints the number of words of a file

- For «a b» it prints 2.

### R2: It reports a missing file

- It exits with 2.
`;

export function inputOf(changes: Partial<PlanInput> = {}): PlanInput {
  return { slug: 'word-counter', brief, isSpec: false, context: [], ask: null, ...changes };
}

export function plannedTask(id: string, changes: Partial<PlannedTask> = {}): PlannedTask {
  return {
    id,
    title: `Do ${id}`,
    description: `All of ${id}.`,
    type: 'code',
    dependsOn: [],
    requirements: ['R1', 'R2'],
    acceptance: ['It works.'],
    files: [`src/${id.toLowerCase()}.ts`],
    complexity: 3,
    category: 'scripts',
    workflow: 'coding',
    ...changes,
  };
}

/** A reply of the stage `plan`; without requirements, as the spec states them. */
export function planReply(...tasks: unknown[]): object {
  return { requirements: [], tasks };
}

export function refineReply(
  tasks: unknown[],
  removed: { id: string; reason: string }[] = [],
): object {
  return { tasks, removed, notes: [] };
}
