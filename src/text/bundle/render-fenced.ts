import type { FileBundle } from '../../domain/bundle.ts';
import { fenceFor } from '../fence.ts';
import { renderEdit } from './edits.ts';
import { readDirective, readFence, writeValue } from './lines.ts';

/** Stands behind a block whose last line has no newline. */
export const noNewline = '\\ No newline at end of file';

/** The fenced form of a bundle; `parseFencedBundle` gives back the same bundle. */
export function renderFencedBundle(bundle: FileBundle): string {
  const parts = [
    ...(bundle.notes === '' ? [] : [renderNotes(bundle.notes)]),
    ...bundle.files.map(
      ({ path, content }) => `FILE: ${writeValue('FILE', path)}\n${fileBlock(content)}`,
    ),
    ...editGroups(bundle).map(
      ({ path, blocks }) =>
        `EDIT: ${writeValue('EDIT', path)}\n${fileBlock(`${blocks.join('\n')}\n`)}`,
    ),
    ...bundle.deletions.map((path) => `DELETE: ${writeValue('DELETE', path)}`),
    ...bundle.tests.map((path) => `TEST: ${writeValue('TEST', path)}`),
    ...bundle.commands.map((command) => `COMMAND: ${writeValue('COMMAND', command)}`),
  ];
  return `${parts.join('\n\n')}\n`;
}

function fileBlock(content: string): string {
  const mark = fenceFor(content, 4);
  const whole = content === '' || content.endsWith('\n');
  return whole ? `${mark}\n${content}${mark}` : `${mark}\n${content}\n${mark}\n${noNewline}`;
}

function renderNotes(notes: string): string {
  const plain =
    notes === notes.trim() &&
    !notes.includes('\n\n\n') &&
    notes.split('\n').every((line) => readDirective(line) === null && readFence(line) === null);
  return plain ? notes : `NOTES:\n${fileBlock(notes)}`;
}

function editGroups(bundle: FileBundle): { path: string; blocks: string[] }[] {
  const groups: { path: string; blocks: string[] }[] = [];
  for (const edit of bundle.edits) {
    const last = groups.at(-1);
    if (last?.path === edit.path) last.blocks.push(renderEdit(edit));
    else groups.push({ path: edit.path, blocks: [renderEdit(edit)] });
  }
  return groups;
}
