import { taskCategories, taskStatuses, taskTypes, workflows } from '../domain/task.ts';

// Accepts nothing that the schemas of domain/task.ts would refuse or change; a property test holds the
// two together. What is refused here is for the schema to judge.

/** Whether all but the tasks is plainly as the schema wants it. */
export function isPlainFrame(value: unknown): boolean {
  if (!isObject(value)) return false;
  const keys = Object.keys(value);
  const required = keys[0] === '$schema' ? keys.slice(1) : keys;
  return (
    sameKeys(required, documentKeys) &&
    (value['$schema'] === undefined || typeof value['$schema'] === 'string') &&
    value['schemaVersion'] === 1 &&
    isTitle(value['title']) &&
    isTime(value['createdAt']) &&
    isTime(value['updatedAt']) &&
    isPlan(value['plan']) &&
    isListOf(value['requirements'], isRequirement) &&
    Array.isArray(value['tasks'])
  );
}

type Json = Record<string, unknown>;

const documentKeys = [
  'schemaVersion',
  'title',
  'createdAt',
  'updatedAt',
  'plan',
  'requirements',
  'tasks',
];
const planKeys = ['specSha256', 'refined', 'warnings'];
const requirementKeys = ['id', 'text', 'acceptance'];
const taskKeys = [
  'id',
  'title',
  'description',
  'type',
  'dependsOn',
  'requirements',
  'acceptance',
  'files',
  'complexity',
  'category',
  'workflow',
  'status',
  'result',
];
const resultKeys = [
  'outcome',
  'by',
  'at',
  'reason',
  'run',
  'attempt',
  'rounds',
  'author',
  'reviewer',
  'files',
  'gates',
  'review',
  'feedback',
];

const lineBreakOrControl = /[\u0000-\u001f\u007f-\u009f]/;
const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/;
const plainTaskId = /^[A-Za-z][A-Za-z0-9_-]{0,39}$/;
const requirementId = /^R[1-9][0-9]{0,4}$/;
const plainPath =
  /^(?:[A-Za-z0-9_-]{1,60}\/){0,12}[A-Za-z0-9_-]{1,60}(?:\.[A-Za-z0-9_-]{1,20}){0,4}$/;
const reserved = /(?:^|\/)(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:[./]|$)/i;
const day =
  '(?:(?:0[13578]|1[02])-31|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8]))';
const time = new RegExp(
  `^20[0-9]{2}-${day}T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]\\.[0-9]{3}Z$`,
);

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

// The schema writes its keys in its own order; only that order passes unchanged.
const sameKeys = (keys: readonly string[], expected: readonly string[]): boolean =>
  keys.length === expected.length && keys.every((key, index) => key === expected[index]);

function isListOf(value: unknown, isMember: (member: unknown) => boolean): boolean {
  if (!Array.isArray(value)) return false;
  for (const member of value) if (!isMember(member)) return false;
  return true;
}

const isPlain = (value: unknown): boolean => typeof value === 'string' && !control.test(value);
const isFilled = (value: unknown): boolean => value !== '' && isPlain(value);
const isTitle = (value: unknown): boolean =>
  typeof value === 'string' &&
  value.length <= 300 &&
  value.trim() !== '' &&
  !lineBreakOrControl.test(value);
const isTime = (value: unknown): boolean => typeof value === 'string' && time.test(value);
const isTaskId = (value: unknown): boolean =>
  typeof value === 'string' && plainTaskId.test(value) && !reserved.test(value);
const isRequirementId = (value: unknown): boolean =>
  typeof value === 'string' && requirementId.test(value);
const isPath = (value: unknown): boolean =>
  typeof value === 'string' && plainPath.test(value) && !reserved.test(value);
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;
const isText = (value: unknown): boolean => typeof value === 'string';
const isTextOrNull = (value: unknown): boolean => value === null || typeof value === 'string';
const isOneOf = (values: readonly string[], value: unknown): boolean =>
  typeof value === 'string' && values.includes(value);

function isPlan(value: unknown): boolean {
  return (
    isObject(value) &&
    sameKeys(Object.keys(value), planKeys) &&
    isText(value['specSha256']) &&
    typeof value['refined'] === 'boolean' &&
    isListOf(value['warnings'], isPlain)
  );
}

function isRequirement(value: unknown): boolean {
  return (
    isObject(value) &&
    sameKeys(Object.keys(value), requirementKeys) &&
    isRequirementId(value['id']) &&
    isFilled(value['text']) &&
    isListOf(value['acceptance'], isFilled)
  );
}

/** Whether a task is plainly as the schema wants it. */
export function isPlainTask(value: unknown): boolean {
  return (
    isObject(value) &&
    sameKeys(Object.keys(value), taskKeys) &&
    isTaskId(value['id']) &&
    isTitle(value['title']) &&
    isPlain(value['description']) &&
    isOneOf(taskTypes, value['type']) &&
    isListOf(value['dependsOn'], isTaskId) &&
    isListOf(value['requirements'], isRequirementId) &&
    isListOf(value['acceptance'], isFilled) &&
    isListOf(value['files'], isPath) &&
    isCount(value['complexity']) &&
    Number(value['complexity']) >= 1 &&
    Number(value['complexity']) <= 10 &&
    isOneOf(taskCategories, value['category']) &&
    isOneOf(workflows, value['workflow']) &&
    isOneOf(taskStatuses, value['status']) &&
    (value['result'] === null || isResult(value['result']))
  );
}

function isResult(value: unknown): boolean {
  return (
    isObject(value) &&
    sameKeys(Object.keys(value), resultKeys) &&
    isOneOf(outcomes, value['outcome']) &&
    isOneOf(['supervisor', 'engine', 'person'], value['by']) &&
    isTime(value['at']) &&
    isPlain(value['reason']) &&
    isTextOrNull(value['run']) &&
    isCount(value['attempt']) &&
    isCount(value['rounds']) &&
    isTextOrNull(value['author']) &&
    isTextOrNull(value['reviewer']) &&
    isListOf(value['files'], isResultFile) &&
    isListOf(value['gates'], isResultGate) &&
    (value['review'] === null || isResultReview(value['review'])) &&
    (value['feedback'] === null || isPlain(value['feedback']))
  );
}

const outcomes = ['approved', 'not_approved', 'rejected', 'failed', 'skipped', 'set_by_hand'];

const isResultFile = (value: unknown): boolean =>
  isObject(value) &&
  sameKeys(Object.keys(value), ['path', 'sha256']) &&
  isPath(value['path']) &&
  isTextOrNull(value['sha256']);

const isResultGate = (value: unknown): boolean =>
  isObject(value) &&
  sameKeys(Object.keys(value), ['gate', 'status', 'summary']) &&
  isText(value['gate']) &&
  isText(value['status']) &&
  isPlain(value['summary']);

const isResultReview = (value: unknown): boolean =>
  isObject(value) &&
  sameKeys(Object.keys(value), ['verdict', 'summary']) &&
  isOneOf(['accept', 'revise'], value['verdict']) &&
  isPlain(value['summary']);
