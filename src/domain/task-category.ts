import type { TaskCategory } from './task.ts';

/** What a task is about, as its words tell. */
export interface Categorised {
  readonly category: TaskCategory;
  /** Every category that a word speaks for, the strongest first. */
  readonly scores: readonly {
    readonly category: TaskCategory;
    readonly score: number;
    /** The words that were found. */
    readonly matched: readonly string[];
  }[];
  /** For people: why this category. */
  readonly reason: string;
}

type Known = Exclude<TaskCategory, 'general'>;

/**
 * Words with their weight: 3 names the category, 2 is at home there, 1 leans to it. In order of precedence
 * where two categories score the same.
 */
const keywords: Readonly<Record<Known, Readonly<Record<1 | 2 | 3, RegExp>>>> = {
  architecture: {
    3: /architect(?:ure|ural)?|adrs?|trade-?offs?/,
    2: /microservices?|monoliths?|scalab(?:le|ility)|modular(?:ity)?|decoupl(?:e|ed|ing)|bounded contexts?|event-driven/,
    1: /designs?|patterns?|boundar(?:y|ies)|refactor(?:ing)?|interfaces?/,
  },
  frontend: {
    3: /front-?end|css|react|vue|svelte|angular|html/,
    2: /ui|ux|components?|browsers?|dom|responsive|layouts?|tailwind|accessib(?:le|ility)|stylesheets?/,
    1: /pages?|buttons?|forms?|modals?|themes?|click(?:s|ed)?|render(?:s|ing)?/,
  },
  backend: {
    3: /back-?end|rest(?:ful)? apis?|restful|graphql|endpoints?|fastify|express\.?js/,
    2: /apis?|servers?|routes?|middleware|auth(?:entication|orization)?|jwt|sessions?|webhooks?|https?|websockets?/,
    1: /requests?|responses?|services?|handlers?|cach(?:e|ing)|queues?/,
  },
  devops: {
    3: /devops|docker(?:file)?|kubernetes|k8s|terraform|helm|ansible|ci\/cd/,
    2: /ci|pipelines?|deploy(?:s|ed|ment|ments)?|containers?|nginx|github actions?|monitoring|rollbacks?/,
    1: /images?|clusters?|releases?|infrastructure|environments?|logs?/,
  },
  scripts: {
    3: /scripts?|bash|shell|powershell|cron|cli/,
    2: /automat(?:e|es|ed|ion)|command[- ]line|batch|makefile|renames?|one-off/,
    1: /files?|folders?|director(?:y|ies)|parse(?:s|r)?|arguments?|stdin|stdout/,
  },
  data: {
    3: /sql|databases?|etl|pandas|postgres(?:ql)?|sqlite|mysql|mongodb/,
    2: /data|datasets?|schemas?|migrations?|quer(?:y|ies)|csv|parquet|index(?:es)?|analytics|tables?/,
    1: /models?|columns?|rows?|reports?|statistics|imports?|exports?/,
  },
};

const rules = (Object.keys(keywords) as Known[]).map((category) => ({
  category,
  words: Object.entries(keywords[category]).map(([weight, { source }]) => ({
    weight: Number(weight),
    // Whole words alone: no «ci» in «decide», no «ui» in «build».
    pattern: new RegExp(`(?<![\\wé-])(?:${source})(?![\\wé-])`, 'g'),
  })),
}));

/** Words in the title count twice. */
const titleFactor = 2;

/** Below this the words are too few to say anything. */
const least = 3;

/** The category of a task by weighted keywords; `general` when none is strong enough. Each word counts once. */
export function categorise(title: string, text: string): Categorised {
  const [plainTitle, plainText] = [plain(title), plain(text)];
  const scores = rules
    .map(({ category, words }) => {
      let score = 0;
      const matched = new Set<string>();
      for (const { weight, pattern } of words) {
        const inTitle = found(plainTitle, pattern);
        const inText = found(plainText, pattern);
        for (const word of new Set([...inTitle, ...inText])) {
          score += weight * (inTitle.has(word) ? titleFactor : 1);
          matched.add(word);
        }
      }
      return { category, score, matched: [...matched] };
    })
    .filter(({ score }) => score > 0)
    // Stable: the first of the table wins a tie.
    .sort((a, b) => b.score - a.score);
  const [first] = scores;
  if (first === undefined)
    return { category: 'general', scores, reason: 'no word speaks for a category' };
  const words = first.matched.slice(0, 6).join(', ');
  return first.score < least
    ? {
        category: 'general',
        scores,
        reason: `no category reaches ${least}: ${first.category} has ${first.score} (${words})`,
      }
    : { category: first.category, scores, reason: `${first.category} ${first.score} (${words})` };
}

/** In small letters, each of other scripts an é: patterns that know all of them take longer to make than to use. */
function plain(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\0-\x7F]/gu, (letter) => (/[\p{L}\p{N}]/u.test(letter) ? 'é' : ' '));
}

function found(text: string, pattern: RegExp): Set<string> {
  return new Set([...text.matchAll(pattern)].map(([word]) => word));
}
