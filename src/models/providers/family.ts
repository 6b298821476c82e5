/** Names in a model's id, each with the family it belongs to. */
const families: readonly (readonly [RegExp, string])[] = [
  [/claude/, 'claude'],
  [/deepseek/, 'deepseek'],
  [/grok/, 'grok'],
  [/qwen|qwq/, 'qwen'],
  [/gemini|gemma/, 'gemini'],
  [/mistral|mixtral|codestral|devstral|ministral|magistral/, 'mistral'],
  [/kimi|moonshot/, 'kimi'],
  [/\bglm\b/, 'glm'],
  [/llama/, 'llama'],
  [/\b(gpt|chatgpt|codex|o[1-9])\b/, 'gpt'],
];

/**
 * The family of a model behind a compatible endpoint: by a known name in its id, else by the vendor in
 * `vendor/model`, else the provider.
 */
export function modelFamily(provider: string, model: string): string {
  const id = model.toLowerCase();
  const slash = id.lastIndexOf('/');
  const [name, vendor] = [id.slice(slash + 1), slash > 0 ? id.slice(0, slash) : ''];
  const known =
    families.find(([pattern]) => pattern.test(name)) ??
    families.find(([pattern]) => pattern.test(vendor));
  if (known !== undefined) return known[1];
  return vendor === '' ? provider : (vendor.split('/').at(-1) ?? provider);
}
