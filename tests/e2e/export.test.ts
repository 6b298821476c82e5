import { readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { execa } from 'execa';
import { afterAll, describe, expect, test } from 'vitest';
import { traceLineSchema } from '../../src/domain/trace.ts';
import { createBlueprint } from '../../src/library.ts';
import { sha256 } from '../../src/text/sha256.ts';
import { phaseOf, proposal, replies, vendorServers } from '../helpers/debate-models.ts';
import { runHere } from '../helpers/in-process.ts';
import { startAnthropicServer } from '../helpers/loopback/anthropic-server.ts';
import { startCollector } from '../helpers/loopback/otlp-collector.ts';
import { startOpenAiServer } from '../helpers/loopback/openai-server.ts';
import type { ReceivedRequest, Reply } from '../helpers/loopback/server.ts';
import { jsonOf, projects, runCli, treeOf } from '../helpers/run-cli.ts';
import { accepted, adderReply, brief, fileReply, rightAdd, wrongAdd } from './conversation.ts';
import { plannedFiles } from './planned-feature.ts';

const createProject = projects();
const startVendors = vendorServers();
const servers: { close(): Promise<void> }[] = [];
afterAll(async () => {
  for (const server of servers) await server.close();
});

/** A feature that was planned and run: its task T2 was refused in round 1 and approved in round 2. */
async function finishedFeature() {
  const server = await startOpenAiServer(adderReply);
  servers.push(server);
  const cwd = await createProject({ 'brief.md': brief });
  const env = { OPENAI_API_KEY: 'sk-x', OPENAI_BASE_URL: server.url };
  const run = (...args: string[]) => runHere(args, { cwd, env });
  expect(await run('new', 'brief.md', '--name', 'adder')).toMatchObject({ exitCode: 0 });
  const ran = await run('run', 'adder', '--gates', 'paths,syntax');
  expect(ran, ran.stderr).toMatchObject({ exitCode: 0 });
  return { cwd, run };
}

/** The pairs, by a reader that knows the published format alone. */
async function readBack(cwd: string, format: string, file: string): Promise<unknown> {
  const reader = resolve('tests/fixtures/read-preferences.js');
  const { stdout } = await execa(process.execPath, [reader, format, file], { cwd });
  return JSON.parse(stdout);
}

const linesOf = (text: string): Record<string, unknown>[] =>
  text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Record<string, unknown>);

const bundle = (path: string, content: string): string =>
  `FILE: ${path}\n\`\`\`\`\n${content}\`\`\`\``;

const spec = `# Clamp

## Requirements

### R1: clamp(value, low, high) keeps a number within bounds

- Below low it gives low, above high it gives high, else the value
- low above high is a RangeError
`;
const rightClamp = `export function clamp(value, low, high) {
  if (low > high) throw new RangeError('low is above high');
  return Math.min(Math.max(value, low), high);
}
`;
const candidates: Readonly<Record<string, string>> = {
  C1: 'export function clamp(value, low, high) {\n  return Math.min(;\n}\n',
  C2: rightClamp,
  C3: 'export const clamp = (value, low) => Math.max(value, low);\n',
  // The same as C2, but for blanks.
  C4: rightClamp.replaceAll(';\n', '; \n'),
};

/** A candidate for each id; critics find fault with all that throw no RangeError. */
function tournamentReply({ prompt }: ReceivedRequest): Reply {
  const id = /is candidate (C\d+):/.exec(prompt)?.[1];
  if (id !== undefined)
    return `${id} of mine\n\n${fileReply('src/clamp.mjs', candidates[id] ?? '')}`;
  const sound = prompt.includes('RangeError(');
  const value = sound ? 0.95 : 0.4;
  const failure = {
    category: 'contract',
    evidence: 'high is not looked at',
    location: 'src/clamp.mjs:1',
    fixHint: 'Bound it by high.',
  };
  return {
    json: {
      candidate: /given back as it is: (\S+)/.exec(prompt)?.[1] ?? '',
      verdict: sound ? 'accept' : 'revise',
      scores: {
        correctness: value,
        consistency: value,
        safety: value,
        efficiency: value,
        clarity: value,
      },
      failures: sound ? [] : [failure],
      nextActions: [],
    },
  };
}

describe.concurrent('blueprint export preferences', () => {
  test('of a feature: the revision that was approved over the one that was refused', async () => {
    const { cwd, run } = await finishedFeature();
    const before = await treeOf(join(cwd, 'features'));
    for (const format of ['openai', 'trl', 'trl-conversational', 'trl-unpaired']) {
      const made = await run('export', 'preferences', 'adder', '--format', format, '--out', format);
      expect(made, made.stderr).toMatchObject({ exitCode: 0, stdout: '' });
      expect(made.stderr).toContain('1 pair');
      expect(made.stderr).toContain('models of openai. Their terms decide');
      const printed = await run('export', 'preferences', 'adder', '--format', format);
      expect(printed.stdout).toBe(await readFile(join(cwd, format), 'utf8'));
    }
    expect(await treeOf(join(cwd, 'features'))).toEqual(before);

    const [chosen, rejected] = [bundle('src/add.js', rightAdd), bundle('src/add.js', wrongAdd)];
    const openai = await readBack(cwd, 'openai', 'openai');
    expect(openai).toMatchObject([
      { prompt: [{ role: 'system' }, { role: 'user' }], chosen, rejected },
    ]);
    expect(await readBack(cwd, 'trl-conversational', 'trl-conversational')).toEqual(openai);
    const [{ prompt }] = openai as [{ prompt: { content: string }[] }];
    const plain = `${prompt.map(({ content }) => content).join('\n\n')}\n\n`;
    expect(plain).toContain('You carry out one task');
    expect(plain).toContain('"title": "Write add"');
    expect(await readBack(cwd, 'trl', 'trl')).toEqual([{ prompt: plain, chosen, rejected }]);
    expect(await readBack(cwd, 'trl-unpaired', 'trl-unpaired')).toEqual([
      { prompt: plain, completion: chosen, label: true },
      { prompt: plain, completion: rejected, label: false },
    ]);

    const text = await readFile(join(cwd, 'openai.provenance.jsonl'), 'utf8');
    expect(linesOf(text)).toMatchObject([
      {
        type: 'head',
        format: 'openai',
        file: 'openai',
        sha256: sha256(await readFile(join(cwd, 'openai'))),
        lines: 1,
        pairs: 1,
        models: ['openai/gpt-5.6-terra'],
        skipped: {},
      },
      {
        type: 'pair',
        line: 1,
        folder: 'features/adder',
        feature: 'adder',
        task: 'T2',
        attempts: [1],
        evidence: [
          { kind: 'review', by: 'openai/gpt-5.6-sol' },
          { kind: 'supervisor', by: 'openai/gpt-5.6-sol' },
        ],
        models: { chosen: ['openai/gpt-5.6-terra'], rejected: ['openai/gpt-5.6-terra'] },
        promptSha256: sha256(JSON.stringify(prompt)),
        chosenSha256: sha256(chosen),
        rejectedSha256: sha256(rejected),
      },
    ]);
    const { mode } = await stat(join(cwd, 'openai'));
    expect(mode & 0o077).toBe(0);
  });

  test('of a tournament: by checks and by critics, the same work once', async () => {
    const server = await startOpenAiServer(tournamentReply);
    servers.push(server);
    const cwd = await createProject({ 'spec.md': spec });
    const env = { OPENAI_API_KEY: 'sk-x', OPENAI_BASE_URL: server.url };
    const base = ['tournament', '--spec', 'spec.md', '--k', '4', '--loops', '0'];
    const args = [...base, '--findings', 'any'];
    const ran = await runHere([...args, '--gates', 'paths,syntax'], { cwd, env });
    expect(ran, ran.stderr).toMatchObject({ exitCode: 0 });
    const wanted = ['export', 'preferences', '--format', 'trl-conversational', '--out', 'pairs'];
    const made = await runHere([...wanted, '--json'], { cwd, env });
    expect(made, made.stderr).toMatchObject({ exitCode: 0 });
    expect(jsonOf(made)).toMatchObject({
      pairs: 2,
      // C4 is C2; C3 is better than C1 and was found wanting itself.
      skipped: { pairs: { identical: 1, 'conflicting-evidence': 1 } },
    });
    const work = (id: string): string => bundle('src/clamp.mjs', candidates[id] ?? '');
    const pairs = (await readBack(cwd, 'trl-conversational', 'pairs')) as {
      prompt: { content: string }[];
      chosen: string;
      rejected: string;
    }[];
    // Of C2 and C4, which differ by blanks at ends of lines, the one that comes first stays.
    const bare = (text: string): string => text.replace(/[ \t]+$/gm, '');
    expect(pairs.map(({ chosen, rejected }) => [bare(chosen), bare(rejected)])).toEqual([
      [work('C2'), work('C1')],
      [work('C2'), work('C3')],
    ]);
    // What tells candidates apart is no part of the prompt.
    const said = pairs.flatMap(({ prompt }) => prompt.map(({ content }) => content)).join('\n');
    expect(said).toContain('low above high is a RangeError');
    expect(said).not.toContain('Your candidate');
    const [, first, second] = linesOf(await readFile(join(cwd, 'pairs.provenance.jsonl'), 'utf8'));
    const kinds = (line: Record<string, unknown> | undefined): string[] =>
      (line?.['evidence'] as { kind: string }[]).map(({ kind }) => kind).sort();
    expect(kinds(first)).toEqual(['gates', 'tournament']);
    expect(kinds(second)).toEqual(['critics', 'rank', 'tournament']);
    expect(first).toMatchObject({ feature: null, task: null });
  });

  test('of a feature whose tasks are solved by tournaments', async () => {
    const server = await startOpenAiServer(tournamentReply);
    servers.push(server);
    const cwd = await createProject(plannedFiles);
    const env = { OPENAI_API_KEY: 'sk-x', OPENAI_BASE_URL: server.url };
    const args = ['run', 'links', '--task', 'T1', '--strategy', 'tournament', '--findings', 'any'];
    const ran = await runHere([...args, '--gates', 'paths,syntax'], { cwd, env });
    expect(ran, ran.stderr).toMatchObject({ exitCode: 0 });
    const wanted = ['export', 'preferences', 'links', '--format', 'openai', '--out', 'pairs'];
    const made = await runHere([...wanted, '--json'], { cwd, env });
    expect(jsonOf(made)).toMatchObject({
      pairs: 2,
      skipped: { pairs: { 'conflicting-evidence': 1 } },
    });
    const work = (id: string): string => bundle('src/clamp.mjs', candidates[id] ?? '');
    expect(await readBack(cwd, 'openai', 'pairs')).toMatchObject([
      { chosen: work('C2'), rejected: work('C1') },
      { chosen: work('C2'), rejected: work('C3') },
    ]);
    const [, first] = linesOf(await readFile(join(cwd, 'pairs.provenance.jsonl'), 'utf8'));
    const kinds = (first?.['evidence'] as { kind: string }[]).map(({ kind }) => kind);
    expect(kinds.sort()).toEqual(['gates', 'supervisor']);
  });

  test('of an ask: the answer that a judge took in both orders', async () => {
    const answering =
      (own: string): ((request: ReceivedRequest) => Reply) =>
      ({ prompt }) => {
        if (prompt.includes('Several colleagues answered'))
          return { error: { status: 400, message: 'not today' } };
        if (prompt.includes('You review a colleague')) return { json: accepted };
        if (!prompt.includes('You compare two pieces of work')) return own;
        const isFirst = prompt.indexOf('Use a B-tree') < prompt.indexOf('Use a hash');
        return { json: { reasons: 'Ranges are asked for.', better: isFirst ? 'A' : 'B' } };
      };
    const vendors = [
      await startOpenAiServer(answering('Use a hash.')),
      await startAnthropicServer(answering('Use a B-tree.')),
    ] as const;
    servers.push(...vendors);
    const cwd = await createProject();
    const env = {
      OPENAI_API_KEY: 'sk-x',
      OPENAI_BASE_URL: vendors[0].url,
      ANTHROPIC_API_KEY: 'sk-ant-x',
      ANTHROPIC_BASE_URL: vendors[1].url,
    };
    const question = ['ask', 'Which index is for ranges?', '--models', 'openai,anthropic'];
    const asked = await runHere(question, { cwd, env });
    expect(asked.stdout, asked.stderr).toContain('Use a B-tree.');
    const wanted = ['export', 'preferences', '--format', 'openai', '--out', 'pairs'];
    const made = await runHere(wanted, { cwd, env });
    expect(made.stderr).toContain('1 pair');
    expect(await readBack(cwd, 'openai', 'pairs')).toMatchObject([
      {
        prompt: [{ role: 'system' }, { content: '# The task\n\nWhich index is for ranges?' }],
        chosen: 'Use a B-tree.',
        rejected: 'Use a hash.',
      },
    ]);
    const [, line] = linesOf(await readFile(join(cwd, 'pairs.provenance.jsonl'), 'utf8'));
    expect(line).toMatchObject({ evidence: [{ kind: 'judge' }], feature: null });
  });

  test('of a debate: the answer that critics accepted over the one that they did not', async () => {
    let rounds = 0;
    const vendors = await startVendors((request) => {
      const json = replies[phaseOf(request)](request) as {
        answers?: { issue: string }[];
        replies?: { issue: string }[];
      };
      if (json.answers !== undefined) {
        rounds++;
        const said = { stance: 'defend', reason: `Reason ${rounds}.`, change: null };
        return { json: { answers: json.answers.map(({ issue }) => ({ issue, ...said })) } };
      }
      const said = { stance: rounds === 1 ? 'insist' : 'accept', reason: 'So.' };
      return json.replies === undefined
        ? { json }
        : { json: { replies: json.replies.map(({ issue }) => ({ issue, ...said })) } };
    });
    const cwd = await createProject({ 'proposal.md': proposal });
    const debated = await runHere(['debate', 'start', 'proposal.md'], { cwd, env: vendors.env });
    expect(debated, debated.stderr).toMatchObject({ exitCode: 0 });
    const wanted = ['export', 'preferences', '--format', 'openai', '--out', 'pairs', '--json'];
    const made = await runHere(wanted, { cwd, env: vendors.env });
    // The judge's choice between critics is no pair: each was asked with another lens.
    expect(jsonOf(made)).toMatchObject({ pairs: 1, skipped: { pairs: { 'other-prompt': 1 } } });
    const [pair] = (await readBack(cwd, 'openai', 'pairs')) as {
      prompt: { content: string }[];
      chosen: string;
      rejected: string;
    }[];
    expect(pair?.prompt.at(-1)?.content).toContain('Answer each of these issues');
    expect(pair?.prompt.at(-1)?.content).not.toContain('its critic insists');
    const reasons = (text = '{}'): string[] => [
      ...new Set(
        (JSON.parse(text) as { answers: { reason: string }[] }).answers.map((one) => one.reason),
      ),
    ];
    expect([reasons(pair?.chosen), reasons(pair?.rejected)]).toEqual([
      ['Reason 2.'],
      ['Reason 1.'],
    ]);
  });

  test('of what a person decided: what was sent back is no example any more', async () => {
    const { run } = await finishedFeature();
    const sentBack = await run('reject', 'adder', 'T2', '--feedback', 'Name it sum.', '--later');
    expect(sentBack, sentBack.stderr).toMatchObject({ exitCode: 0 });
    const counted = await run('export', 'preferences', '--format', 'trl', '--json');
    expect(jsonOf(counted)).toMatchObject({
      pairs: 0,
      skipped: { pairs: { 'conflicting-evidence': 1 } },
    });
    expect(await run('export', 'preferences', '--format', 'trl')).toMatchObject({ stdout: '' });
    expect((await run('export', 'preferences', '--format', 'trl')).stderr).toContain(
      'left out 1: what was said of them does not agree (conflicting-evidence)',
    );
  });
});

test('code gets pairs and calls one by one', async () => {
  const { cwd } = await finishedFeature();
  const blueprint = createBlueprint({ cwd, env: { HOME: cwd } });
  const pairs = [];
  for await (const pair of blueprint.preferences({ feature: 'adder' })) pairs.push(pair);
  expect(pairs).toMatchObject([{ task: 'T2', chosen: bundle('src/add.js', rightAdd) }]);
  const stages = [];
  for await (const { stage } of blueprint.trace()) stages.push(stage);
  expect(stages).toHaveLength(10);
  await expect(blueprint.trace({ feature: 'nobody' }).next()).rejects.toMatchObject({
    code: 'feature-not-found',
  });
});

describe.concurrent('the file of an export', () => {
  test('is replaced where it is as it was written, and otherwise by force', async () => {
    const { cwd, run } = await finishedFeature();
    const out = ['--out', 'pairs.jsonl'];
    const wanted = ['export', 'preferences', '--format', 'trl', ...out];
    await writeFile(join(cwd, 'pairs.jsonl'), 'mine\n');
    expect(await run(...wanted)).toMatchObject({ exitCode: 2 });
    expect(await readFile(join(cwd, 'pairs.jsonl'), 'utf8')).toBe('mine\n');
    expect(await run(...wanted, '--force')).toMatchObject({ exitCode: 0 });
    expect(await run(...wanted)).toMatchObject({ exitCode: 0 });
    await writeFile(join(cwd, 'pairs.jsonl'), '{}\n');
    const refused = await run(...wanted, '--json');
    expect(jsonOf(refused)).toMatchObject({ error: { code: 'out-exists', target: 'pairs.jsonl' } });
    await writeFile(join(cwd, 'trace'), 'mine\n');
    const trace = ['export', 'trace', 'adder', '--out', 'trace'];
    expect(await run(...trace)).toMatchObject({ exitCode: 2 });
    expect(await run(...trace, '--force')).toMatchObject({ exitCode: 0 });
    expect(await run(...trace)).toMatchObject({ exitCode: 0 });
    expect((await readdir(cwd)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  test.for([
    [['export', 'preferences'], 'usage'],
    [['export', 'preferences', 'nobody', '--format', 'trl'], 'feature-not-found'],
    [['export', 'preferences', 'links', '--all', '--format', 'trl'], 'usage'],
    [['export', 'trace', '--format', 'trl'], 'usage'],
    [['export', 'preferences', '--format', 'trl', '--otlp'], 'usage'],
    [['export', 'trace', '--out', 'features/links/tasks.json', '--force'], 'out-in-work'],
    [['export', 'trace', '--out', '.blueprint/x'], 'out-in-work'],
    [['export', 'trace', '--out', 'no/x'], 'out-no-folder'],
    [['export', 'trace', '--out', 'features/..'], 'out-not-a-file'],
    [['export', 'trace', '--otlp'], 'otlp-endpoint-missing'],
  ] as const)('%s is refused as %s', async ([args, code]) => {
    const cwd = await createProject(plannedFiles);
    const refused = await runHere([...args, '--json'], { cwd });
    expect(jsonOf(refused)).toMatchObject({ error: { code } });
  });
});

describe.concurrent('blueprint export trace', () => {
  test('gives every call with the verdict that followed, and skips what a crash left', async () => {
    const { cwd, run } = await finishedFeature();
    const traced = await run('export', 'trace', 'adder');
    const lines = linesOf(traced.stdout).map((line) => traceLineSchema.parse(line));
    expect(lines.map(({ stage, task }) => `${stage} ${task}`)).toEqual([
      'spec null',
      'plan null',
      'refine null',
      'execute T1',
      'review T1',
      'execute T2',
      'review T2',
      'correct T2',
      'review T2',
      'review-task T3',
    ]);
    const [, , , design, , first, , correction] = lines;
    expect(design?.verdict).toMatchObject({ verdict: 'approved', by: 'supervisor' });
    expect(first).toMatchObject({
      outcome: 'finished',
      role: 'coder',
      provider: 'openai',
      model: 'gpt-5.6-terra',
      finishReason: 'stop',
      tries: 1,
      usage: { input: 20, output: 5 },
      verdict: { verdict: 'refused', by: 'review' },
      artefactSha256: sha256(fileReply('src/add.js', wrongAdd)),
    });
    expect(correction?.verdict).toMatchObject({ verdict: 'approved', by: 'supervisor' });
    expect(traced.stderr).toContain('10 calls');

    const folder = join(cwd, 'features/adder');
    const journal = await readFile(join(folder, 'journal.jsonl'), 'utf8');
    const unknown = '{"type":"soon","at":"2026-01-01","run":"r","version":9}\n';
    await writeFile(join(folder, 'journal.jsonl'), `${unknown}${journal}{"type":"call-fin`);
    await rm(join(folder, 'calls'), { recursive: true });
    const torn = await run('export', 'trace', '--json', '--out', 'trace.jsonl');
    expect(jsonOf(torn)).toMatchObject({
      calls: 10,
      withoutReply: 10,
      skippedLines: { unreadable: 1, unknown: 1 },
    });
    const kept = linesOf(await readFile(join(cwd, 'trace.jsonl'), 'utf8'));
    expect(kept.map(({ id }) => id)).toEqual(lines.map(({ id }) => id));
    expect(kept[5]).toMatchObject({ artefactSha256: null, promptSha256: null });
    const pairs = await run('export', 'preferences', '--format', 'trl', '--json');
    expect(jsonOf(pairs)).toMatchObject({ pairs: 0, skipped: { pairs: { 'prompt-missing': 2 } } });
  });

  test('sends calls as spans to a collector, the same ones each time', async () => {
    const { cwd, run } = await finishedFeature();
    const collector = await startCollector();
    servers.push(collector);
    const env = {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-team=blue%20print',
      OTEL_SERVICE_NAME: 'our-builds',
    };
    // The built program: the packages that send are a part of it.
    const send = () => runCli(['export', 'trace', '--otlp', '--json'], { cwd, env });
    const sent = await send();
    expect(sent, sent.stderr).toMatchObject({ exitCode: 0 });
    expect(jsonOf(sent)).toMatchObject({ calls: 10, sent: 10 });
    const [request] = collector.requests;
    expect(request).toMatchObject({ path: '/v1/traces', headers: { 'x-team': 'blue print' } });
    const spans = collector.spans();
    // One around the plan's calls, one around the run's.
    expect(spans.filter(({ name }) => name === 'blueprint run')).toHaveLength(2);
    const lines = linesOf((await run('export', 'trace')).stdout);
    const execute = lines.find(({ stage, task }) => stage === 'execute' && task === 'T2');
    const span = spans.find(({ spanId }) => spanId === execute?.['id']);
    expect(span).toMatchObject({ name: 'chat gpt-5.6-terra', kind: 3 });
    expect(span?.attributes).toMatchObject({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-5.6-terra',
      'gen_ai.response.finish_reasons': ['stop'],
      'gen_ai.usage.input_tokens': 20,
      'gen_ai.usage.output_tokens': 5,
      'blueprint.task': 'T2',
      'blueprint.verdict': 'refused',
    });
    const parent = spans.find(({ spanId }) => spanId === span?.parentSpanId);
    expect(parent).toMatchObject({ name: 'blueprint run', traceId: span?.traceId });
    expect(span?.resource).toMatchObject({ 'service.name': 'our-builds' });

    const count = spans.length;
    await send();
    const again = collector.spans().slice(count);
    expect(again.map(({ spanId }) => spanId)).toEqual(spans.map(({ spanId }) => spanId));
    await collector.close();
    const unheard = await send();
    expect(unheard).toMatchObject({ exitCode: 5 });
    expect(jsonOf(unheard)).toMatchObject({ error: { code: 'otlp-not-sent' } });
  });
});
