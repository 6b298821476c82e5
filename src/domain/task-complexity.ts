const hard =
  /\b(?:concurren(?:t|cy)|parallel|distributed|transactions?|migrat(?:e|es|ion|ions)|security|encrypt(?:s|ed|ion)?|protocol|consisten(?:t|cy)|architecture|performance|scal(?:e|able|ability)|real-?time|parser|compiler|backwards?[- ]compatib(?:le|ility))\b/gi;

/** Of a task that nobody rated. */
export interface Complexity {
  /** 1 to 10. */
  readonly value: number;
  /** For people: what it was made of. */
  readonly reason: string;
}

/**
 * How hard a task looks, from its words alone: a step for each 60 words, for each two listed points, and for
 * each kind of thing that is known to be hard. A rough guess, made to be overruled.
 */
export function estimateComplexity(text: string): Complexity {
  const words = text.split(/\s+/).filter((word) => word !== '').length;
  const points = (text.match(/^\s*(?:[-*+]|\d+[.)])\s+\S/gm) ?? []).length;
  const kinds = new Set((text.match(hard) ?? []).map((word) => word.toLowerCase())).size;
  const sum = 1 + Math.floor(words / 60) + Math.floor(points / 2) + kinds;
  const counted = [
    `${words} word${words === 1 ? '' : 's'}`,
    ...(points > 0 ? [`${points} listed point${points === 1 ? '' : 's'}`] : []),
    ...(kinds > 0 ? [`${kinds} hard word${kinds === 1 ? '' : 's'}`] : []),
  ];
  return { value: Math.min(10, sum), reason: counted.join(', ') };
}
