import { sha256 } from '../../text/sha256.ts';
import type { ReportDocument } from '../work/document.ts';
import { costSection, worksSection } from './cost.ts';
import { coverageSection } from './coverage.ts';
import { debatesSection } from './debate.ts';
import { graphSection } from './graph-svg.ts';
import { headSection } from './head.ts';
import { html, literal, type Markup } from './html.ts';
import { timeText } from './parts.ts';
import { decisionsSection, warningsSection } from './people.ts';
import { style } from './style.ts';
import { tasksSection } from './task.ts';
import { timelineSection } from './timeline-svg.ts';

/** What every page begins with: by it a report is known as one. */
export const pageMark = '<!doctype html>\n<!-- made by: blueprint report -->\n';

/** As its parts, as nothing but the sheet may stand between them: the policy knows it by its hash. */
const styleElement = [literal`<style>`, style, literal`</style>`];

/**
 * The page of a report: one file that loads nothing and runs nothing. A policy keeps a browser from doing
 * either, should markup ever come through.
 */
export function reportPage(document: ReportDocument): string {
  const { subject, made, feature } = document;
  const body = html`<html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta
        http-equiv="Content-Security-Policy"
        content="default-src 'none'; style-src 'sha256-${styleHash()}'; base-uri 'none'; form-action 'none'"
      />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta name="referrer" content="no-referrer" />
      <title>${subject.title} · blueprint report</title>
      ${styleElement}
    </head>
    <body>
      ${headSection(document)}
      <main>
        ${feature && graphSection(feature)} ${feature && timelineSection(feature)}
        ${feature && coverageSection(feature)} ${feature && tasksSection(feature)}
        ${debatesSection(document)} ${feature && decisionsSection(feature)}
        ${feature && warningsSection(feature)} ${costSection(document)} ${worksSection(document)}
      </main>
      <footer>
        <p>
          Made by blueprint at ${timeText(made)} UTC. What stands here is a reading of what is kept
          on disk; what models wrote is shown as they wrote it, characters that nobody sees as
          escapes.
        </p>
      </footer>
    </body>
  </html> `;
  return pageMark + body.toString();
}

function styleHash(): Markup {
  return html`${Buffer.from(sha256(style.toString()), 'hex').toString('base64')}`;
}
