import { withoutQuoted } from './inline.ts';
import { kindOfPath } from './section-kind.ts';
import type { Statement } from './statement.ts';

export type SentenceKind =
  'requirement' | 'nonGoal' | 'constraint' | 'question' | 'goal' | 'criterion' | 'background';

const strongModal =
  /\b(?:must|shall|should|ought to|needs? to|has to|have to|is required to|are required to|muss|müssen|soll|sollen|sollte|doit|doivent|devra|debe|deben|debería|deve|devono|devem|moet|moeten)\b|должн[аоы]?|необходимо|нужно|必须|必須|应该|應該|需要|べき|必要|なければ|해야/iu;
const weakModal =
  /\b(?:can|could|will|may|need|needs|wants?|would like|is able to|are able to|supports?|allows?|lets|provides?|kann|können|wird|peut|peuvent|puede|pueden|può|pode|kan)\b|может|могут|可以|能够|できる|수 있/iu;
const userStory = /^as an? .{1,80}?,?\s(?:i|we)\s(?:want|need|can|would|should|wish|must)\b/i;
const narrator = /\b(?:i|we|my|our|people|everyone|everybody|nobody|someone)\b/i;
const denial =
  /\b(?:cannot|can['’]?t|can never|could not|couldn['’]?t|won['’]?t|don['’]?t|doesn['’]?t|need not)\b/i;

const verbs =
  'accept|add|allow|analy[sz]e|archive|ask|assign|authenticate|block|book|build|cache|calculate|cancel|capture|check|choose|collect|compare|compress|compute|configure|confirm|connect|convert|copy|count|create|decode|delete|deliver|deploy|design|detect|develop|display|document|download|draw|edit|email|enable|encode|encrypt|ensure|evaluate|expire|export|expose|extract|fail|fetch|filter|find|format|generate|give|group|handle|hide|highlight|implement|import|include|index|install|keep|let|limit|list|load|log|make|manage|mark|measure|merge|migrate|monitor|move|notify|offer|open|order|package|parse|pause|play|post|prevent|print|process|produce|protect|provide|publish|query|read|receive|record|redirect|refuse|register|reject|remind|remove|rename|render|repeat|replace|report|resize|restore|resume|retry|return|review|roll|rotate|run|sanitise|sanitize|save|scan|schedule|search|select|send|serve|set|share|show|sign|sort|split|start|stop|store|stream|submit|support|switch|sync|tag|test|track|translate|undo|update|upload|use|validate|verify|view|wait|warn|watch|write';
const imperative = new RegExp(
  `^(?:please |also |then )?(?:${verbs}|set up|log in|sign up)\\b`,
  'i',
);
const declarative = new RegExp(
  `^(?:(?:the|it|this|each|every|an?|all|any|its|invalid|unknown|empty)\\b.{0,80}?\\s)?(?:(?:${verbs})(?:e?s)|tries|applies|copies|retries|is (?:shown|stored|saved|printed|sent|rejected|refused|ignored|returned|kept|deleted)|are (?:shown|stored|saved|printed|sent|rejected|refused|ignored|returned|kept|deleted))\\b`,
  'i',
);

const nonGoal =
  /\b(?:out of scope|non-goals?|not (?:a goal|in scope|part of|needed|required|planned|necessary)|no need (?:for|to)|(?:do not|don['’]t|does not|doesn['’]t|will not|won['’]t) (?:need|want|plan|have) to|(?:we|i) (?:do not|don['’]t) (?:need|want|plan)|is not about|left for later|not for now)\b|^not\b|^kein[e]?\b/i;
const noThing = /^(?:no|without)\s/i;
const constraint =
  /\b(?:(?:no|zero|without|free of)(?: any| new)?(?: runtime| external| third[- ]party| npm)? (?:dependenc(?:y|ies)|packages|libraries|frameworks?|build step)|dependency[- ]free|(?:must|should|shall|has to|needs to) (?:run|work|build|compile) (?:on|in|under|with)|runs? on (?!every|each|all|a\b)|(?:is|be) compatible with|compatible with|(?:written|implemented|built|developed|coded) (?:in|with|using)|standard library only|only the standard library|licen[sc]ed? under|(?:mit|apache|gpl|bsd)[- ]licen[sc]e|offline only|on[- ]premises?|gdpr|(?:node(?:\.?js)?|python|go|java|php|ruby|rust|typescript|\.net|android|ios|postgres(?:ql)?|mysql) ?(?:v|>=?|≥ ?)?\d+(?:\.\d+)*)\b/i;

/** What a statement is to a spec, judged by its section and its own words. */
export function kindOf(statement: Statement): SentenceKind {
  const section = kindOfPath(statement.path);
  const text = withoutQuoted(statement.text);
  if (section === 'nonGoals') return 'nonGoal';
  if (/[?？]\s*$/u.test(text)) return 'question';
  if (section === 'questions') return 'question';
  if (section === 'constraints') return 'constraint';
  if (section === 'acceptance') return 'criterion';
  if (statement.from === 'lead') return 'background';
  if (nonGoal.test(text)) return 'nonGoal';
  if (constraint.test(text)) return 'constraint';
  if (noThing.test(text) && !strongModal.test(text)) return 'nonGoal';
  if (section === 'goals') return 'goal';
  if (section === 'background') return isDemand(text) ? 'requirement' : 'background';
  if (isRequirementLike(statement.text)) return 'requirement';
  if (statement.from === 'item' && !isNarrative(text)) return 'requirement';
  return 'background';
}

/** Whether a sentence asks for something, by its words alone. */
export function isRequirementLike(raw: string): boolean {
  const text = withoutQuoted(raw);
  if (userStory.test(text)) return true;
  if (isDemand(text)) return true;
  if (imperative.test(afterCondition(text))) return true;
  if (isNarrative(text)) return false;
  return weakModal.test(text) || declarative.test(afterCondition(text));
}

function isDemand(text: string): boolean {
  return (
    userStory.test(text) ||
    (strongModal.test(text) && !/^(?:i|we|people) (?:have|had|need) to\b/i.test(text))
  );
}

function isNarrative(text: string): boolean {
  return (
    (narrator.test(text) && !/\b(?:i|we) (?:want|need|would like)\b/i.test(text)) ||
    denial.test(text)
  );
}

/** `When the disk is full, stop` → `stop`. */
function afterCondition(text: string): string {
  return text.replace(
    /^(?:when|whenever|if|after|before|once|while|as soon as|on|for)\b[^,]{1,160},\s*/i,
    '',
  );
}

/** Whether a text starts with a verb that tells somebody what to do. */
export function isImperative(text: string): boolean {
  return imperative.test(text);
}
