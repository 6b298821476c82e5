import { routePolicies } from '../../domain/route.ts';
import { routeTask } from '../../use-cases/route-task.ts';
import { defineCommand } from '../command.ts';
import { flag } from '../option-kinds.ts';
import { configOptions, recordOptions, taskInWords } from '../options.ts';
import { createLiveView } from '../views/live.ts';
import { routeText } from '../views/route-view.ts';
import { readQuestion } from './ask.ts';

export const command = defineCommand({
  options: (yargs) =>
    yargs
      .positional('task', taskInWords)
      .option('rules', flag('Rules alone decide: no call is made'))
      .options(configOptions('policy', 'budget'))
      .options(recordOptions),
  async action({ task = [], rules, policy }, context) {
    const text = await readQuestion(task, context, 'route');
    const program = await context.program();
    const { listen, close } = createLiveView(context.screen);
    const caller = { listen, signal: context.signal };
    const input = {
      text,
      policy: routePolicies.find((each) => each === policy) ?? null,
      byModel: !rules,
    };
    const { route, folder, cost } = await routeTask(input, program, caller).finally(close);
    return { json: { ...route, folder, cost }, text: routeText(route, context.paint) };
  },
});
