import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import type { ReceivedRequest, Reply } from '../helpers/loopback/server.ts';
import { projects } from '../helpers/run-cli.ts';
import { accepted, fileReply, planned } from './conversation.ts';
import { failingDisk } from './failing-disk.ts';

const createProject = projects();
const at = '2026-01-31T12:00:00.000Z';
const git = (cwd: string, ...args: string[]) =>
  execa('git', args, { cwd, env: { HOME: cwd, PATH: process.env['PATH'] }, extendEnv: false });

async function repository(): Promise<string> {
  const task = planned({ id: 'T1', title: 'Write it', type: 'code', files: ['kept.js'] });
  const plan = { specSha256: '', spec: null, refined: false, warnings: [] };
  const root = await createProject({
    'kept.js': 'old\n',
    'spec.md': '# Add\n\n## Requirements\n\n### R1: It adds\n\n- It does.\n',
    'features/it/tasks.json': JSON.stringify({
      schemaVersion: 2,
      title: 'It',
      createdAt: at,
      updatedAt: at,
      plan,
      requirements: [],
      tasks: [{ ...task, requirements: [] }],
    }),
    '.gitignore': '.blueprint/\nfeatures/\n',
  });
  await git(root, 'init', '-q', '-b', 'main');
  await git(root, 'config', 'user.name', 'Ann');
  await git(root, 'config', 'user.email', 'ann@example.org');
  await git(root, 'add', '-A');
  await git(root, 'commit', '-qm', 'Begin');
  // What a feature holds is none of the project's text.
  await rm(join(root, '.git/hooks'), { recursive: true });
  return root;
}

function reply({ prompt }: ReceivedRequest): Reply {
  const label = /given back as it is: (\S+)/.exec(prompt)?.[1];
  if (label !== undefined)
    return {
      json: {
        candidate: label,
        verdict: 'accept',
        scores: accepted.scores,
        failures: [],
        nextActions: [],
      },
    };
  if (prompt.includes('You review a colleague')) return { json: accepted };
  return fileReply('kept.js', 'new\n');
}

failingDisk('an answer, a tournament, and a run in a repository', {
  project: repository,
  reply,
  commands: [
    { args: ['run', 'it', '--gates', 'paths'], exitCode: 0 },
    {
      args: ['ask', 'Write it.', '--mode', 'simple', '--out', 'made', '--gates', 'paths'],
      exitCode: 0,
    },
    {
      args: [
        'tournament',
        '--spec',
        'spec.md',
        '--k',
        '1',
        '--critics',
        'contracts',
        '--out',
        'won',
        '--gates',
        'paths',
      ],
      exitCode: 0,
    },
  ],
  look: ['apply', 'it', '--check'],
  // What answers, tournaments and repositories alone write: all else is tried with a feature's run.
  isTried: (site) =>
    /workspace\.(?:staging|lock)|\.made|\/made$|written\.json|manifest\.json/.test(site) ||
    /(?:table\.json|rename .*(?:C1\.md|\.draft|\/won))$/.test(site),
  beside: async (root) => {
    const tree = await git(root, 'rev-parse', '-q', '--verify', 'blueprint/it^{tree}').catch(
      () => null,
    );
    return tree?.stdout ?? '';
  },
});
