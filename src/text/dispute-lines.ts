const disputeLine = /^[\s*_>#-]*dispute[\s*_:]+([\w.-]+?)[\s*_]*[:–—-]\s*(.+)$/gim;

/** What an author says against tests of its work, a line each: `Dispute R2.1: why`. */
export function disputeLines(
  notes: string,
): { readonly criterion: string; readonly reason: string }[] {
  return [...notes.matchAll(disputeLine)].map(([, criterion = '', reason = '']) => {
    return { criterion, reason: reason.trim() };
  });
}
