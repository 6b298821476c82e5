import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { execa } from 'execa';
import { hostPrograms } from './sandboxes.ts';

const names = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome'];

/** This machine's Chromium; null where it has none. */
export async function findChromium(): Promise<string | null> {
  for (const name of names) {
    const path = await hostPrograms.find(name);
    if (path !== null) return path;
  }
  return null;
}

/** A page as a browser has it. */
export interface SeenPage {
  /** All that can be read once everything is unfolded. */
  readonly text: string;
  /** px; wider than the window: one has to scroll sideways. */
  readonly width: number;
  /** Whether the page's own sheet is in force. */
  readonly isStyled: boolean;
  /** Addresses that the page asked for, itself left out. */
  readonly requests: readonly string[];
  /** What the browser complained of: errors, violations of the policy. */
  readonly complaints: readonly string[];
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly message: string };
}

/** Opens a file as a person would, in a window so wide, px. Commands go by a pipe (Chrome DevTools Protocol). */
export async function openPage(chromium: string, file: string, width: number): Promise<SeenPage> {
  const profile = await mkdtemp(join(tmpdir(), 'blueprint-chromium-'));
  const child = execa(
    chromium,
    [
      '--headless',
      '--remote-debugging-pipe',
      // Its own sandbox does not work for root; what it opens runs nothing.
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      `--user-data-dir=${profile}`,
    ],
    {
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
      buffer: false,
      reject: false,
      // What is on PATH may be a script that starts it: all of its group is ended.
      detached: true,
      cleanup: false,
    },
  );
  const end = (): void => {
    try {
      process.kill(-(child.pid ?? 0), 'SIGKILL');
    } catch {
      return;
    }
  };
  const deadline = setTimeout(end, 60_000);
  process.once('exit', end);
  try {
    return await look(child.stdio as unknown as (Duplex | null)[], pathToFileURL(file).href, width);
  } finally {
    clearTimeout(deadline);
    process.off('exit', end);
    end();
    await child;
    await rm(profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

async function look(stdio: (Duplex | null)[], url: string, width: number): Promise<SeenPage> {
  const [, , , input, output] = stdio;
  if (!input || !output) throw new Error('no pipes to the browser');
  const waiting = new Map<number, (message: Message) => void>();
  const requests: string[] = [];
  const complaints: string[] = [];
  let loaded = (): void => undefined;
  const whole = new Promise<void>((resolve) => (loaded = resolve));
  const ended = new Promise<never>((_, reject) =>
    output.once('close', () => reject(new Error('the browser ended'))),
  );
  ended.catch(() => undefined);

  const hear = ({ method, params }: Message): void => {
    if (method === 'Page.loadEventFired') loaded();
    if (method === 'Log.entryAdded' || method === 'Runtime.consoleAPICalled')
      complaints.push(JSON.stringify(params));
    if (method === 'Network.requestWillBeSent') {
      const asked = String((params?.['request'] as { url?: unknown } | undefined)?.url);
      if (asked !== url) requests.push(asked);
    }
  };
  let text = '';
  output.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    const messages = text.split('\0');
    text = messages.pop() ?? '';
    for (const each of messages) {
      const message = JSON.parse(each) as Message;
      if (message.id === undefined) hear(message);
      else waiting.get(message.id)?.(message);
    }
  });
  let sent = 0;
  const ask = async (method: string, params: object = {}, sessionId?: string) => {
    const id = ++sent;
    const reply = new Promise<Message>((resolve) => waiting.set(id, resolve));
    input.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    const { result = {}, error } = await Promise.race([reply, ended]);
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result;
  };

  const { targetId } = await ask('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await ask('Target.attachToTarget', { targetId, flatten: true });
  const page = (method: string, params?: object) => ask(method, params, String(sessionId));
  for (const domain of ['Page', 'Runtime', 'Log', 'Network']) await page(`${domain}.enable`);
  const size = { width, height: 800, deviceScaleFactor: 1, mobile: false };
  await page('Emulation.setDeviceMetricsOverride', size);
  await page('Page.navigate', { url });
  await Promise.race([whole, ended]);
  const evaluate = async (expression: string): Promise<unknown> => {
    const { result } = await page('Runtime.evaluate', { expression, returnByValue: true });
    return (result as { value?: unknown } | undefined)?.value;
  };
  const seen = await evaluate(`(() => {
    for (const each of document.querySelectorAll('details')) each.open = true;
    return {
      text: document.body.innerText,
      width: document.documentElement.scrollWidth,
      isStyled: getComputedStyle(document.querySelector('.scroll')).overflowX === 'auto',
    };
  })()`);
  return { ...(seen as Pick<SeenPage, 'text' | 'width' | 'isStyled'>), requests, complaints };
}
