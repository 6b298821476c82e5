export type SectionKind =
  | 'nonGoals'
  | 'questions'
  | 'answers'
  | 'constraints'
  | 'acceptance'
  | 'requirements'
  | 'goals'
  | 'background';

/** Headings that say what stands below them, in the languages that briefs are often written in. */
const headings: readonly (readonly [SectionKind, RegExp])[] = [
  [
    'nonGoals',
    /\b(?:non[- ]?goals?|out[- ]of[- ]scope|not in scope|exclu(?:ded|sions?)|anti-?goals?|won['’]?t (?:have|do)|not (?:needed|required|planned|included)|nicht[- ]?ziele|abgrenzung|hors p[ée]rim[èe]tre|fuera del? alcance|fora do escopo|fuori ambito)\b|не входит|非目标|不在范围|対象外/u,
  ],
  [
    'questions',
    /\b(?:questions?|unknowns?|unclear|to be decided|tbd|offene fragen|fragen|preguntas|perguntas|domande)\b|вопросы|问题|質問/u,
  ],
  ['answers', /^clarifications$/u],
  [
    'constraints',
    /\b(?:constraints?|limitations?|restrictions?|technical requirements|tech(?:nical|nology)? stack|stack|platforms?|environment|compatibility|technolog(?:y|ies)|dependencies|randbedingungen|einschr[äa]nkungen|contraintes|restricciones|restri[çc][õo]es|vincoli)\b|ограничения|约束|限制|制約/u,
  ],
  [
    'acceptance',
    /\b(?:acceptance(?: criteria| tests?)?|definition of done|done when|success criteria|abnahme(?:kriterien)?|akzeptanzkriterien|crit[èe]res d['’]acceptation|criterios de aceptaci[óo]n)\b|критерии|验收|受け入れ/u,
  ],
  [
    'requirements',
    /\b(?:requirements?|features?|functional(?:ity)?|must[- ]haves?|should[- ]haves?|nice[- ]to[- ]haves?|user stories|stories|use cases?|scope|behaviou?r|functions|capabilities|deliverables|mvp|what (?:it|we|i|you) (?:does?|needs?|wants?|should)|anforderungen|funktionen|exigences|fonctionnalit[ée]s|requisitos|funcionalidades|requisiti|funzionalit[àa])\b|требования|функции|需求|要求|功能|要件|機能/u,
  ],
  [
    'goals',
    /\b(?:goals?|objectives?|aims?|ziele?|objectifs?|objetivos?|obiettivi)\b|цели|目标|目的/u,
  ],
  [
    'background',
    /\b(?:overview|background|context|intro(?:duction)?|motivation|problem(?: statement)?|about|history|why|summary|purpose|vision|glossary|references?|links|see also|notes?|appendix|team|stakeholders?|audience|timeline|hintergrund|einleitung|[üu]berblick|contexte|introducci[óo]n|contexto|contesto)\b|введение|背景|概要|前言|はじめに/u,
  ],
];

/** Words beyond which a heading is a sentence that only happens to hold such a word. */
const maxHeadingWords = 6;

/** What a heading announces, or null when it names a part of the product. */
export function sectionKind(heading: string): SectionKind | null {
  const text = heading.toLowerCase().replace(/[:：.]\s*$/u, '');
  if (text.split(/\s+/).length > maxHeadingWords) return null;
  return headings.find(([, pattern]) => pattern.test(text))?.[0] ?? null;
}

/** What the innermost telling heading of a path announces. */
export function kindOfPath(path: readonly string[]): SectionKind | null {
  return path.reduceRight<SectionKind | null>(
    (found, heading) => found ?? sectionKind(heading),
    null,
  );
}
