/** Writes schemas/*.schema.json from the zod schemas, and the tables of docs/: `npm run schemas`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { configSchema } from '../src/config/schema.ts';
import { fileBundleSchema } from '../src/domain/bundle.ts';
import { finalPositionSchema } from '../src/domain/debate.ts';
import { reviewSchema } from '../src/domain/review.ts';
import { traceLineSchema } from '../src/domain/trace.ts';
import { featureDocumentSchema } from '../src/domain/task.ts';
import { provenanceSchema } from '../src/report/preferences/provenance.ts';
import { pages, pageWithTables } from './tables.ts';

const published = {
  tasks: { schema: featureDocumentSchema, title: 'blueprint: features/NAME/tasks.json' },
  config: { schema: configSchema, title: 'blueprint: blueprint.config.json' },
  bundle: { schema: fileBundleSchema, title: 'blueprint: the files that a model proposes' },
  debate: { schema: finalPositionSchema, title: 'blueprint: the final position of a debate' },
  provenance: {
    schema: provenanceSchema,
    title: 'blueprint: a line of where preference pairs come from',
  },
  review: { schema: reviewSchema, title: 'blueprint: a review of proposed files' },
  trace: { schema: traceLineSchema, title: 'blueprint: a line of export trace' },
};

/** The published schemas by file name, as they should stand in schemas/. */
export function schemaFiles(): Map<string, string> {
  return new Map(
    Object.entries(published).map(([name, { schema, title }]) => {
      // Draft 7 is what editors and validators know best; as written, so that what has a default may be absent.
      const { $schema, ...json } = z.toJSONSchema(schema, { target: 'draft-7', io: 'input' });
      return [`${name}.schema.json`, `${JSON.stringify({ $schema, title, ...json }, null, 2)}\n`];
    }),
  );
}

if (process.argv[1] === import.meta.filename) {
  const folder = join(import.meta.dirname, '../schemas');
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of schemaFiles()) writeFileSync(join(folder, name), text);
  for (const page of pages)
    writeFileSync(join(import.meta.dirname, '../docs', page), await pageWithTables(page));
}
