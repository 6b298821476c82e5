import type { ModelErrorKind } from '../../../domain/model-error.ts';
import type { Usage } from '../../../domain/usage.ts';
import type { Call, StreamEnd } from '../call.ts';
import type { ErrorFacts } from '../provider-error.ts';

/** What a command-line program adds to what all share. */
export interface Cli {
  /** What the program is called when it is spoken of. */
  readonly title: string;
  /** How to get it; ends a sentence's worth of advice. */
  readonly install: string;
  /** How to sign in to it. */
  readonly login: string;
  /**
   * Whether it shows signs of life while it works. The silence of one that answers at its end means
   * nothing: only the deadline of the whole call ends it.
   */
  readonly streams: boolean;
  /** The longest prompt that it reads whole, in bytes. */
  readonly maxInputBytes?: number;
  readonly exitKinds?: Readonly<Record<number, ModelErrorKind>>;
  family(model: string): string;
  /** @param folder absolute; a temporary folder of this call, not the working folder. */
  prepare(call: CliCall, folder: string): Invocation;
  reader(call: Pick<Call, 'request'>, onText: (delta: string) => void): ReplyReader;
}

export interface CliCall extends Pick<Call, 'request' | 'prompt'> {
  /** Null: the program's own choice. */
  readonly model: string | null;
}

/** How the program is to be started. */
export interface Invocation {
  /** Never holds words of the prompt: anyone on the machine can read arguments. */
  readonly args: readonly string[];
  readonly input: string;
  readonly environment?: Readonly<Record<string, string>>;
  /** Contents by the absolute path below the call's folder. */
  readonly files?: Readonly<Record<string, string>>;
}

/** Makes a reply of what the program prints. */
export interface ReplyReader {
  push(text: string): void;
  /** Called once, when the program has ended. */
  end(): Reply;
}

export interface Reply {
  /** Null when there is none. */
  readonly text: string | null;
  /** What the program itself says went wrong. */
  readonly error?: CliError | undefined;
  /** What it said went wrong after the reply was whole, as the end of a session that it could not keep. */
  readonly late?: CliError | undefined;
  readonly finishReason?: StreamEnd['finishReason'];
  readonly rawFinishReason?: string | null;
  readonly usage?: Usage | undefined;
  readonly servedBy?: string | undefined;
  /** Output that is no reply, as far as it was kept. */
  readonly rest?: string;
}

/** `kind` where the program's reply says more than words do; status and codes are those of its own call. */
export type CliError = Pick<ErrorFacts, 'message' | 'status' | 'codes' | 'kind'>;
