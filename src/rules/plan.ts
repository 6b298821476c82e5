import slugify from '@sindresorhus/slugify';
import type { PlannedTask, PlanReply } from '../domain/plan.ts';
import { pathProblem } from '../domain/safe-path.ts';
import {
  requirementsOf,
  sectionsOf,
  type SpecDocument,
  type SpecRequirement,
} from '../domain/spec.ts';
import { categorise } from '../domain/task-category.ts';
import { estimateComplexity } from '../domain/task-complexity.ts';
import type { Requirement } from '../domain/task.ts';
import { cleanedLine, cleanedText } from '../domain/text.ts';
import { capped, documents } from './criteria.ts';
import { dependenciesOf, groupsOf, type Group } from './groups.ts';
import { imperative, sectionKind } from './kinds.ts';
import type { ProjectStack } from './project.ts';
import { inline } from './prose.ts';
import { specOf } from './spec.ts';
import { detectStack } from './stack.ts';
import { groupBy, tellingWordsOf } from './terms.ts';

const groundwork =
  /\b(?:continuous integration|ci pipeline|github actions|dockerfile|docker image|docker compose|linter|formatter|package\.json|published (?:to|on)|licen[sc]e file)\b/i;
/** A brief may start as `Build a chess clock`; what is designed is the chess clock. */
const building =
  /^(?:build|create|design|develop|implement|make|write)\s(?:me\s|us\s)?(?:an?\s|the\s)?(?=\S)/i;
const maxAcceptance = 16;

/** A spec as requirements and tasks; where it states no requirement in our form, it is read as a brief. */
export function planOf(markdown: string, project: ProjectStack | null = null): PlanReply {
  const spec = specOf(markdown, [], project);
  const stated = statedIn(markdown);
  const requirements = stated.length > 0 ? stated : spec.requirements;
  const { tasks } = new TaskWriter({ ...spec, requirements }, detectStack(markdown, project));
  const plain = ({ id, text, acceptance }: Requirement) => ({ id, text, acceptance });
  return { requirements: requirements.map(plain), tasks };
}

/** The requirements that a spec states, each with the heading that it stands below, if that is a part's. */
function statedIn(markdown: string): SpecRequirement[] {
  const areas = new Map<string, string>();
  let above = { heading: '', depth: Infinity };
  for (const { heading, depth } of sectionsOf(markdown)) {
    const id = /^\W*(R[1-9]\d*)\b/.exec(heading)?.[1];
    if (id !== undefined && depth > above.depth) areas.set(id, above.heading);
    else if (id === undefined)
      above = { heading, depth: depth > 1 && sectionKind(heading) === null ? depth : Infinity };
  }
  return requirementsOf(markdown).map(({ id, text, acceptance }) => ({
    id,
    text: cleanedText(text).trim() || 'Unnamed requirement',
    acceptance: acceptance.map((line) => cleanedText(line).trim()).filter(Boolean),
    area: inline(areas.get(id) ?? '', 120) || null,
  }));
}

/** A task as it is planned here; what it serves is listed in its description and checked by its criteria. */
interface Draft extends Pick<PlannedTask, 'type' | 'title' | 'dependsOn' | 'files' | 'acceptance'> {
  readonly says: string;
  readonly serves: readonly Requirement[];
  /** What its description lists beside. */
  readonly lists?: Readonly<Record<string, readonly string[]>>;
  /** By its words when absent. */
  readonly category?: PlannedTask['category'];
}

class TaskWriter {
  readonly tasks: PlannedTask[] = [];
  private readonly names = new Set<string>();
  private readonly language: string;

  constructor(
    private readonly spec: SpecDocument,
    private readonly stack: ReturnType<typeof detectStack>,
  ) {
    this.language = stack.guessed
      ? `The spec names no language: ${stack.name} is assumed, and the design may decide otherwise.`
      : `Language: ${stack.name}.`;
    const kinds = groupBy(spec.requirements, ({ text }) =>
      documents.test(text) ? 'docs' : groundwork.test(text) ? 'setup' : 'code',
    );
    const design = this.design();
    const ground = this.ground(design, kinds.get('setup') ?? []);
    const groups = groupsOf(kinds.get('code') ?? []);
    const needs = dependenciesOf(groups);
    const code: string[] = [];
    for (const [index, group] of groups.entries()) {
      const earlier = (needs[index] ?? []).flatMap((at) => code[at] ?? []);
      code.push(this.code(group, [design, ground, ...earlier]));
    }
    const docs = kinds.get('docs') ?? [];
    const documented = docs.length > 0 ? [this.docs(docs, code.length > 0 ? code : [ground])] : [];
    this.review([ground, ...code, ...documented]);
  }

  private design(): string {
    const { title, requirements, constraints, openQuestions } = this.spec;
    return this.add({
      type: 'architecture',
      title: `Design ${title.replace(building, '')}`,
      says: `Decide the modules, their responsibilities, the data shapes, the error cases and the names that all later tasks build on. Write them down in docs/design.md.\n\n${this.language}`,
      lists: { Constraints: constraints, 'Questions to settle': openQuestions },
      serves: requirements,
      acceptance: [
        'docs/design.md names each module with its responsibility and its public names.',
        `Each requirement (${range(requirements)}) is assigned to a module.`,
        'Error cases and limits are decided, with the message or result of each.',
        ...(openQuestions.length > 0 ? ['Each open question has a decision and its reason.'] : []),
      ],
      files: ['docs/design.md'],
      dependsOn: [],
      category: 'architecture',
    });
  }

  private ground(design: string, serves: readonly Requirement[]): string {
    const { constraints } = this.spec;
    return this.add({
      type: 'boilerplate',
      title: `Set up the ${this.stack.name} project`,
      says: `Lay the groundwork: manifest, test command, ignore rules and the folders of the design. ${this.language}`,
      lists: { Constraints: constraints },
      serves,
      acceptance: [
        `\`${this.stack.testCommand}\` runs on the fresh project and passes.`,
        'An existing manifest is extended, not replaced.',
        ...constraints.map((constraint) => `Holds: ${constraint}`),
      ],
      files: this.stack.setup,
      dependsOn: [design],
      category: 'devops',
    });
  }

  private code({ name, requirements }: Group, dependsOn: string[]): string {
    const words = tellingWordsOf(name.slice(0, 200)).slice(0, 3).join(' ');
    const slug = slugify(words)
      .slice(0, 32)
      .replace(/^-+|-+$/g, '');
    const usable = slug !== '' && pathProblem(`${slug}.x`) === null;
    const { source, test } = this.stack.filesOf(this.unused(usable ? slug : 'part'));
    return this.add({
      type: 'code',
      title: imperative.test(name) ? capitalised(name) : `Implement ${name}`,
      says: 'Write the code and its tests. Build on the names in docs/design.md.',
      serves: requirements,
      acceptance: [
        `Tests in ${test} cover each of these points, and \`${this.stack.testCommand}\` passes.`,
      ],
      files: [source, test],
      dependsOn,
    });
  }

  private docs(serves: readonly Requirement[], dependsOn: string[]): string {
    return this.add({
      type: 'boilerplate',
      title: 'Write the documentation',
      says: 'Document what was built for the people who use it, with examples that were run.',
      serves,
      acceptance: ['Each command and example in the documentation was run and works as shown.'],
      files: ['README.md'],
      dependsOn,
      category: 'general',
    });
  }

  private review(dependsOn: string[]): void {
    const { requirements, constraints } = this.spec;
    this.add({
      type: 'review',
      title: 'Review the whole against the requirements',
      says: 'Read all that was produced as one work: does each requirement hold, do the parts fit together, what is missing?',
      serves: requirements,
      acceptance: [
        `For each requirement (${range(requirements)}) the code and the test that show it are named, or the gap is.`,
        'Names, errors and formats are the same in all parts and as designed.',
        ...constraints.map((constraint) => `Checked: ${constraint}`),
      ],
      files: [],
      dependsOn,
      category: 'general',
    });
  }

  private add({ says, serves, lists = {}, category, ...task }: Draft): string {
    const id = `T${this.tasks.length + 1}`;
    const built = task.type === 'code' || task.type === 'boilerplate' ? serves : [];
    const all = { Requirements: built.map(({ id: of, text }) => `${of}: ${text}`), ...lists };
    const listed = Object.entries(all)
      .filter(([, items]) => items.length > 0)
      .map(([name, items]) => [`${name}:`, ...items.map((item) => `- ${item}`)].join('\n'));
    const description = [says, ...listed].join('\n\n');
    const criteria = [...task.acceptance, ...built.flatMap(({ acceptance }) => acceptance)];
    this.tasks.push({
      ...task,
      id,
      title: this.unused(cleanedLine(task.title, 120)),
      description,
      requirements: serves.map((requirement) => requirement.id),
      acceptance: capped(criteria, maxAcceptance),
      complexity: estimateComplexity([description, ...criteria].join('\n')).value,
      category: category ?? categorise(task.title, description).category,
      workflow: 'coding',
    });
    return id;
  }

  /** The name itself, or the first numbered one that nothing else has; case makes no difference. */
  private unused(name: string): string {
    let free = name;
    for (let count = 2; this.names.has(free.toLowerCase()); count += 1) free = `${name}-${count}`;
    this.names.add(free.toLowerCase());
    return free;
  }
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function range(requirements: readonly Requirement[]): string {
  const ids = requirements.map(({ id }) => id);
  return ids.length <= 3 ? ids.join(', ') : `${ids[0]} to ${ids.at(-1)}`;
}
