import type { LanguageModel, ModelRequest, ModelResult } from '../language-model.ts';

/** A request whose sender wants to know when it stands in a queue and when it is sent. */
export interface PacedRequest extends ModelRequest {
  /** The call waits for its turn: no clock may run on it. */
  readonly onWait?: () => void;
  /** The call is about to be sent. */
  readonly onTurn?: () => void;
}

/** A model that may hold calls back before it sends them. Every LanguageModel is one that never does. */
export interface PacedModel {
  readonly identity: LanguageModel['identity'];
  generate(request: PacedRequest): Promise<ModelResult>;
}
