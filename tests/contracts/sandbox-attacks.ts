import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { chmod, mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { homedir, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { makeTemporaryFolder, type TemporaryFolder } from '../../src/files/temporary-folder.ts';
import type { Sandbox } from '../../src/sandbox/sandbox.ts';
import { treeOf } from '../helpers/run-cli.ts';
import { limits, runnerOf } from './sandbox.ts';

const secret = `canary-${randomBytes(8).toString('hex')}`;

/** Each attempt that gave something is printed with it. */
const prelude = `
  import fs from 'node:fs';
  import net from 'node:net';
  import os from 'node:os';
  import path from 'node:path';
  import dns from 'node:dns';
  import dgram from 'node:dgram';
  import { spawnSync } from 'node:child_process';
  const given = JSON.parse(fs.readFileSync('given.json', 'utf8'));
  const got = {};
  const attempt = async (name, work) => {
    try { const value = await work(); got[name] = value === undefined ? 'done' : String(value); }
    catch {}
  };
  const within = (ms, work) => Promise.race([work,
    new Promise((_, no) => setTimeout(no, ms, new Error('silence')))]);
  const finish = () => { process.stdout.write(JSON.stringify(got)); };
`;

/**
 * Programs that do their worst: none may get at anything of the host. Only for sandboxes that isolate.
 * The host's side is watched too: a tree of files, servers of every kind, and a process.
 * @param allowed `namespaces: 'own'`: the command may make user namespaces, which give it nothing;
 *   `groups: false`: the number of processes is watched, not counted by the kernel.
 */
export function sandboxAttacks(
  name: string,
  open: () => Promise<Sandbox>,
  { namespaces = 'none', groups = true }: { namespaces?: 'none' | 'own'; groups?: boolean } = {},
): void {
  describe(`attacks on ${name}`, () => {
    let sandbox: Sandbox;
    let copy: TemporaryFolder;
    let host: TemporaryFolder;
    let before: Record<string, string>;
    let bystander: ChildProcess;
    const visitors: string[] = [];
    const servers: Server[] = [];
    const udp = createSocket('udp4');
    let tcpPort = 0;

    beforeAll(async () => {
      process.env['CANARY_SECRET'] = secret;
      sandbox = await open();
      host = await makeTemporaryFolder();
      // Not by rights alone: whom these keep out is not kept out by the sandbox.
      await chmod(host.path, 0o777);
      await mkdir(join(host.path, 'home/.ssh'), { recursive: true });
      for (const file of ['home/.ssh/id_ed25519', 'home/.netrc', 'victim'])
        await writeFile(join(host.path, file), `${secret} ${file}`, { mode: 0o666 });
      await chmod(join(host.path, 'victim'), 0o777);
      before = await treeOf(host.path);
      const visit = (how: string) => () => void visitors.push(how);
      const listen = (how: string, where: object): Promise<Server> =>
        new Promise((resolve) => {
          const server = createServer(visit(how)).listen(where, () => resolve(server));
          servers.push(server);
        });
      const tcp = await listen('tcp', { port: 0, host: '0.0.0.0' });
      tcpPort = (tcp.address() as { port: number }).port;
      await listen('unix socket', { path: join(host.path, 'socket') });
      await chmod(join(host.path, 'socket'), 0o777);
      await listen('abstract socket', { path: `\0${secret}` });
      await new Promise<void>((resolve) => udp.bind(0, '0.0.0.0', resolve));
      udp.on('message', visit('udp'));
      bystander = spawn('sleep', ['600']);
    });
    afterAll(async () => {
      delete process.env['CANARY_SECRET'];
      bystander.kill('SIGKILL');
      udp.close();
      for (const server of servers) server.close();
      await host.remove();
    });

    beforeEach(async () => {
      copy = await makeTemporaryFolder();
    });
    afterEach(async () => {
      await copy.remove();
      // What each attack must leave as it was.
      expect(await treeOf(host.path)).toEqual(before);
      expect(visitors).toEqual([]);
      expect(bystander.exitCode).toBeNull();
    });
    const { sh, node } = runnerOf(
      () => sandbox,
      () => copy.path,
    );

    /** What the attempts of a program gave it. */
    const gainsOf = async (script: string): Promise<Record<string, string>> => {
      const home = await readdir(homedir(), { withFileTypes: true });
      const given = {
        host: host.path,
        copy: copy.path,
        pid: process.pid,
        bystander: bystander.pid,
        secret,
        tcpPort,
        udpPort: udp.address().port,
        home: homedir(),
        homeFiles: home.filter((entry) => entry.isFile()).map((entry) => entry.name),
        addresses: Object.values(networkInterfaces()).flatMap((list) =>
          (list ?? []).filter(({ family }) => family === 'IPv4').map(({ address }) => address),
        ),
      };
      await writeFile(join(copy.path, 'given.json'), JSON.stringify(given));
      const { end, stdout, stderr } = await node(`${prelude}\n${script}\nfinish();`);
      expect({ end, stderr }).toEqual({ end: { kind: 'exited', code: 0 }, stderr: '' });
      return JSON.parse(stdout) as Record<string, string>;
    };

    test('the attempts are counted: what is allowed succeeds', async () => {
      const gains = await gainsOf(`
        await attempt('read', () => fs.readFileSync('given.json', 'utf8').length > 0);
        await attempt('write', () => fs.writeFileSync('mine', 'x'));
        await attempt('throw', () => { throw new Error('no') });
      `);
      expect(gains).toEqual({ read: 'true', write: 'done' });
    });

    test('reading the files of the user and of the host', async () => {
      const gains = await gainsOf(`
        const read = (file) => attempt(file, () => fs.readFileSync(file, 'utf8').slice(0, 300));
        const wanted = [given.host + '/home/.ssh/id_ed25519', given.host + '/victim', '/etc/shadow'];
        const roots = ['', '/work/..', '/proc/self/root', '/proc/1/root', '/oldroot', '/newroot', '/..',
          '/proc/self/cwd/..', '/proc/1/cwd', ...fs.readdirSync('/proc').map((pid) => '/proc/' + pid + '/root')];
        for (const root of roots) for (const file of wanted) await read(root + file);
        for (const file of given.homeFiles) await read(given.home + '/' + file);
        for (const file of ['.ssh/id_rsa', '.ssh/id_ed25519', '.aws/credentials', '.cargo/credentials.toml',
          '.config/gh/hosts.yml', '.claude.json', '.npmrc']) await read(given.home + '/' + file);
        fs.symlinkSync(given.host + '/victim', 'link');
        await read('link');
        fs.symlinkSync('../../../../../../' + given.host, 'folder');
        await read('folder/victim');
        for (const pid of fs.readdirSync('/proc').filter(Number))
          for (const fd of (() => { try { return fs.readdirSync('/proc/' + pid + '/fd') } catch { return [] } })())
            await attempt('fd', () => fs.readdirSync('/proc/' + pid + '/fd/' + fd).join());
      `);
      const texts = JSON.stringify(gains);
      expect(texts).not.toContain(secret);
      const shadow = await readFile('/etc/shadow', 'utf8').catch(() => 'not for us either');
      expect(Object.values(gains)).not.toContain(shadow.slice(0, 300));
      expect(Object.keys(gains).filter((path) => path.startsWith(homedir()))).toEqual([]);
      expect(gains).not.toHaveProperty('fd');
    });

    test('reading devices, the kernel’s memory and the engine’s sockets', async () => {
      const gains = await gainsOf(`
        for (const file of ['/proc/kcore', '/proc/kmsg', '/dev/mem', '/dev/kmsg', '/dev/vda', '/dev/sda',
          '/dev/nvme0n1', '/dev/vda1', '/dev/sda1'])
          await attempt(file, () => fs.readSync(fs.openSync(file, 'r'), Buffer.alloc(10), 0, 10, 0) + ' bytes');
        for (const file of fs.readdirSync('/dev')) await attempt('/dev/' + file, () => {
          if (!fs.statSync('/dev/' + file).isBlockDevice()) throw new Error('none');
        });
        for (const file of ['/run/docker.sock', '/var/run/docker.sock', '/run/podman/podman.sock',
          '/run/dbus/system_bus_socket', '/run/systemd/private', '/tmp/.X11-unix'])
          await attempt(file, () => fs.statSync(file).mode);
      `);
      expect(gains).toEqual({});
    });

    test('the environment and the processes of others', async () => {
      const gains = await gainsOf(`
        const read = (file) => { try { return fs.readFileSync(file, 'latin1') } catch { return '' } };
        const pids = fs.readdirSync('/proc').filter(Number);
        for (const pid of pids) for (const file of ['environ', 'cmdline', 'stack', 'maps', 'mountinfo'])
          await attempt(pid + '/' + file, () => {
            const text = read('/proc/' + pid + '/' + file);
            if (!text.includes(given.secret) && !text.includes('vitest') && !text.includes('sleep\\x00600'))
              throw new Error('nothing');
            return text;
          });
        await attempt('environment', () => {
          if (!JSON.stringify(process.env).includes(given.secret)) throw new Error('nothing');
        });
        await attempt('crowd', () => { if (pids.length < 20) throw new Error('alone') });
      `);
      expect(gains).toEqual({});
    });

    test('the network: TCP, UDP, DNS and unix sockets', async () => {
      const gains = await gainsOf(`
        const connect = (where) => within(1000, new Promise((yes, no) => {
          const socket = net.connect(where, () => { socket.destroy(); yes('connected') });
          socket.on('error', no);
        }));
        const tries = [];
        for (const address of ['127.0.0.1', 'localhost', '::1', '10.0.2.2', '172.17.0.1', '1.1.1.1', ...given.addresses])
          tries.push(attempt('tcp ' + address, () => connect({ host: address, port: given.tcpPort })),
            attempt('https ' + address, () => connect({ host: address, port: 443 })),
            attempt('dns ' + address, () => within(1000, new Promise((yes, no) => {
              const resolver = new dns.Resolver({ timeout: 500, tries: 1 });
              resolver.setServers([net.isIPv6(address) ? '[::1]:53' : net.isIP(address) ? address + ':' + given.udpPort : '127.0.0.1']);
              resolver.resolve4('example.com', (error, found) => error ? no(error) : yes(found));
            }))));
        const udp = dgram.createSocket('udp4');
        udp.on('error', () => {});
        for (const address of ['127.0.0.1', '255.255.255.255', ...given.addresses])
          await new Promise((yes) => udp.send('hello', given.udpPort, address, yes));
        udp.close();
        tries.push(attempt('lookup', () => within(1500, dns.promises.lookup('example.com'))));
        for (const file of [given.host + '/socket', '\\0' + given.secret, '/run/docker.sock'])
          tries.push(attempt('socket ' + JSON.stringify(file), () => connect({ path: file })));
        await Promise.all(tries);
        await attempt('interfaces', () => {
          const others = Object.entries(os.networkInterfaces()).filter(([name]) => name !== 'lo');
          if (others.length === 0) throw new Error('none');
          return JSON.stringify(others);
        });
      `);
      expect(gains).toEqual({});
    });

    test('writing outside the copy, and settings of the kernel', async () => {
      const gains = await gainsOf(`
        const victims = [given.host + '/victim', given.host + '/new', given.copy + '/new', '/new', '/usr/new',
          '/usr/bin/env', '/usr/local/bin/new', '/etc/passwd', '/etc/new', '/bin/sh', '/root/new', '/home/new',
          '/var/new', '/dev/new', '/work/../new', '/proc/sys/kernel/hostname', '/proc/sys/kernel/core_pattern',
          '/proc/sys/vm/drop_caches', '/proc/sys/vm/swappiness', '/proc/sys/kernel/modprobe', '/proc/sysrq-trigger',
          '/proc/irq/0/smp_affinity', '/sys/fs/cgroup/new', '/sys/fs/cgroup/cgroup.procs',
          '/sys/kernel/uevent_helper', '/sys/kernel/mm/ksm/run', process.execPath];
        for (const file of victims) {
          await attempt('append to ' + file, () => fs.appendFileSync(file, '1'));
          await attempt('unlink ' + file, () => fs.unlinkSync(file));
          await attempt('chmod ' + file, () => fs.chmodSync(file, 0o777));
        }
        for (const folder of ['/', '/usr', '/etc', '/work', given.host])
          await attempt('rename ' + folder, () => fs.renameSync(folder, folder + '-moved'));
        await attempt('mkdir', () => fs.mkdirSync('/made'));
      `);
      expect(gains).toEqual({});
      expect(await readFile('/proc/sys/vm/swappiness', 'utf8')).not.toBe('1\n');
    });

    test('links out of the copy, hard and soft', async () => {
      const gains = await gainsOf(`
        const victim = given.host + '/victim';
        for (const from of [victim, '/usr/bin/env', '/etc/passwd', process.execPath, '/proc/self/exe'])
          await attempt('hard link to ' + from, () => fs.linkSync(from, path.basename(from) + '-hard'));
        fs.symlinkSync(victim, 'soft');
        fs.symlinkSync(given.host, 'folder');
        fs.symlinkSync('/', 'top');
        for (const file of ['soft', 'folder/victim', 'folder/new', 'top' + victim, 'top/new']) {
          await attempt('append ' + file, () => fs.appendFileSync(file, 'x'));
          await attempt('truncate ' + file, () => fs.truncateSync(file));
          await attempt('chmod ' + file, () => fs.chmodSync(file, 0));
        }
        await attempt('remove', () => { fs.rmSync('folder/home', { recursive: true }) });
      `);
      expect(gains).toEqual({});
      // Links that were left behind mislead no second run either, nor the removal after each test.
      expect((await sh('ls')).end).toEqual({ kind: 'exited', code: 0 });
    });

    test('changing what is fixed in the copy, and what stands above it', async () => {
      await mkdir(join(copy.path, 'test/deep'), { recursive: true });
      await mkdir(join(copy.path, 'reports'));
      for (const file of ['test/deep/a.js', 'b.js', 'test/free.js'])
        await writeFile(join(copy.path, file), file);
      await symlink(join(host.path, 'victim'), join(copy.path, 'link'));
      const { stdout, end } = await sh(
        `try() { "$@" 2>/dev/null && echo "$*"; }
        for file in test/deep/a.js b.js; do
          try sh -c "echo x > $file"; try rm -f $file; try mv $file $file-moved; try chmod 777 $file
          echo y > other; try mv -f other $file; try ln -f $file hard
        done
        for folder in test test/deep reports; do try mv $folder moved; try rm -r $folder; done
        cat test/deep/a.js b.js; echo; cat link
        echo z > test/free.js && echo z > test/deep/new && echo z > reports/new && echo free`,
        {
          fixed: {
            readOnly: ['test/deep/a.js', 'b.js', 'link', 'not-there', '../victim'],
            folders: ['reports'],
          },
        },
      );
      expect({ stdout, end }).toEqual({
        stdout: 'test/deep/a.jsb.js\nfree\n',
        end: { kind: 'exited', code: 0 },
      });
    });

    test('more rights: user namespaces, mounts, devices, programs of other users', async () => {
      const gains = await gainsOf(`
        const run = (name, ...args) => attempt([name, ...args].join(' '), () => {
          const { status, stdout } = spawnSync(name, args, { encoding: 'utf8', timeout: 5000 });
          if (status !== 0) throw new Error('failed');
          return stdout;
        });
        ${namespaces === 'none' ? '' : '//'} await run('unshare', '--user', '--map-root-user', 'true');
        await run('unshare', '--mount', 'true');
        await run('unshare', '--net', 'true');
        await run('unshare', '--user', '--map-root-user', '--mount', 'mount', '-o', 'remount,rw', '/');
        await run('unshare', '--user', '--map-root-user', '--mount', 'mount', '-o', 'remount,rw,bind', '/');
        await run('unshare', '--user', '--map-root-user', 'chroot', '/proc/1/root', 'cat', given.host + '/victim');
        await run('mount', '-t', 'tmpfs', 'none', '/work');
        await run('mount', '-o', 'remount,rw', '/');
        await run('mount', '-o', 'remount,rw', '/usr');
        await run('umount', '/usr');
        await run('mknod', 'device', 'b', '254', '0');
        await run('mknod', 'memory', 'c', '1', '1');
        await run('chroot', '/', 'true');
        await run('nsenter', '--target', '1', '--mount', 'true');
        await run('su', '-c', 'true');
        await run('sudo', '-n', 'true');
        await run('chown', '0:0', 'given.json');
        await run('setpriv', '--reuid=0', 'true');
        await run('bwrap', '--bind', '/', '/', '--dev', '/dev', 'true');
        await run('kill', '-0', String(given.pid));
        await run('kill', '-0', String(given.bystander));
        await attempt('uid', () => { process.setuid(0); if (process.getuid() !== 0) throw new Error('no') });
        const status = fs.readFileSync('/proc/self/status', 'utf8');
        await attempt('capabilities', () => {
          if (/^CapEff:\\s0+$/m.test(status) && /^CapPrm:\\s0+$/m.test(status)) throw new Error('none');
          return status;
        });
        await attempt('new privileges', () => { if (/^NoNewPrivs:\\s1$/m.test(status)) throw new Error('none') });
      `);
      expect(gains).toEqual({});
    });

    test('killing the parent, and all that can be seen', async () => {
      await writeFile(
        join(copy.path, 'killer.mjs'),
        `for (const pid of [process.ppid, 1, ${process.pid}, ${bystander.pid}, -1])
           for (const signal of ['SIGTERM', 'SIGKILL']) try { process.kill(pid, signal) } catch {}
         setTimeout(() => {}, 500);`,
      );
      await sh('node killer.mjs; exit 0');
      expect((await sh('echo alive')).stdout).toBe('alive\n');
    });

    test('a fork bomb', async () => {
      const { end } = await sh('bomb() { bomb | bomb & }; bomb; while :; do sleep 1; done', {
        // Where only the watch holds it down it most often takes all of its time.
        limits: { processes: 60, wallMs: groups ? 10_000 : 4_000 },
      });
      // One that is held down burns out, which may be between two looks.
      const told = groups ? ['processes'] : ['processes', 'time'];
      expect(end.kind === 'limit' && told.includes(end.limit) ? 'held' : end).toBe('held');
    });

    test('a file of a terabyte that holds nothing', async () => {
      const { end } = await sh('truncate -s 1T sparse && echo made; rm -f sparse; exit 3');
      expect(end).toEqual({ kind: 'exited', code: 3 });
    });

    test('filling every place that can be written', async () => {
      const { end } = await sh(
        'for place in /dev/shm "$TMPDIR" "$HOME" .; do head -c 100000000 /dev/zero > $place/full; done; sleep 60',
        { limits: { diskBytes: 10_000_000, wallMs: 30_000 } },
      );
      expect(end).toEqual({ kind: 'limit', limit: 'disk' });
    });

    test('rights that keep their owner out, links and depth do not keep the copy from going', async () => {
      const deep =
        'i=0; while [ $i -lt 1500 ]; do mkdir deep-folder && cd deep-folder || exit; i=$((i+1)); done';
      await sh(
        `mkdir -p closed/in && touch closed/in/x && ln -s ${host.path} closed/link && chmod -R 0 closed;
        (${deep}); touch ' ' '-rf' '$(touch hacked)' "$(printf 'a\\nb')"; chmod 0 .`,
        {
          limits: { diskBytes: limits.diskBytes * 4 },
        },
      );
      await copy.remove();
      expect(await readdir(copy.path).catch((error: NodeJS.ErrnoException) => error.code)).toBe(
        'ENOENT',
      );
    });
  });
}
