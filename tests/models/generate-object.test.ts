import { disputeSchema } from '../../src/acceptance/dispute.ts';
import { acceptanceSchema } from '../../src/acceptance/drafts.ts';
import { criteriaSchema } from '../../src/acceptance/judge-criteria.ts';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { ModelError } from '../../src/domain/model-error.ts';
import { clarifyInProjectSchema, clarifyReplySchema } from '../../src/domain/plan.ts';
import {
  answersReplySchema,
  baselineReplySchema,
  checklistReplySchema,
  criticRepliesSchema,
  finalReplySchema,
  peerReviewReplySchema,
  roundReplySchema,
} from '../../src/domain/debate.ts';
import { summaryReplySchema } from '../../src/debate/summarise.ts';
import { routeProposalSchema } from '../../src/domain/route.ts';
import { judgementSchema } from '../../src/domain/judgement.ts';
import { reviewReplySchema } from '../../src/domain/review.ts';
import { generateObject, readObject, responseSchema } from '../../src/models/generate-object.ts';
import { lenientPlanReply, lenientRefineReply } from '../../src/pipeline/plan-reply.ts';
import { bundleReplySchema } from '../../src/text/bundle/json.ts';
import { secondReadSchema } from '../../src/supervisor/counting/second-reader.ts';
import { critiqueSchema } from '../../src/supervisor/critics/critique.ts';
import { reasoningReplySchema, scienceReplySchema } from '../../src/workflows/answers/solution.ts';
import { verificationSchema } from '../../src/workflows/answers/verify.ts';
import { sourcedReplySchema } from '../../src/workflows/rag/claims.ts';
import { searchesSchema } from '../../src/workflows/rag/retrieve.ts';
import { claimVerdictsSchema } from '../../src/workflows/rag/verify-claims.ts';
import { fakeModel } from '../helpers/fake-model.ts';
import { request } from './requests.ts';

const schema = z.strictObject({ name: z.string(), sizes: z.array(z.number()) });
const sound = { name: 'a', sizes: [1, 2] };

describe('readObject', () => {
  const text = JSON.stringify(sound);
  it.each([
    ['bare', text],
    ['with space around it', `\n  ${text}\n\n`],
    ['in a fence', `\`\`\`json\n${text}\n\`\`\``],
    ['in a fence after a sentence', `Here it is:\n\n\`\`\`\n${text}\n\`\`\`\nAnything else?`],
    ['after a sentence', `Sure! ${text}`],
    ['with trailing commas', '{"name": "a", "sizes": [1, 2,],}'],
    ['with single quotes and comments', "{'name': 'a', /* two */ 'sizes': [1, 2]}"],
    ['after a bracket in prose', `As I said, see [1]: ${text}`],
    ['after braces in prose', `For the set {a, b} and {name} I propose ${text}.`],
    ['after a bracket in prose that never closes', `Sizes are in [0, 5: ${text}`],
    ['before brackets in prose', `${text}\n\nSee [1], {2} and ]}.`],
    ['with the schema quoted first', `{"name": string, "sizes": number[]} filled in is ${text}`],
  ])('reads the object %s', (_, reply) => {
    expect(readObject(reply, schema)).toEqual({ object: sound });
  });

  it('takes brackets and quotes within strings for text', () => {
    const tricky = { name: 'a "}" b ] { \\', sizes: [] };
    expect(readObject(`x ${JSON.stringify(tricky)} y }`, schema)).toEqual({ object: tricky });
  });

  it('mends a quote that was not escaped', () => {
    expect(readObject('{"sizes": [1], "name": "say "hi" now"}', schema)).toEqual({
      object: { name: 'say "hi" now', sizes: [1] },
    });
  });

  it.each([
    ['between items', '{"name": "a", "sizes": [1, 2'],
    ['after an item', '{"name": "a", "sizes": [1, 2]'],
    ['within a string', '{"sizes": [1, 2], "name": "a'],
  ])('does not make a reply whole that was cut short %s', (_, reply) => {
    const read = readObject(reply, schema);
    expect(read).toEqual({ faults: expect.stringContaining('never closed') });
  });

  const draft = JSON.stringify({ name: 'draft', sizes: [] });
  it.each([
    ['a draft before it', `${draft}\nWait, that is wrong. Corrected:\n${text}`],
    ['a draft in a fence', `\`\`\`json\n${draft}\n\`\`\`\nNo:\n\`\`\`json\n${text}\n\`\`\``],
    ['a draft that was broken off', `{"name": "draft", "sizes": [1,\nAgain: ${text}`],
    ['an example of a part behind it', `${text}\nA size is like {"size": 1} or [1].`],
    ['many brackets before it', `${'a(i) = {i: [i]} '.repeat(60)}${text}`],
    ['a key around it', JSON.stringify({ reply: sound })],
    ['a list around it', JSON.stringify([sound])],
  ])('takes the last that was meant: %s', (_, reply) => {
    expect(readObject(reply, schema)).toEqual({ object: sound });
  });

  it.each([
    ['that was cut short', '{"name": "b", "sizes": [1', 'never closed'],
    ['with a fault', '{"name": "b", "sizes": "none"}', 'sizes'],
    ['that lacks a key', '{"name": "b"}', 'sizes'],
    ['that is no JSON', '{"name": "b" "sizes"; }', 'JSON'],
  ])('never takes the draft before an answer %s', (_, answer, fault) => {
    const read = readObject(`${text}\nNo, better:\n${answer}`, schema);
    expect(read).toEqual({ faults: expect.stringContaining(fault) });
  });

  it('says that there is none, and what is wrong with the one that was meant', () => {
    expect(readObject('I would rather not.', schema)).toEqual({
      faults: 'It holds no JSON object.',
    });
    const read = readObject('In [1] I found {"name": 4, "sizes": ["x"], "more": 1}', schema);
    const faults = 'faults' in read ? read.faults : '';
    expect(faults).toContain('name');
    expect(faults).toContain('sizes[0]');
    expect(faults).toContain('more');
  });

  it('gives up on a reply of brackets alone, soon', () => {
    expect(readObject('['.repeat(200_000), schema)).toHaveProperty('faults');
    expect(readObject('{"'.repeat(100_000), schema)).toHaveProperty('faults');
  });
});

describe('generateObject', () => {
  it('asks once when the reply can be used, with the schema', async () => {
    const model = fakeModel({ execute: [sound] });
    const { object, result } = await generateObject(model, request(), 'thing', schema);
    expect(object).toEqual(sound);
    expect(result.identity).toBe(model.identity);
    expect(model.requests.map(({ schema: sent }) => sent)).toEqual([
      responseSchema('thing', schema),
    ]);
    expect(model.forgotten).toEqual([]);
  });

  it('shows prose its exact faults once, with the reply, and takes the second', async () => {
    const model = fakeModel({
      execute: ['{"name": "a", "sizes": "none"}'],
      'execute:repair': [sound],
    });
    const { object } = await generateObject(model, request(), 'thing', schema);
    expect(object).toEqual(sound);
    const [first, second] = model.requests;
    expect(second?.parts.slice(0, 2)).toEqual(first?.parts);
    expect(second?.parts[2]).toMatchObject({
      role: 'assistant',
      text: '{"name": "a", "sizes": "none"}',
    });
    expect(second?.parts[3]?.role).toBe('user');
    expect(second?.parts[3]?.text).toContain('expected array, received string');
    expect(second?.parts[3]?.text).toContain('sizes');
    expect(second?.schema).toEqual(first?.schema);
    expect(model.forgotten).toEqual([]);
  });

  it('ends as malformed after the second, with the raw reply, and forgets both', async () => {
    const model = fakeModel({
      execute: ['I would rather talk.'],
      'execute:repair': ['{"name": 1}'],
    });
    const failed = await generateObject(model, request(), 'thing', schema).catch((error) => error);
    expect(failed).toBeInstanceOf(ModelError);
    expect(failed).toMatchObject({
      kind: 'malformed',
      code: 'model-malformed',
      model: 'fake/one',
      rawReply: '{"name": 1}',
      exitCode: 5,
    });
    expect(failed.message).toContain('name');
    expect(failed.fix).toBeTruthy();
    expect(model.forgotten).toEqual(['execute', 'execute:repair']);
    expect(model.requests).toHaveLength(2);
  });

  it('does not send a message without text when the reply was empty', async () => {
    const model = fakeModel({ execute: ['  \n'], 'execute:repair': [sound] });
    await generateObject(model, request(), 'thing', schema);
    expect(model.requests[1]?.parts.every(({ text }) => text.trim() !== '')).toBe(true);
  });

  it('lets what a call throws pass', async () => {
    const fault = new ModelError({ kind: 'network', model: 'fake/one', message: 'gone' });
    const model = fakeModel({ execute: [fault] });
    await expect(generateObject(model, request(), 'thing', schema)).rejects.toBe(fault);
  });
});

describe('the portable schema style', () => {
  const allowed = new Set([
    'type',
    'properties',
    'required',
    'additionalProperties',
    'items',
    'enum',
    'anyOf',
    'description',
  ]);

  function judge(node: unknown, path: string): string[] {
    if (typeof node !== 'object' || node === null || Array.isArray(node))
      return [`${path}: no schema`];
    const schemaNode = node as Record<string, unknown>;
    const problems = Object.keys(schemaNode)
      .filter((key) => !allowed.has(key))
      .map((key) => `${path}: ${key}`);
    if (schemaNode['type'] === 'object') {
      const properties = schemaNode['properties'] as Record<string, unknown>;
      const required = [...((schemaNode['required'] ?? []) as string[])].sort();
      if (JSON.stringify(required) !== JSON.stringify(Object.keys(properties).sort()))
        problems.push(`${path}: not all required`);
      if (schemaNode['additionalProperties'] !== false) problems.push(`${path}: open`);
      for (const [name, inner] of Object.entries(properties))
        problems.push(...judge(inner, `${path}.${name}`));
    }
    if (schemaNode['type'] === 'array') problems.push(...judge(schemaNode['items'], `${path}[]`));
    for (const inner of (schemaNode['anyOf'] ?? []) as unknown[])
      problems.push(...judge(inner, `${path}|`));
    return problems;
  }

  const sent = {
    review: { reviewReplySchema: reviewReplySchema('grounded') },
    second_read: { secondReadSchema },
    plan: { lenientPlanReply },
    refine: { lenientRefineReply },
    clarify: { clarifyReplySchema, clarifyInProjectSchema },
    file_bundle: { bundleReplySchema },
    judgement: { judgementSchema },
    critique: { critiqueSchema: critiqueSchema('A', [], 'grounded') },
    debate_summary: { summaryReplySchema },
    route: { routeProposalSchema },
    solution: { reasoningReplySchema, scienceReplySchema },
    verification: { verificationSchema },
    sourced_answer: { sourcedReplySchema },
    claim_verdicts: { claimVerdictsSchema },
    searches: { searchesSchema },
    acceptance: { acceptanceSchema },
    dispute: { disputeSchema },
    criteria: { criteriaSchema },
  };

  it('is asked of every schema that the program sends', async () => {
    const src = join(import.meta.dirname, '../../src');
    const files = (await readdir(src, { recursive: true })).filter((path) => path.endsWith('.ts'));
    const texts = await Promise.all(files.map((path) => readFile(join(src, path), 'utf8')));
    const calls = /(?<!function )\b(?:askForObject|generateObject|responseSchema)\(/g;
    const callers = texts.filter((text) => text.match(calls) !== null);
    const found = callers
      .flatMap((text) => [
        ...text.matchAll(/'([a-z_]+)',\s*(\w+(?:Schema|Reply))(?:\([^)]*\))?,?\s*(?:[){]|\/\/)/g),
      ])
      .map(([, name, schema]) => `${name} ${schema}`);
    const known = Object.entries(sent).flatMap(([name, own]) =>
      Object.keys(own).map((schema) => `${name} ${schema}`),
    );
    expect([...new Set(found)].sort()).toEqual(known.sort());
    // The four more hand on what they were given: in generateObject, and in askForObject of work, of stages and
    // of a debate's phases, whose schemas are below.
    const made = callers.flatMap((text) => text.match(calls) ?? []);
    expect(made).toHaveLength(found.length + 4);
  });

  const ofDebate = {
    debate_baseline: { baselineReplySchema },
    debate_round: { roundReplySchema },
    debate_peer_review: { peerReviewReplySchema },
    debate_defence: { answersReplySchema },
    debate_reply: { criticRepliesSchema },
    debate_final: { finalReplySchema },
    debate_checklist: { checklistReplySchema },
  };

  const plain = {
    plain_review: { reviewReplySchema: reviewReplySchema('any') },
    plain_critique: { critiqueSchema: critiqueSchema('A', [], 'any') },
  };

  it.each(Object.entries({ ...sent, ...plain, ...ofDebate }))('holds for %s', (name, own) => {
    const replies = Object.values(own) as z.ZodType[];
    expect(replies).not.toEqual([]);
    for (const reply of replies) {
      const { json } = responseSchema(name, reply);
      expect(json['type']).toBe('object');
      expect(judge(json, name)).toEqual([]);
    }
  });

  it('would notice a schema that breaks it', () => {
    const bad = z.object({
      a: z.string().min(2).optional(),
      b: z.array(z.number().gte(3)).max(4),
      c: z.string().regex(/x/),
    });
    const problems = judge(responseSchema('bad', bad).json, 'bad').join('\n');
    for (const part of ['minLength', 'maxItems', 'pattern', 'not all required', 'bad'])
      expect(problems).toContain(part);
  });

  it('drops what stands for a field that is missing, and asks for the field', () => {
    const { json } = responseSchema(
      'x',
      z.strictObject({ default: z.string(), n: z.string().nullable().default(null) }),
    );
    expect(json).toMatchObject({
      required: ['default', 'n'],
      properties: { default: { type: 'string' } },
    });
    expect(JSON.stringify(json)).not.toContain('"default":null');
  });

  it('drops number rules of values, not fields of their names', () => {
    const { json } = responseSchema('x', z.strictObject({ minimum: z.int(), n: z.int().min(1) }));
    expect(json).toMatchObject({
      properties: { minimum: { type: 'integer' }, n: { type: 'integer' } },
    });
    expect(JSON.stringify(json['properties'])).toBe(
      '{"minimum":{"type":"integer"},"n":{"type":"integer"}}',
    );
  });
});
