import { describe, expect, it } from 'vitest';
import { categorise } from '../../src/domain/task-category.ts';

describe('categorise', () => {
  it.each([
    ['frontend', 'Make the React settings page responsive', 'The button of the form is cut off.'],
    ['backend', 'Add a REST API endpoint for orders', 'It answers 404 for unknown ids.'],
    ['devops', 'Deploy with Docker', 'A GitHub Actions pipeline builds the image.'],
    ['scripts', 'A bash script that renames files', 'It reads the folder from its arguments.'],
    ['data', 'Speed up the SQL query', 'The table has ten million rows and no index.'],
    ['architecture', 'Decide on the architecture', 'Compare a monolith with microservices.'],
    ['general', 'Write a poem', 'About the sea, and the rest of the building.'],
    ['general', '', ''],
  ])('%s: %s', (category, title, text) => {
    expect(categorise(title, text).category).toBe(category);
  });

  it('shows the score and the words', () => {
    const { scores, reason } = categorise('Add a database migration', 'The API reads the table.');
    expect(scores).toEqual([
      { category: 'data', score: 3 * 2 + 2 * 2 + 2, matched: expect.any(Array) as unknown },
      { category: 'backend', score: 2, matched: ['api'] },
    ]);
    expect(scores[0]?.matched.toSorted()).toEqual(['database', 'migration', 'table']);
    expect(reason).toMatch(/^data 12 \(/);
  });

  it('counts a word once, however often it stands there, and twice in the title', () => {
    expect(categorise('', 'css css CSS').scores).toMatchObject([{ score: 3, matched: ['css'] }]);
    expect(categorise('css', 'css').scores).toMatchObject([{ score: 6 }]);
  });

  it('finds no word inside another', () => {
    expect(categorise('Decide what to build', 'requirements, restart, formula').scores).toEqual([]);
  });

  it('takes letters and digits of every script for part of a word, and no other sign', () => {
    expect(categorise('', 'uiя, éci, sql٣, 数css').scores).toEqual([]);
    expect(categorise('', '«CSS» – “ui”…').scores).toMatchObject([
      { category: 'frontend', score: 5, matched: ['ui', 'css'] },
    ]);
  });

  it('says why words are too few', () => {
    expect(categorise('', 'an image').reason).toBe('no category reaches 3: devops has 1 (image)');
  });

  it('takes the first of the table where two score the same', () => {
    const { category } = categorise('', 'css and sql');
    expect(category).toBe('frontend');
  });
});
