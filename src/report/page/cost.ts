import { counted } from '../../text/counted.ts';
import { usdText, wasteOf, type Spend, type SpendOf } from '../cost.ts';
import type { ReportDocument } from '../work/document.ts';
import { html, type Markup } from './html.ts';
import { numberText, table } from './parts.ts';

const heads = [
  { number: 'Calls' },
  { number: 'Tokens in' },
  { number: 'Cached' },
  { number: 'Tokens out' },
  { number: 'Cost' },
] as const;
const mostRows = 100;

/** What the calls have cost, and what that was good for. */
export function costSection({ cost, pricesAsOf, skipped }: ReportDocument): Markup {
  const { total, useful, wasted, open, avoided, cutOff } = cost;
  const parts = wasteOf(cost);
  const passedOver = skipped.unreadable + skipped.unknown;
  return html`<section aria-labelledby="cost">
    <h2 id="cost">Cost</h2>
    <p>
      ${usdText(total)} in ${counted(total.calls, 'call')}: useful ${usdText(useful)}, wasted
      ${usdText(wasted)}${parts.length > 0 && ` (${parts.map(([name, spend]) => `${name} ${usdText(spend)}`).join(', ')})`}${open.calls > 0 && `, not decided yet ${usdText(open)}`}.${avoided.calls > 0 && ` ${counted(avoided.calls, 'more call')}, answered from what was kept, would have cost ${usdText(avoided)}.`}
    </p>
    ${byName('By role', cost.byRole)} ${byName('By model', cost.byModel)}
    ${byName('By task', cost.byTask)}
    <p class="note">
      Prices as of ${pricesAsOf}, or as in the config; a provider’s bill is what
      counts.${total.unpriced > 0 && ` ${counted(total.unpriced, 'call')} went to models of unknown price.`}${total.unreported > 0 && ` Of ${counted(total.unreported, 'call')} that failed nobody said what they used.`}${cutOff > 0 && ` The end of ${counted(cutOff, 'call')} was told by nobody.`}${passedOver > 0 && ` ${counted(passedOver, 'journal line')} could not be read and count as nothing.`}
    </p>
  </section>`;
}

function byName(title: string, rows: readonly SpendOf[]): Markup | false {
  const more = rows.length - mostRows;
  return (
    rows.length > 0 &&
    html`<h3>${title}</h3>
      ${table(
        title,
        [title.replace('By ', '').replace(/^./, (letter) => letter.toUpperCase()), ...heads],
        rows.slice(0, mostRows).map((row) => [row.name, ...cells(row)]),
      )}${more > 0 && html`<p class="note">and ${more} more, which cost less</p>`}`
  );
}

function cells(spend: Spend): string[] {
  const { calls, tokens } = spend;
  return [
    ...[calls, tokens.input, tokens.cachedInput, tokens.output].map(numberText),
    usdText(spend),
  ];
}

/** Work of the project that is told of nowhere else on the page. */
export function worksSection({ works }: ReportDocument): Markup | false {
  return (
    works.length > 0 &&
    html`<section aria-labelledby="works">
      <h2 id="works">Other work in this project</h2>
      ${table(
        'Other work',
        ['Asks, tournaments, debates', ...heads],
        works
          .slice(-mostRows)
          .map(({ path, spend }) => [html`<code>${path}</code>`, ...cells(spend)]),
      )}
      ${works.length > mostRows && html`<p class="note">and ${works.length - mostRows} more</p>`}
    </section>`
  );
}
