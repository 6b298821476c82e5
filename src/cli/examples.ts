/** How each command is called: shown on its page. */
export const examples: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  init: [['blueprint init', 'In the folder of your project']],
  new: [
    ['blueprint new brief.md', 'Plan a feature'],
    ['blueprint new --again links', 'Plan what changed in its spec.md'],
  ],
  run: [
    ['blueprint run links', 'All that is to be done'],
    ['blueprint run links --task T3 --dry-run', 'What one task would cost'],
  ],
  ask: [
    ['blueprint ask "Which index fits this query?" --context "src/**/*.sql"', 'One answer'],
    ['blueprint ask "Why does src/cart.ts:12 throw?"', 'The file goes along'],
    ['blueprint ask "How are prices rounded?" --repository', 'With what fits of the project'],
  ],
  solve: [
    ['blueprint solve "How many primes are there below 1000?"', 'A question'],
    ['blueprint solve task.md --tests tests --out solved', 'Code that passes given tests'],
  ],
  route: [['blueprint route "Why is the sky blue?" --rules', 'By rules, without a call']],
  tournament: [['blueprint tournament --spec spec.md --k 3 --out made', 'The best of three']],
  debate: [
    ['blueprint debate start proposal.md --dry-run', 'Who would debate, and what it may cost'],
    ['blueprint debate start --feature links', 'The spec of a feature'],
    ['blueprint debate resume', 'Go on where it stopped'],
    ['blueprint debate show', 'What it came to'],
  ],
  list: [
    ['blueprint list', 'All features'],
    ['blueprint list --archived', 'What was archived'],
  ],
  map: [
    ['blueprint map', 'The whole project in a few lines'],
    ['blueprint map "retries of failed calls" --tokens 4000', 'What matters for a task'],
  ],
  show: [
    ['blueprint show links', 'A feature'],
    ['blueprint show links T3', 'A task with its result'],
  ],
  next: [['blueprint next', 'What to do now']],
  status: [['blueprint status links', 'How far it is']],
  task: [
    ['blueprint task add links --title "Follow redirects"', 'One more task'],
    ['blueprint task edit links T3 --depends-on T1,T2', 'Change a field'],
    ['blueprint task set-status links T3 skipped', 'Leave it out'],
    ['blueprint task remove links T3', 'Take it out'],
  ],
  approve: [['blueprint approve links T3', 'After blueprint diff links T3']],
  reject: [['blueprint reject links T3 --feedback "Follow redirects too."', 'Correct it']],
  review: [['blueprint review links T3', 'When its review could not be used']],
  diff: [
    ['blueprint diff links', 'All approved work'],
    ['blueprint diff links T3', 'What one task proposes'],
  ],
  apply: [
    ['blueprint apply links --check', 'What would be written'],
    ['blueprint apply links', 'Write it'],
    ['blueprint apply links --merge', 'Beside your own changes of the same files'],
  ],
  undo: [['blueprint undo links', 'Take the last apply back']],
  cost: [['blueprint cost links', 'What it has cost']],
  export: [
    ['blueprint export preferences links --format trl --out pairs.jsonl', 'Of one feature'],
    ['blueprint export preferences --format openai --json', 'How many there are, and why not more'],
    ['blueprint export trace --out trace.jsonl', 'Every call of the project'],
  ],
  stats: [['blueprint stats reviewers', 'Of all features']],
  report: [
    ['blueprint report links --open', 'All of it as a page, in the browser'],
    ['blueprint report --debate orders-1a2b3c4d5e6f --out debate.html', 'A debate of its own'],
  ],
  archive: [
    ['blueprint archive links', 'Put it aside'],
    ['blueprint archive links --restore', 'Take it back'],
  ],
  rm: [['blueprint rm links', 'Delete it, after a question']],
  trust: [
    ['blueprint trust', 'Shows what it would do, and asks'],
    ['blueprint trust --revoke', 'Take it back'],
  ],
  doctor: [['blueprint doctor', 'Makes no call']],
  models: [['blueprint models', 'Makes no call']],
  'route-table': [
    ['blueprint route-table', 'Makes no call'],
    ['blueprint route-table --learned', 'What past work speaks for'],
  ],
  demo: [['blueprint demo', 'In a new folder, without any key']],
};
