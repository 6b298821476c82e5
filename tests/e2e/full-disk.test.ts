import type { ReceivedRequest } from '../helpers/loopback/server.ts';
import { projects } from '../helpers/run-cli.ts';
import { adderReply, brief, stageOf } from './conversation.ts';
import { failingDisk } from './failing-disk.ts';

const createProject = projects();

failingDisk('a plan, its run, and what follows', {
  project: () => createProject({ 'brief.md': brief }),
  reply: oneTask,
  commands: [
    { args: ['new', 'brief.md'], exitCode: 0 },
    { args: ['run', 'adder', '--gates', 'paths,syntax'], exitCode: 0 },
    { args: ['apply', 'adder'], exitCode: 0 },
    { args: ['undo', 'adder'], exitCode: 0 },
    { args: ['reject', 'adder', 'T2', '--feedback', 'Say more.'], exitCode: 0 },
  ],
  look: ['apply', 'adder', '--check'],
});

/** The adder's conversation with one task of its plan: wrong at first, then corrected. */
function oneTask(request: ReceivedRequest): string {
  const reply = adderReply(request);
  if (!['plan', 'refine'].includes(stageOf(request))) return reply;
  const planned = JSON.parse(reply) as { tasks: { id: string; dependsOn: string[] }[] };
  const tasks = planned.tasks.filter(({ id }) => id === 'T2');
  for (const task of tasks) task.dependsOn = [];
  return JSON.stringify({ ...planned, tasks });
}
