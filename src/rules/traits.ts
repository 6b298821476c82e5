import type { taskCategories } from '../domain/task.ts';

type Category = (typeof taskCategories)[number];

const categoryWords: readonly (readonly [Category, RegExp])[] = [
  [
    'frontend',
    /\b(?:ui|frontend|front-end|page|button|form|screen|browser|css|html|react|vue|component|layout|click|dialog|menu|responsive|chart|dashboard|mobile|theme|accessib\w+)\b/gi,
  ],
  [
    'backend',
    /\b(?:api|server|backend|back-end|endpoint|rest|graphql|http|service|auth\w*|login|session|webhook|queue|email|request|response|library|parser?|parse\w*)\b/gi,
  ],
  [
    'devops',
    /\b(?:ci|cd|docker\w*|kubernetes|deploy\w*|pipeline|terraform|monitoring|infrastructure|container|helm|release|rollback|backup)\b/gi,
  ],
  [
    'scripts',
    /\b(?:script|cli|command[- ]line|command|shell|bash|cron|terminal|stdin|stdout|flag|automation)\b/gi,
  ],
  [
    'data',
    /\b(?:database|sql|schema|table|migration|csv|import|export|etl|dataset|query|report|analytics|statistics|index|storage|postgres\w*|sqlite)\b/gi,
  ],
  [
    'architecture',
    /\b(?:architecture|module boundaries|contract|design decision|interface design)\b/gi,
  ],
];

const hardWords =
  /\b(?:concurren\w+|distributed|real[- ]?time|encrypt\w+|security|secure|transaction\w*|consisten\w+|conflict\w*|offline|sync\w*|algorithm|optimi[sz]\w+|performance|latency|scal\w+|migrat\w+|pars\w+|grammar|protocol|stream\w*|authenticat\w+|permission\w*|payment\w*|recover\w+|retry|retries|idempoten\w+|time ?zones?|unicode|machine learning)\b/gi;

/** By weight of keywords; `general` when there are none. */
export function categoryOf(text: string): Category {
  let best: { category: Category; count: number } = { category: 'general', count: 0 };
  for (const [category, pattern] of categoryWords) {
    const count = text.match(pattern)?.length ?? 0;
    if (count > best.count) best = { category, count };
  }
  return best.category;
}

/** 1 to 10, from how much a task holds and how hard its words are. */
export function complexityOf(text: string, requirements: number, criteria: number): number {
  const hard = new Set((text.match(hardWords) ?? []).map((word) => word.toLowerCase())).size;
  const score = 1 + requirements * 0.7 + Math.min(criteria, 12) * 0.2 + Math.min(hard, 5) * 0.8;
  return Math.max(1, Math.min(10, Math.round(score)));
}
