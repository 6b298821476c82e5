import type { WorkflowName } from '../../domain/route.ts';
import { toSingleLine } from '../../domain/text.ts';

interface Kind {
  readonly workflow: WorkflowName;
  readonly reason: string;
}

/** Words with their weight: 3 names the kind, 2 is at home there, 1 leans to it. The first of equals wins. */
const words: readonly {
  readonly workflow: WorkflowName;
  readonly patterns: Readonly<Record<1 | 2 | 3, RegExp>>;
}[] = [
  {
    workflow: 'coding',
    patterns: {
      3: /implement(?:s|ed)?|refactor(?:s|ed|ing)?|bug(?:s|fix(?:es)?)?|source code|pull request|unit tests?/,
      2: /functions?|class(?:es)?|modules?|scripts?|endpoints?|components?|cli|librar(?:y|ies)|apis?|regex(?:es)?|quer(?:y|ies)|tests?|code|program|app|parsers?|[\w./-]+\.(?:[cm]?[jt]sx?|py|go|rs|java|rb|php|cs|cpp|c|h|swift|kt|sql|sh|css|html)/,
      1: /add(?:s|ed)?|fix(?:es|ed)?|writes?|builds?|creates?|makes?|renames?|removes?|support(?:s|ed)?|handles?|updates?/,
    },
  },
  {
    workflow: 'rag_qa',
    patterns: {
      3: /according to|in (?:the|this|these|our|your) (?:\w+ )?(?:docs?|documentation|sources?|repository|repo|code ?base|project|notes?|files?|folder|readme|manual|papers?)|cit(?:e|es|ation|ations)|which file|where (?:in|is|are) .{0,60}(?:defined|implemented|documented|described|configured|set)/,
      2: /quotes?|documented|described|mentioned|does (?:the|this|our) .{0,40} (?:say|support|allow|use|do)/,
      1: /documentation|readme|manual|handbook|changelog|policy/,
    },
  },
  {
    workflow: 'science',
    patterns: {
      3: /calculat(?:e|es|ed|ion)|comput(?:e|es|ed|ation)|joules?|newtons?|kelvin|moles?|molar(?:ity)?|velocit(?:y|ies)|accelerat(?:e|es|ion)|wavelengths?|half-?li(?:fe|ves)|equilibrium|integral|derivative|eigenvalues?|standard deviation|confidence interval|uncertaint(?:y|ies)/,
      2: /physics|chemistry|energ(?:y|ies)|mass(?:es)?|force|pressure|temperature|concentration|probabilit(?:y|ies)|statistic(?:s|al)?|estimate|how (?:far|fast|hot|heavy|long)|\d+(?:\.\d+)? ?(?:kg|g|km|cm|mm|m|s|ms|j|kj|w|kw|n|pa|kpa|k|mol|hz|v|ev|m\/s|km\/h|°c)/,
      1: /rate|equation|formula|units?|average|percent(?:age)?|volume|distance|density/,
    },
  },
  {
    workflow: 'reasoning',
    patterns: {
      3: /prove|proof|puzzles?|riddles?|logic(?:al|ally)?|deduce|contradiction|true or false|which of the following/,
      2: /why|explain|compare|decide|argue|reason(?:s|ing)?|conclude|how many|who|should|best/,
      1: /what|which|when|if|is|are|does|can/,
    },
  },
];

const rules = words.map(({ workflow, patterns }) => ({
  workflow,
  patterns: Object.entries(patterns).map(([weight, { source }]) => ({
    weight: Number(weight),
    pattern: new RegExp(`(?<![\\p{L}\\p{N}_-])(?:${source})(?![\\p{L}\\p{N}_-])`, 'giu'),
  })),
}));

/** Of a text so much is looked at, characters. */
const mostRead = 20_000;

/** What kind of work the words of a task ask for; code where none tells. Each word counts once. */
export function kindOfTask(text: string): Kind {
  const read = text.slice(0, mostRead);
  const scores = rules
    .map(({ workflow, patterns }) => {
      let score = 0;
      const matched = new Set<string>();
      for (const { weight, pattern } of patterns)
        for (const word of read.match(pattern) ?? []) {
          const known = toSingleLine(word.toLowerCase(), 40);
          if (!matched.has(known)) score += weight;
          matched.add(known);
        }
      return { workflow, score, matched: [...matched] };
    })
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score);
  // What is asked to be made is made, unless it is a question: its words reason about anything.
  const isQuestion = read.includes('?');
  const asksForFiles = scores.some(({ workflow }) => workflow === 'coding') && !isQuestion;
  const [first] = scores.filter(({ workflow }) => !(asksForFiles && workflow === 'reasoning'));
  if (first === undefined || (first.score < 2 && !isQuestion))
    return { workflow: 'coding', reason: 'no word asks for anything but code' };
  const named = first.matched.slice(0, 6).join(', ');
  return { workflow: first.workflow, reason: `its words ask for it: ${first.score} (${named})` };
}
