import { chmod, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { InterruptedError } from '../../src/domain/errors.ts';
import { makeTemporaryFolder, type TemporaryFolder } from '../../src/files/temporary-folder.ts';
import type { Sandbox, SandboxJob, SandboxLimits, SandboxRun } from '../../src/sandbox/sandbox.ts';

/** Low, so that each attack meets its own soon; none is so low that node cannot start. */
export const limits: SandboxLimits = {
  wallMs: 60_000,
  memoryBytes: 400_000_000,
  processes: 100,
  outputBytes: 1_000_000,
  diskBytes: 20_000_000,
};

type Wanted = Partial<Omit<SandboxJob, 'limits'>> & { limits?: Partial<SandboxLimits> };

/** Runs a command, or a program of node's, in a copy. */
export function runnerOf(sandbox: () => Sandbox, copy: () => string) {
  const run = (command: readonly string[], wanted: Wanted = {}): Promise<SandboxRun> =>
    sandbox().run({
      copy: copy(),
      command,
      env: {},
      mounts: [],
      signal: new AbortController().signal,
      ...wanted,
      limits: { ...limits, ...wanted.limits },
    });
  const sh = (script: string, wanted?: Wanted) => run(['sh', '-c', script], wanted);
  const node = async (script: string, wanted?: Wanted) => {
    await writeFile(join(copy(), 'program.mjs'), script);
    return run(['node', 'program.mjs'], wanted);
  };
  return { run, sh, node };
}

const done = { kind: 'exited', code: 0 } as const;

/** For a sandbox of this process: who listens is in no other. */
export function hearingContract(name: string, open: () => Promise<Sandbox>): void {
  test(`output is heard as it comes: ${name}`, async () => {
    await using copy = await makeTemporaryFolder();
    const sandbox = await open();
    const { sh } = runnerOf(
      () => sandbox,
      () => copy.path,
    );
    let heard = '';
    let met: (() => void) | undefined;
    const first = new Promise<void>((resolve) => (met = resolve));
    const onOutput = (chunk: Uint8Array): void => {
      heard += Buffer.from(chunk).toString();
      if (heard === 'one\n') met?.();
    };
    const script = 'echo one; while [ ! -e go ]; do sleep 0.05; done; echo two; echo three >&2';
    const run = sh(script, { onOutput });
    await first;
    await writeFile(join(copy.path, 'go'), '');
    expect(await run).toMatchObject({ end: done, stdout: 'one\ntwo\n', stderr: 'three\n' });
    expect(heard).toBe('one\ntwo\n');
  });
}

/** What every sandbox must do, isolated or not. */
export function sandboxContract(name: string, open: () => Promise<Sandbox>): void {
  describe(`sandbox contract: ${name}`, () => {
    let sandbox: Sandbox;
    let copy: TemporaryFolder;
    beforeEach(async () => {
      sandbox ??= await open();
      copy = await makeTemporaryFolder();
    });
    afterEach(() => copy.remove());
    const { run, sh, node } = runnerOf(
      () => sandbox,
      () => copy.path,
    );

    test('a command starts in the copy, reads it and writes it', async () => {
      await mkdir(join(copy.path, 'below'));
      await writeFile(join(copy.path, 'below/in'), 'given');
      const { end, stdout, stderr, durationMs } = await sh(
        'pwd; cat below/in; echo made > below/out; echo said >&2',
      );
      expect({ end, stdout, stderr }).toEqual({
        end: done,
        stdout: `${sandbox.seenAt(copy.path)}\ngiven`,
        stderr: 'said\n',
      });
      expect(durationMs).toBeGreaterThan(0);
      expect(await readFile(join(copy.path, 'below/out'), 'utf8')).toBe('made\n');
    });

    test('two commands in turn work in one copy, of which the second may change all', async () => {
      expect((await sh('mkdir -p a/b && echo 1 > a/b/c && chmod 700 a')).end).toEqual(done);
      expect((await sh('echo 2 >> a/b/c && cat a/b/c && rm -r a')).stdout).toBe('1\n2\n');
      expect(await readdir(copy.path)).toEqual([]);
    });

    test('its end is told: an exit code, or the signal that ended it', async () => {
      expect((await sh('exit 7')).end).toEqual({ kind: 'exited', code: 7 });
      expect((await sh('kill -TERM $$')).end).toEqual({ kind: 'killed', signal: 'SIGTERM' });
      expect((await sh('kill -SEGV $$')).end).toEqual({ kind: 'killed', signal: 'SIGSEGV' });
    });

    test('a program that is not there ends with 127', async () => {
      expect((await run(['blueprint-no-such-program'])).end).toEqual({ kind: 'exited', code: 127 });
      expect((await run(['./no-such-file'])).end).toEqual({ kind: 'exited', code: 127 });
      expect(await sandbox.has('blueprint-no-such-program')).toBe(false);
      expect(await sandbox.has('sh')).toBe(true);
      expect(await sandbox.has('node')).toBe(true);
      expect(await sandbox.has('../bin/sh')).toBe(false);
    });

    test('arguments arrive as they were given', async () => {
      const args = ['a b', '', '*', '$HOME', "'", '"', '\\', '-e', '--', 'ü\n'];
      const { stdout } = await node('console.log(JSON.stringify(process.argv.slice(2)))', {});
      expect(stdout).toBe('[]\n');
      const given = await run(['node', 'program.mjs', ...args]);
      expect(JSON.parse(given.stdout)).toEqual(args);
    });

    test('the environment is what was given and what the sandbox sets, and nothing else', async () => {
      process.env['BLUEPRINT_CANARY'] = 'a secret of the host';
      try {
        const { stdout } = await node('console.log(JSON.stringify(process.env))', {
          env: { GIVEN: 'by the job', LANG: 'C' },
        });
        const env = JSON.parse(stdout) as Record<string, string>;
        expect(stdout).not.toContain('a secret of the host');
        expect(env).toMatchObject({ GIVEN: 'by the job', LANG: 'C' });
        const known = ['SANDBOX_RUN', 'GIVEN', 'HOME', 'LANG', 'PATH', 'PWD', 'TMPDIR'];
        // Of the shell that sets limits, and of what docker adds.
        const others = Object.keys(env).filter(
          (key) => !/^(_|OLDPWD|SHLVL|HOSTNAME|TERM|container)$/.test(key),
        );
        expect(known).toEqual(expect.arrayContaining(others));
      } finally {
        delete process.env['BLUEPRINT_CANARY'];
      }
    });

    test('home and temporary folder are the command’s own, and new for each', async () => {
      const script =
        'test ! -e "$HOME/h" && test ! -e "$TMPDIR/x" && echo 1 > "$HOME/h" && echo 1 > "$TMPDIR/x"';
      expect((await sh(script)).end).toEqual(done);
      expect((await sh(script)).end).toEqual(done);
      expect(await readdir(copy.path)).toEqual([]);
    });

    test('what is mounted can be read', async () => {
      const other = await makeTemporaryFolder();
      // As a project's folders are; what root alone can read is refused.
      await chmod(other.path, 0o755);
      await mkdir(join(other.path, 'package'));
      await writeFile(join(other.path, 'package/index.js'), 'module.exports = 42');
      await writeFile(join(copy.path, 'main.js'), 'console.log(require("package"))');
      try {
        const mounts = [{ from: other.path, to: 'node_modules' }];
        const { stdout, stderr } = await run(['node', 'main.js'], { mounts });
        expect({ stdout, stderr }).toEqual({ stdout: '42\n', stderr: '' });
      } finally {
        await other.remove();
      }
    });

    test.each(['../outside', '/outside', '.', '..', 'a/../..'])(
      'nothing is mounted at %j',
      async (to) => {
        await expect(run(['true'], { mounts: [{ from: copy.path, to }] })).rejects.toMatchObject({
          code: 'sandbox-broken',
        });
      },
    );

    test('output that is no UTF-8 is replaced, bytes beside it are kept', async () => {
      const { stdout } = await sh(String.raw`printf '\303\274\377\357\273\277ok'`);
      expect(stdout).toBe('ü\ufffd\ufeffok');
    });

    test('the tests of a project run in it', async () => {
      await writeFile(
        join(copy.path, 'sum.test.mjs'),
        'import test from "node:test"; import assert from "node:assert";' +
          'test("right", () => assert.equal(1 + 1, 2)); test("wrong", () => assert.equal(1 + 1, 3));',
      );
      const { end, stdout } = await run(['node', '--test', '--test-reporter=tap']);
      expect(end).toEqual({ kind: 'exited', code: 1 });
      expect(stdout).toMatch(/^\s*ok 1 - right$/m);
      expect(stdout).toMatch(/^\s*not ok 2 - wrong$/m);
    });

    test('an abort ends it, and is no result', async () => {
      const { signal, started, abort } = await startedBy(copy.path);
      const running = node(`${started}; setInterval(() => {}, 1000)`, { signal });
      await abort();
      await expect(running).rejects.toThrow(InterruptedError);
      await expect(run(['true'], { signal })).rejects.toThrow(InterruptedError);
    });

    describe('limits', () => {
      test('time: an endless loop', async () => {
        const { end } = await node('for (;;);', { limits: { wallMs: 1_500 } });
        expect(end).toEqual({ kind: 'limit', limit: 'time' });
      });

      test('time: who ignores every signal that can be ignored', async () => {
        const { end } = await sh('trap "" TERM INT HUP; while :; do sleep 1; done', {
          limits: { wallMs: 1_000 },
        });
        expect(end).toEqual({ kind: 'limit', limit: 'time' });
      });

      test('output: a flood is cut, and fills no memory', async () => {
        const before = process.memoryUsage().rss;
        const { end, stdout, stderr } = await sh('echo first; sleep 0.5; yes out & yes err >&2', {
          limits: { outputBytes: 50_000 },
        });
        expect(end).toEqual({ kind: 'limit', limit: 'output' });
        expect(stdout.startsWith('first\n')).toBe(true);
        expect(stdout.length + stderr.length).toBeGreaterThanOrEqual(50_000);
        expect(stdout.length + stderr.length).toBeLessThan(50_500);
        expect(process.memoryUsage().rss - before).toBeLessThan(200_000_000);
      });

      test('output: as much as is allowed is kept', async () => {
        const { end, stdout } = await sh('head -c 50000 /dev/zero | tr "\\0" x', {
          limits: { outputBytes: 50_000 },
        });
        expect({ end, length: stdout.length }).toEqual({ end: done, length: 50_000 });
      });

      test('memory: a hog', async () => {
        const { end } = await node(
          'const held = []; for (;;) held.push(Buffer.alloc(10_000_000, 1))',
          { limits: { memoryBytes: 200_000_000 } },
        );
        expect(end).toEqual({ kind: 'limit', limit: 'memory' });
      });

      test('memory: many that are small by themselves', async () => {
        const small =
          'const held = Buffer.alloc(60_000_000, 1); setInterval(() => held[0]++, 1000)';
        const { end } = await sh(`for i in 1 2 3 4 5 6 7 8; do node -e '${small}' & done; wait`, {
          limits: { memoryBytes: 300_000_000, processes: 400 },
        });
        expect(end).toEqual({ kind: 'limit', limit: 'memory' });
      });

      test('processes: more than are allowed at one time', async () => {
        // It stays when it is refused one, so that a watch sees it too.
        const { end } = await node(
          'import { spawn } from "node:child_process";' +
            'for (let i = 0; i < 300; i++) spawn("sleep", ["30"]).on("error", () => {});' +
            'setInterval(() => {}, 1000)',
          { limits: { processes: 40 } },
        );
        expect(end).toEqual({ kind: 'limit', limit: 'processes' });
      });

      test('disk: one large file', async () => {
        const { end } = await node(
          'import fs from "node:fs"; const f = fs.openSync("big", "w"); const b = Buffer.alloc(1e6, 1);' +
            'try { for (let i = 0; i < 1000; i++) fs.writeSync(f, b) } catch {} setInterval(() => {}, 9)',
        );
        expect(end).toEqual({ kind: 'limit', limit: 'disk' });
        // By the limit on one file at once, or by the watch soon after.
        expect((await stat(join(copy.path, 'big'))).size).toBeLessThan(500_000_000);
      });

      test('disk: a million empty files', async () => {
        const { end } = await node(
          // It rests after each thousand: how many there are when they are seen is not the point.
          'import fs from "node:fs"; const rest = new Int32Array(new SharedArrayBuffer(4));' +
            'for (let i = 0; i < 1e6; i++) { if (i % 1000 === 0) { fs.mkdirSync(`d${i}`);' +
            ' Atomics.wait(rest, 0, 0, 50) } fs.writeFileSync(`d${i - i % 1000}/${i}`, "") }',
          { limits: { diskBytes: 8_000_000 } },
        );
        expect(end).toEqual({ kind: 'limit', limit: 'disk' });
      });

      test('disk: the temporary folder counts too', async () => {
        const { end } = await node(
          'import fs from "node:fs"; const f = fs.openSync(process.env.TMPDIR + "/big", "w");' +
            'const b = Buffer.alloc(1e6, 1); try { for (let i = 0; i < 1000; i++) fs.writeSync(f, b) }' +
            'catch {} setInterval(() => {}, 9)',
        );
        expect(end).toEqual({ kind: 'limit', limit: 'disk' });
      });

      test('disk: files without a name', async () => {
        const { end } = await node(
          'import fs from "node:fs"; const b = Buffer.alloc(1e6, 1); for (let i = 0; i < 60; i++) {' +
            ' const f = fs.openSync("x", "w"); fs.unlinkSync("x"); fs.writeSync(f, b); } setInterval(() => {}, 9)',
        );
        expect(end).toEqual({ kind: 'limit', limit: 'disk' });
      });

      test('disk: below paths that are too long to be named', async () => {
        const { end } = await node(
          'import fs from "node:fs"; const b = Buffer.alloc(1e6, 1); for (let i = 0; i < 40; i++) {' +
            ' fs.mkdirSync("d".repeat(200)); process.chdir("d".repeat(200)); fs.writeFileSync("x", b); }' +
            ' setInterval(() => {}, 9)',
        );
        expect(end).toEqual({ kind: 'limit', limit: 'disk' });
      });

      test('disk: in a folder that cannot be listed', async () => {
        const { end } = await node(
          'import fs from "node:fs"; const b = Buffer.alloc(1e6, 1); fs.mkdirSync("d"); fs.chmodSync("d", 0o300);' +
            ' for (let i = 0; i < 60; i++) fs.writeFileSync(`d/${i}`, b); setInterval(() => {}, 9)',
        );
        expect(end).toEqual({ kind: 'limit', limit: 'disk' });
      });

      test.each([
        ['without a file', 'm = mmap.mmap(-1, 300_000_000); [m.write(b) for _ in range(300)]'],
        [
          'without a name',
          'f = [os.memfd_create("x") for _ in range(30)]; [os.write(i, b) for i in f for _ in range(10)]',
        ],
      ])('memory: shared %s', async (_, program) => {
        if (!(await sandbox.has('python3'))) return;
        const script = `import mmap, os, time\nb = b'x' * 1_000_000\n${program}\ntime.sleep(50)`;
        const { end } = await run(['python3', '-c', script], {
          limits: { memoryBytes: 150_000_000, wallMs: 30_000 },
        });
        expect(end).toEqual({ kind: 'limit', limit: 'memory' });
      });

      test('what was in the copy before does not count', async () => {
        await writeFile(join(copy.path, 'big'), Buffer.alloc(limits.diskBytes + 1_000_000, 1));
        const { end } = await sh('head -c 5000000 /dev/zero > more && cat big more > /dev/null');
        expect(end).toEqual(done);
      });
    });

    describe('nothing outlives it', () => {
      const beats = async (): Promise<number> => {
        const text = await readFile(join(copy.path, 'beats'), 'utf8').catch(() => '');
        return text.length;
      };
      const heart = 'setInterval(() => require("fs").appendFileSync("beats", "."), 20)';
      const expectSilence = async (): Promise<void> => {
        const before = await beats();
        expect(before).toBeGreaterThan(0);
        await new Promise((resolve) => setTimeout(resolve, 300));
        expect(await beats()).toBe(before);
      };
      const began = 'while [ ! -s beats ]; do sleep 0.05; done';

      test('a child in the background', async () => {
        expect((await sh(`node -e '${heart}' & ${began}`)).end).toEqual(done);
        await expectSilence();
      });

      test('a child that left group and session, and whose parent has ended', async () => {
        await writeFile(join(copy.path, 'heart.cjs'), heart);
        const { end } = await node(
          'import { spawn } from "node:child_process"; import fs from "node:fs";' +
            'spawn("sh", ["-c", "exec node heart.cjs & exit"], { detached: true, stdio: "ignore" });' +
            'setInterval(() => { if (fs.existsSync("beats")) process.exit(0) }, 20)',
        );
        expect(end).toEqual(done);
        await expectSilence();
      });

      test('children of a command that reached a limit', async () => {
        await writeFile(join(copy.path, 'heart.cjs'), heart);
        const { end } = await sh('setsid node heart.cjs & wait', { limits: { wallMs: 4_000 } });
        expect(end).toEqual({ kind: 'limit', limit: 'time' });
        await expectSilence();
      });

      test('a command that was aborted', async () => {
        const { signal, started, abort } = await startedBy(copy.path);
        const running = node(`${started}; setInterval(() => fs.appendFileSync("beats", "."), 20)`, {
          signal,
        });
        await abort();
        await running.catch(() => undefined);
        await expectSilence();
      });
    });
  });
}

/** A signal that is aborted once a program in the copy has begun its work. */
async function startedBy(copy: string) {
  const controller = new AbortController();
  return {
    signal: controller.signal,
    started: 'import fs from "node:fs"; fs.writeFileSync("beats", ".")',
    async abort(): Promise<void> {
      const until = performance.now() + 30_000;
      while (!(await stat(join(copy, 'beats')).catch(() => null))?.size) {
        if (performance.now() > until) throw new Error('the program did not start');
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      controller.abort();
    },
  };
}
