import { featureDocumentSchema } from '../../src/domain/task.ts';

const at = '2026-01-31T12:00:00.000Z';

const document = featureDocumentSchema.parse({
  schemaVersion: 2,
  title: 'Link checker',
  createdAt: at,
  updatedAt: at,
  plan: { specSha256: '', spec: null, refined: false, warnings: [] },
  requirements: [{ id: 'R1', text: 'It finds broken links.' }],
  tasks: [
    {
      id: 'T1',
      title: 'Design the checker',
      type: 'architecture',
      requirements: ['R1'],
      files: ['docs/design.md'],
    },
    { id: 'T2', title: 'Set the project up', type: 'boilerplate', dependsOn: ['T1'] },
    {
      id: 'T3',
      title: 'Find broken links',
      type: 'code',
      dependsOn: ['T1', 'T2'],
      requirements: ['R1'],
      files: ['src/links.js'],
    },
    { id: 'T4', title: 'Review the whole', type: 'review', dependsOn: ['T3'] },
  ],
});

/** A project with the feature `links`, planned and not begun. */
export const plannedFiles = {
  'features/links/brief.md': '# Link checker\n\nIt finds broken links.\n',
  'features/links/spec.md':
    '# Link checker\n\n## Requirements\n\n### R1: It finds broken links.\n\n- A test shows it.\n',
  'features/links/tasks.json': `${JSON.stringify(document, null, 2)}\n`,
} as const;
