import type { XmlElement } from '@rgrove/parse-xml';

/** The outermost element of a text, or why it is no whole XML. */
export type ReadXml = (text: string) => XmlElement | { readonly fault: string };

/**
 * A reader of XML, loaded when it is first needed. It knows the entities of XML itself and no others: what a
 * document declares is neither expanded nor fetched.
 */
export async function xmlReader(): Promise<ReadXml> {
  const { parseXml } = await import('@rgrove/parse-xml');
  return (text) => {
    try {
      return parseXml(withoutControls(text)).root ?? { fault: 'it is empty' };
    } catch (error) {
      const [words = ''] = (error instanceof Error ? error.message : '').split('\n');
      return { fault: words };
    }
  };
}

/** What no XML may hold, and reporters write all the same where a test printed it: colours, broken characters. */
function withoutControls(text: string): string {
  return text
    .replace(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\p{Surrogate}/gu, '\ufffd')
    .replace(/&#(?:(\d+)|x([\da-f]+));/gi, (whole, decimal?: string, hex?: string) => {
      const code = Number.parseInt(decimal ?? hex ?? '', decimal === undefined ? 16 : 10);
      return isCharacter(code) ? whole : '\ufffd';
    });
}

function isCharacter(code: number): boolean {
  if (code < 0x20) return code === 0x9 || code === 0xa || code === 0xd;
  return code < 0xd800 || (code > 0xdfff && code < 0xfffe) || (code > 0xffff && code < 0x110000);
}

/** The elements among what an element holds, of one name or of all. */
export function elementsOf({ children }: XmlElement, name?: string): XmlElement[] {
  return children.flatMap((child) =>
    isElement(child) && (name === undefined || child.name === name) ? [child] : [],
  );
}

function isElement(node: { readonly type: string }): node is XmlElement {
  return node.type === 'element';
}

/** All elements of one name below an element, in their order. */
export function elementsBelow(element: XmlElement, name: string): XmlElement[] {
  return elementsOf(element).flatMap((child) =>
    child.name === name ? [child, ...elementsBelow(child, name)] : elementsBelow(child, name),
  );
}
