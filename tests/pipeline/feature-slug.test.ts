import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BlueprintError } from '../../src/domain/errors.ts';
import { featureName } from '../../src/domain/feature-name.ts';
import { checkFeatureName, deriveFeatureName } from '../../src/pipeline/feature-slug.ts';

describe('deriveFeatureName', () => {
  it.each([
    ['# Word counter\n\nCounts words.', 'word-counter'],
    ['Some words first.\n\n## Then **a** heading', 'then-a-heading'],
    ['# Brief: a to-do list', 'a-to-do-list'],
    ['A tool which counts all words in a very long file', 'a-tool-which-counts-all-words-in-a'],
    ['# Учёт книг', 'uchyot-knig'],
    ['# Größe & Maß', 'groesse-and-mass'],
    ['# GitHub API', 'github-api'],
    ['# 日本語', 'feature'],
    ['# 日本語\n\nA reader for PDF', 'a-reader-for-pdf'],
    ['', 'feature'],
    ['# ../../etc/passwd', 'etc-passwd'],
    ['# con', 'con-feature'],
    ['# __proto__', 'proto'],
  ])('makes of %j the name %j', (text, name) => {
    expect(deriveFeatureName(text)).toBe(name);
  });

  it('cuts a long heading between words', () => {
    const name = deriveFeatureName(`# ${'reasonable '.repeat(12)}`);
    expect(name).toBe('reasonable-reasonable-reasonable-reasonable-reasonable');
    expect(deriveFeatureName(`# ${'x'.repeat(500)}`)).toBe('x'.repeat(64));
  });

  it('gives a valid name for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        expect(featureName.safeParse(deriveFeatureName(text)).success).toBe(true);
      }),
    );
  });

  it('gives a valid name for any heading', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
        expect(featureName.safeParse(deriveFeatureName(`# ${text}`)).success).toBe(true);
      }),
    );
  });
});

describe('checkFeatureName', () => {
  it('gives back a valid name', () => {
    expect(checkFeatureName('word-counter-2')).toBe('word-counter-2');
  });

  it.each([
    ['../x', 'x'],
    ['My Feature', 'my-feature'],
    ['a/b', 'a-b'],
    ['con', 'con-feature'],
    ['-', 'feature'],
    ['', 'feature'],
    ['名前', 'feature'],
    [`${'a'.repeat(70)}`, 'a'.repeat(64)],
  ])('refuses %j and suggests %j', (name, suggestion) => {
    const check = (): string => checkFeatureName(name);
    expect(check).toThrow(BlueprintError);
    expect(check).toThrow(
      expect.objectContaining({
        code: 'feature-name',
        exitCode: 2,
        fix: expect.stringContaining(`as «${suggestion}»`),
      }),
    );
  });

  it('shows no terminal codes of a hostile name', () => {
    expect(() => checkFeatureName('a\u001b[31mb')).toThrow('«ab»');
  });
});
