import { withoutQuoted } from './prose.ts';

/** Headings that say what stands below them, in the languages that briefs are often written in. */
const headings = {
  nonGoals:
    /\b(?:non[- ]?goals?|out[- ]of[- ]scope|not in scope|exclu(?:ded|sions?)|anti-?goals?|won['’]?t (?:have|do)|not (?:needed|required|planned|included|wanted)|nicht[- ]?ziele|abgrenzung|hors p[ée]rim[èe]tre|fuera del? alcance|fora do escopo|fuori ambito)\b|не входит|非目标|不在范围|対象外/u,
  questions:
    /\b(?:questions?|unknowns?|unclear|to be decided|tbd|offene fragen|fragen|preguntas|perguntas|domande)\b|вопросы|问题|質問/u,
  constraints:
    /\b(?:constraints?|limitations?|restrictions?|technical requirements|tech(?:nical|nology)? stack|stack|platforms?|environment|compatibility|technolog(?:y|ies)|dependencies|randbedingungen|einschr[äa]nkungen|contraintes|restricciones|restri[çc][õo]es|vincoli)\b|ограничения|约束|限制|制約/u,
  acceptance:
    /\b(?:acceptance(?: criteria| tests?)?|definition of done|done when|success criteria|abnahme(?:kriterien)?|akzeptanzkriterien|crit[èe]res d['’]acceptation|criterios de aceptaci[óo]n)\b|критерии|验收|受け入れ/u,
  requirements:
    /\b(?:requirements?|features?|functional(?:ity)?|must[- ]haves?|should[- ]haves?|nice[- ]to[- ]haves?|user stories|stories|use cases?|scope|behaviou?r|functions|capabilities|deliverables|mvp|what (?:it|we|i|you) (?:does?|needs?|wants?|should)|anforderungen|funktionen|exigences|fonctionnalit[ée]s|requisitos|funcionalidades|requisiti|funzionalit[àa])\b|требования|функции|需求|要求|功能|要件|機能/u,
  goals: /\b(?:goals?|objectives?|aims?|ziele?|objectifs?|objetivos?|obiettivi)\b|цели|目标|目的/u,
  background:
    /\b(?:overview|background|context|intro(?:duction)?|motivation|problem(?: statement)?|about|history|why|summary|purpose|vision|glossary|references?|links|see also|notes?|appendix|team|stakeholders?|audience|timeline|hintergrund|einleitung|[üu]berblick|contexte|introducci[óo]n|contexto|contesto)\b|введение|背景|概要|前言|はじめに/u,
};
export type SectionKind = keyof typeof headings;

/** Words beyond which a heading is a sentence that only happens to hold such a word. */
const maxHeadingWords = 6;

/** What a heading announces, or null when it names a part of the product. */
export function sectionKind(heading: string): SectionKind | null {
  const text = heading.toLowerCase().replace(/[:：.]\s*$/u, '');
  if (text.split(/\s+/).length > maxHeadingWords) return null;
  const kinds = Object.keys(headings) as SectionKind[];
  return kinds.find((kind) => headings[kind].test(text)) ?? null;
}

const strongModal =
  /\b(?:must|shall|should|ought to|needs? to|has to|have to|is required to|are required to|muss|müssen|soll|sollen|sollte|doit|doivent|devra|brauch(?:e|en|t)|benötig(?:e|en|t)|il faut|il faudrait|hay que|bisogna|debe|deben|debería|deve|devono|devem|moet|moeten)\b|должн[аоы]?|необходимо|нужно|必须|必須|应该|應該|需要|べき|必要|なければ|해야/iu;
const weakModal =
  /\b(?:can|could|will|may|need|needs|wants?|would like|is able to|are able to|supports?|allows?|lets|provides?|kann|können|wird|werden|peut|peuvent|puede|pueden|può|pode|kan)\b|может|могут|可以|能够|できる|수 있/iu;
const userStory = /^as an? .{1,80}?,?\s(?:i|we)\s(?:want|need|can|would|should|wish|must)\b/i;
const wish = /\b(?:i|we) (?:want|need|would like)\b/i;
const hadTo = /^(?:i|we|people) (?:have|had|need) to\b/i;
const narrator = /\b(?:i|we|my|our|people|everyone|everybody|nobody|someone)\b/i;
const denial =
  /\b(?:cannot|can['’]?t|can never|could not|couldn['’]?t|won['’]?t|don['’]?t|doesn['’]?t|need not)\b/i;
/** `When the disk is full, stop` → `stop`. */
const condition =
  /^(?:when|whenever|if|after|before|once|while|as soon as|on|for)\b[^,]{1,160},\s*/i;

const verbs =
  'accept|add|allow|analy[sz]e|archive|ask|assign|authenticate|block|book|build|cache|calculate|cancel|capture|check|choose|collect|compare|compress|compute|configure|confirm|connect|convert|copy|count|create|decode|delete|deliver|deploy|design|detect|develop|display|document|download|draw|edit|email|enable|encode|encrypt|ensure|evaluate|expire|export|expose|extract|fail|fetch|filter|find|format|generate|give|group|handle|hide|highlight|implement|import|include|index|install|keep|let|limit|list|load|log|make|manage|mark|measure|merge|migrate|monitor|move|notify|offer|open|order|package|parse|pause|play|post|prevent|print|process|produce|protect|provide|publish|query|read|receive|record|redirect|refuse|register|reject|remind|remove|rename|render|repeat|replace|report|resize|restore|resume|retry|return|review|roll|rotate|run|sanitise|sanitize|save|scan|schedule|search|select|send|serve|set|share|show|sign|sort|split|start|stop|store|stream|submit|support|switch|sync|tag|test|track|translate|undo|update|upload|use|validate|verify|view|wait|warn|watch|write';
/** Begins with a verb that tells somebody what to do. */
export const imperative = new RegExp(
  `^(?:please |also |then )?(?:${verbs}|set up|log in|sign up)\\b`,
  'i',
);
const declarative = new RegExp(
  `^(?:(?:the|it|this|each|every|an?|all|any|its|invalid|unknown|empty)\\b.{0,80}?\\s)?(?:(?:${verbs})(?:e?s)|tries|applies|copies|retries|(?:is|are) (?:shown|stored|saved|printed|sent|rejected|refused|ignored|returned|kept|deleted))\\b`,
  'i',
);

const nonGoal =
  /\b(?:out of scope|non-goals?|not (?:a goal|in scope|part of|needed|required|planned|necessary)|no need (?:for|to)|(?:do not|don['’]t|does not|doesn['’]t|will not|won['’]t) (?:need|want|plan|have) to|(?:we|i) (?:do not|don['’]t) (?:need|want|plan)|is not about|left for later|not for now)\b|^not\b|^kein[e]?\b/i;
const noThing = /^(?:no|without)\s/i;
const constraint =
  /\b(?:(?:no|zero|without|free of)(?: any| new)?(?: runtime| external| third[- ]party| npm)? (?:dependenc(?:y|ies)|packages|libraries|frameworks?|build step)|dependency[- ]free|(?:must|should|shall|has to|needs to) (?:run|work|build|compile) (?:on|in|under|with)|runs? on (?!every|each|all|a\b)|compatible with|(?:written|implemented|built|developed|coded) (?:in|with|using)|standard library only|only the standard library|licen[sc]ed? under|(?:mit|apache|gpl|bsd)[- ]licen[sc]e|offline only|on[- ]premises?|gdpr|(?:node(?:\.?js)?|python|go|java|php|ruby|rust|typescript|\.net|android|ios|postgres(?:ql)?|mysql) ?(?:v|>=?|≥ ?)?\d+(?:\.\d+)*)\b/i;

/** What a statement with this text is to a spec, below headings and as a sentence, item or lead of a list. */
export function kindOf(
  raw: string,
  path: readonly string[],
  from: 'sentence' | 'item' | 'lead',
): SectionKind {
  // The innermost telling heading counts.
  const section = path.reduceRight<SectionKind | null>(
    (found, heading) => found ?? sectionKind(heading),
    null,
  );
  const text = withoutQuoted(raw);
  if (section === 'nonGoals') return section;
  if (/[?？]\s*$/u.test(text)) return 'questions';
  if (section === 'questions' || section === 'constraints' || section === 'acceptance')
    return section;
  if (from === 'lead') return 'background';
  if (nonGoal.test(text)) return 'nonGoals';
  if (constraint.test(text)) return 'constraints';
  if (noThing.test(text) && !strongModal.test(text)) return 'nonGoals';
  if (section === 'goals') return section;
  const asked =
    section === 'background'
      ? isDemand(text)
      : asksFor(raw) || (from === 'item' && !isNarrative(text));
  return asked ? 'requirements' : 'background';
}

/** Whether a sentence asks for something, by its words alone. */
export function asksFor(raw: string): boolean {
  const text = withoutQuoted(raw);
  const core = text.replace(condition, '');
  if (isDemand(text) || imperative.test(core)) return true;
  return !isNarrative(text) && (weakModal.test(text) || declarative.test(core));
}

function isDemand(text: string): boolean {
  return userStory.test(text) || (strongModal.test(text) && !hadTo.test(text));
}

/** Whether somebody tells of themselves, which asks for nothing. */
export function isNarrative(text: string): boolean {
  return (narrator.test(text) && !wish.test(text)) || denial.test(text);
}
