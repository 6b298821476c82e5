export const preferenceFormats = ['openai', 'trl', 'trl-conversational', 'trl-unpaired'] as const;
export type PreferenceFormat = (typeof preferenceFormats)[number];

/** One turn of a prompt, as it is sent to models that take one text a message. */
export interface Message {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/** Two answers to one prompt, in the same form. */
export interface PairTexts {
  readonly prompt: readonly Message[];
  readonly chosen: string;
  readonly rejected: string;
}

/** An answer with its label, of the unpaired format. */
export interface LabelledText {
  readonly prompt: readonly Message[];
  readonly completion: string;
  readonly label: boolean;
}

/**
 * A pair as its format has it: OpenAI's preference fine-tuning
 * (https://platform.openai.com/docs/guides/direct-preference-optimization), or TRL's preference types, standard
 * and conversational (https://huggingface.co/docs/trl/dataset_formats).
 */
export function pairRecord(
  format: Exclude<PreferenceFormat, 'trl-unpaired'>,
  { prompt, chosen, rejected }: PairTexts,
): object {
  switch (format) {
    case 'openai':
      return {
        input: { messages: prompt, tools: [], parallel_tool_calls: true },
        preferred_output: [said(chosen)],
        non_preferred_output: [said(rejected)],
      };
    case 'trl':
      return { prompt: plainPrompt(prompt), chosen, rejected };
    case 'trl-conversational':
      return { prompt, chosen: [said(chosen)], rejected: [said(rejected)] };
  }
}

/** TRL's unpaired preference, standard. */
export function labelledRecord({ prompt, completion, label }: LabelledText): object {
  return { prompt: plainPrompt(prompt), completion, label };
}

/**
 * Neighbours of one role are one message, blank parts are left out, as where they are sent.
 */
export function messagesOf(
  parts: readonly { readonly role: Message['role']; readonly text: string }[],
): Message[] {
  const messages: Message[] = [];
  for (const { role, text } of parts) {
    if (text.trim() === '') continue;
    const last = messages.at(-1);
    if (last?.role === role)
      messages.splice(-1, 1, { role, content: `${last.content}\n\n${text}` });
    else messages.push({ role, content: text });
  }
  return messages;
}

function said(content: string): Message {
  return { role: 'assistant', content };
}

/** The standard format knows no roles: the texts, one below the other, and a blank line before the answer. */
function plainPrompt(prompt: readonly Message[]): string {
  return `${prompt.map(({ content }) => content).join('\n\n')}\n\n`;
}
