import { describe, expect, it } from 'vitest';
import { addTask, editTask, removeTask } from '../../src/executor/edit-tasks.ts';
import { documentOf, task } from '../state/fixtures.ts';
import { result } from './simulated.ts';

describe('addTask', () => {
  it('takes the next free number, whatever other ids there are', () => {
    const document = documentOf(0, { tasks: [task('T1'), task('t7'), task('setup')] });
    expect(addTask(document, { title: 'More' })).toMatchObject({
      id: 'T8',
      title: 'More',
      type: 'code',
      status: 'pending',
      result: null,
    });
    expect(document.tasks.map(({ id }) => id)).toEqual(['T1', 't7', 'setup', 'T8']);
  });

  it('refuses an id that is taken, in any case, and fields that cannot be', () => {
    const document = documentOf(1);
    expect(() => addTask(document, { title: 'x', id: 't1' })).toThrow(
      expect.objectContaining({ code: 'task-exists' }),
    );
    for (const bad of [
      { title: '' },
      { title: 'x', id: '../x' },
      { title: 'x', files: ['../../etc/passwd'] },
      { title: 'x', complexity: 11 },
      { title: '\u001b[31mred' },
    ])
      expect(() => addTask(document, bad)).toThrow(
        expect.objectContaining({ code: 'task-invalid' }),
      );
    expect(document.tasks).toHaveLength(1);
  });
});

describe('editTask', () => {
  it('changes what is given and leaves the rest, its evidence too', () => {
    const before = task('T1', { status: 'done', result: result('done') });
    const document = documentOf(0, { tasks: [before] });
    const edited = editTask(document, 'T1', { title: 'New', files: [] });
    expect(edited).toEqual({ ...before, title: 'New', files: [] });
    expect(document.tasks).toEqual([edited]);
  });

  it('leaves the task as it was when the change cannot be', () => {
    const document = documentOf(1);
    const before = structuredClone(document);
    expect(() => editTask(document, 'T1', { complexity: 0 })).toThrow(
      expect.objectContaining({ code: 'task-invalid' }),
    );
    expect(document).toEqual(before);
  });
});

describe('removeTask', () => {
  it('refuses a task that others need, naming them', () => {
    const document = documentOf(3);
    expect(() => removeTask(document, 'T1', true)).toThrow(
      expect.objectContaining({ code: 'task-needed', message: 'Task T1 is needed by T2' }),
    );
    expect(removeTask(document, 'T3', false).id).toBe('T3');
    expect(document.tasks).toHaveLength(2);
  });

  it('drops recorded work only when forced', () => {
    const document = documentOf(0, {
      tasks: [task('T1', { status: 'done', result: result('done') })],
    });
    expect(() => removeTask(document, 'T1', false)).toThrow(
      expect.objectContaining({ code: 'task-has-work' }),
    );
    removeTask(document, 'T1', true);
    expect(document.tasks).toEqual([]);
  });
});
