/**
 * Stands for the segmenters that packages make as they are loaded: the first takes 20 ms, and most of what is
 * drawn is plain ASCII, which they never hand to one.
 */
export function laterSegmenter(...options) {
  let made;
  return {
    segment(text) {
      made ??= new Intl.Segmenter(...options);
      return made.segment(text);
    },
  };
}
