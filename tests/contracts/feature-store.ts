import { describe, expect, test } from 'vitest';
import type { FeatureDocument, Task } from '../../src/domain/task.ts';
import type { FeatureStore } from '../../src/state/ports.ts';
import { documentOf, task } from '../state/fixtures.ts';

/** A lease that nobody takes over. */
const lease = { fence: 1 };

/** What every feature store must do. `open` gives a store that holds nothing. */
export function featureStoreContract(name: string, open: () => Promise<FeatureStore>): void {
  describe(`${name}, as a feature store`, () => {
    test('what was created can be read, and is listed by name', async () => {
      const store = await open();
      await store.create('beta', documentOf(2));
      await store.create('alpha', documentOf(1));
      const beta = { ...documentOf(2), updatedAt: expect.anything() };
      expect(await store.read('beta')).toEqual(beta);
      expect(await store.get('beta')).toEqual(beta);
      expect(
        (await store.list()).map(({ slug, document }) => [slug, document?.tasks.length]),
      ).toEqual([
        ['alpha', 1],
        ['beta', 2],
      ]);
    });

    test('nothing is there at first', async () => {
      const store = await open();
      expect(await store.list()).toEqual([]);
      expect(await store.read('alpha')).toBeNull();
      await expect(store.get('alpha')).rejects.toMatchObject({ code: 'feature-not-found' });
      await expect(store.update('alpha', () => 1)).rejects.toMatchObject({
        code: 'feature-not-found',
      });
    });

    test('whoever reads while others do gets the list', async () => {
      const store = await open();
      await store.create('alpha', documentOf(2));
      const later = async (turns: number): Promise<void> => {
        for (let turn = 0; turn < turns; turn++) await Promise.resolve();
      };
      const reading = Array.from({ length: 60 }, async (_, turns) => {
        await later(turns);
        return (await store.look('alpha')).tasks.length;
      });
      expect(await Promise.all(reading)).toEqual(reading.map(() => 2));
    });

    test('creating twice keeps the first', async () => {
      const store = await open();
      await store.create('alpha', documentOf(1));
      await expect(store.create('alpha', documentOf(5))).rejects.toMatchObject({
        code: 'feature-exists',
      });
      expect((await store.read('alpha'))?.tasks).toHaveLength(1);
    });

    test('an update returns what the change returns, and sets the time', async () => {
      const store = await open();
      await store.create('alpha', documentOf(2));
      const result = await store.update('alpha', (document) => {
        setStatus(document, 'T1', 'done');
        return 'result';
      });
      expect(result).toBe('result');
      const read = await store.read('alpha');
      expect(read?.tasks.map(({ status }) => status)).toEqual(['done', 'pending']);
      expect(read?.createdAt).toBe(documentOf(1).createdAt);
      expect(read?.updatedAt).not.toBe(documentOf(1).updatedAt);
    });

    test('a change that throws leaves everything as it was', async () => {
      const store = await open();
      await store.create('alpha', documentOf(2));
      const before = await store.read('alpha');
      const change = store.update('alpha', (document) => {
        document.tasks.length = 0;
        throw new Error('no');
      });
      await expect(change).rejects.toThrow('no');
      expect(await store.read('alpha')).toEqual(before);
    });

    test.each<[string, (document: FeatureDocument) => void, RegExp]>([
      ['a cycle', (d) => first(d).dependsOn.push('T3'), /T1 → T3 → T2 → T1/],
      ['a missing dependency', (d) => first(d).dependsOn.push('T33'), /T1 .*T33/],
      ['a doubled id', (d) => d.tasks.push(task('t2')), /T2/],
      ['an unknown requirement', (d) => first(d).requirements.push('R9'), /T1 .*R9/],
      ['a path that leaves', (d) => first(d).files.push('../x'), /T1.*files/],
      ['a control character', (d) => (first(d).title = 'a\u001b[31mb'), /T1.*title/],
      ['a wrong type', (d) => Object.assign(first(d), { complexity: 'x' }), /T1.*complexity/],
      ['an unknown key', (d) => Object.assign(first(d), { colour: 'x' }), /T1.*colour/],
      ['a wrong frame', (d) => Object.assign(d, { requirements: null }), /requirements/],
    ])('a change that makes %s is refused', async (_, change, message) => {
      const store = await open();
      await store.create('alpha', documentOf(3));
      const before = await store.read('alpha');
      await expect(store.update('alpha', change)).rejects.toMatchObject({
        message: expect.stringMatching(message) as string,
        exitCode: 2,
      });
      expect(await store.read('alpha')).toEqual(before);
    });

    test('a change of one task is kept, and says what the change says', async () => {
      const store = await open();
      await store.create('alpha', documentOf(3));
      const before = await store.read('alpha');
      const result = await store.updateTask('alpha', 'T2', lease, (task, look) => {
        task.status = 'done';
        task.dependsOn = [];
        return look().tasks.map(({ id, status }) => `${id} ${status}`);
      });
      expect(result).toEqual(['T1 pending', 'T2 pending', 'T3 pending']);
      const after = await store.read('alpha');
      expect(after?.tasks[1]).toEqual({ ...before?.tasks[1], status: 'done', dependsOn: [] });
      expect(after?.tasks.filter(({ id }) => id !== 'T2')).toEqual(
        before?.tasks.filter(({ id }) => id !== 'T2'),
      );
      expect(await store.updateTask('alpha', 'T9', lease, () => 1)).toBeNull();
      await expect(store.updateTask('beta', 'T1', lease, () => 1)).rejects.toMatchObject({
        code: 'feature-not-found',
      });
    });

    test.each<[string, (task: Task) => void, RegExp]>([
      ['a cycle', (t) => t.dependsOn.push('T3'), /T1 → T3 → T2 → T1/],
      ['a missing dependency', (t) => t.dependsOn.push('T33'), /T1 .*T33/],
      ['a doubled id', (t) => (t.id = 't2'), /T2/i],
      ['a path that leaves', (t) => t.files.push('../x'), /T1.*files/],
      ['an unknown key', (t) => Object.assign(t, { colour: 'x' }), /T1.*colour/],
    ])('a change of one task that makes %s is refused', async (_, change, message) => {
      const store = await open();
      await store.create('alpha', documentOf(3));
      const before = await store.read('alpha');
      await expect(store.updateTask('alpha', 'T1', lease, change)).rejects.toMatchObject({
        message: expect.stringMatching(message) as string,
        exitCode: 2,
      });
      expect(await store.read('alpha')).toEqual(before);
    });

    test('a change of one task that leaves it as it was writes nothing', async () => {
      const store = await open();
      await store.create('alpha', documentOf(1));
      const before = await store.read('alpha');
      await store.updateTask('alpha', 'T1', lease, (task) => (task.status = 'pending'));
      expect(await store.read('alpha')).toEqual(before);
    });

    test('nobody can change what was only looked at', async () => {
      const store = await open();
      await store.create('alpha', documentOf(2));
      const seen = await store.look('alpha');
      expect(() => (first(seen).title = 'changed')).toThrow(TypeError);
      expect(() => first(seen).files.push('changed')).toThrow(TypeError);
      await store.updateTask('alpha', 'T1', lease, (task, look) => {
        expect(() => look().tasks.pop()).toThrow(TypeError);
        task.files.push('new.ts');
      });
      expect(first(seen).files).not.toContain('new.ts');
      expect(first(await store.look('alpha')).files).toContain('new.ts');
      await expect(store.look('beta')).rejects.toMatchObject({ code: 'feature-not-found' });
    });

    test('what callers hold is theirs: changing it changes nothing that is stored', async () => {
      const store = await open();
      const created = documentOf(1);
      await store.create('alpha', created);
      first(created).title = 'changed';
      const read = await store.read('alpha');
      if (read === null) throw new Error('not there');
      first(read).title = 'changed';
      const held = await store.update('alpha', (document) => document);
      first(held).title = 'changed';
      const one = await store.updateTask('alpha', 'T1', lease, (task) => {
        task.status = 'done';
        return task;
      });
      if (one !== null) one.title = 'changed';
      await store.update('alpha', (document) => {
        expect(first(document).title).toBe('Title of T1');
      });
      expect((await store.read('alpha'))?.tasks[0]?.title).toBe('Title of T1');
    });

    test('of many changes at once none is lost, and a bad one spoils no other', async () => {
      const store = await open();
      await store.create('alpha', documentOf(50));
      const settled = await Promise.allSettled(
        Array.from({ length: 50 }, (_, index) =>
          store.update('alpha', (document) => {
            setStatus(document, `T${index + 1}`, 'done');
            if (index % 10 === 3) throw new Error('no');
            if (index % 10 === 7) first(document).dependsOn.push('T50');
            return index;
          }),
        ),
      );
      const bad = (index: number): boolean => index % 10 === 3 || index % 10 === 7;
      expect(settled.map((result) => result.status)).toEqual(
        Array.from({ length: 50 }, (_, index) => (bad(index) ? 'rejected' : 'fulfilled')),
      );
      const statuses = (await store.read('alpha'))?.tasks.map(({ status }) => status);
      expect(statuses).toEqual(
        Array.from({ length: 50 }, (_, index) => (bad(index) ? 'pending' : 'done')),
      );
    });

    test('names that lead elsewhere are refused', async () => {
      const store = await open();
      for (const slug of ['../x', '..', 'a/b', '', 'A', 'nul', '__proto__', 'a\u001b[31m']) {
        const refused = { code: 'feature-name-invalid' };
        await expect(store.read(slug)).rejects.toMatchObject(refused);
        await expect(store.create(slug, documentOf(1))).rejects.toMatchObject(refused);
        await expect(store.update(slug, () => 1)).rejects.toMatchObject(refused);
      }
    });
  });
}

function first(document: FeatureDocument): FeatureDocument['tasks'][number] {
  const [task] = document.tasks;
  if (task === undefined) throw new Error('the list is empty');
  return task;
}

function setStatus(document: FeatureDocument, id: string, status: 'done'): void {
  const task = document.tasks.find((task) => task.id === id);
  if (task === undefined) throw new Error(`no ${id}`);
  task.status = status;
}
