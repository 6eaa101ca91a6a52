import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { malformed } from './report.ts';

export type XmlElement = { name: string; attributes: Record<string, string>; children: XmlElement[]; text: string };

/**
 * Reads a report's XML. Nothing outside of the text is read, and declared entities are refused: no coverage tool writes
 * any, and expanding them is how a small file fills the memory.
 *
 * @param skip elements left out with all that they hold; a report is mostly of those that say nothing about lines
 * @throws {BadRequestError} not well-formed, or declares entities
 */
export function readXml(text: string, name: string, skip: ReadonlySet<string>): XmlElement {
  const entity = text.indexOf('<!ENTITY');
  if (entity !== -1) throw malformed(name, lineAt(text, entity), 'entities are not allowed; take <!ENTITY ...> out');
  const fault = XMLValidator.validate(text);
  if (fault !== true) throw malformed(name, fault.err.line, `the XML is not well-formed: ${fault.err.msg}`);
  const root = parse(text, name, skip).find(({ name: tag }) => !tag.startsWith('?'));
  if (!root) throw malformed(name, 1, 'the XML has no element');
  return root;
}

function parse(text: string, name: string, skip: ReadonlySet<string>): XmlElement[] {
  const parser = new XMLParser({
    preserveOrder: true,
    ignoreAttributes: false,
    attributeNamePrefix: '',
    parseTagValue: false,
    parseAttributeValue: false,
    // Its own expansion counts &lt; of a big report against a limit made for bombs: `decode` knows the five alone.
    processEntities: false,
    maxNestedTags: 50,
    updateTag: (tag) => (skip.has(tag) ? false : tag),
  });
  try {
    return toElements(parser.parse(text));
  } catch (error) {
    throw malformed(name, null, 'the XML could not be read: nested too deep, or a name that is not allowed', error);
  }
}

/** fast-xml-parser's ordered form: `[{ tag: [children], ':@': attributes }, { '#text': ... }]`. */
function toElements(nodes: unknown): XmlElement[] {
  if (!Array.isArray(nodes)) return [];
  return nodes.flatMap((node: Record<string, unknown>) => {
    const tag = Object.keys(node).find((key) => key !== ':@' && key !== '#text');
    if (tag === undefined) return [];
    const attributes = Object.entries(node[':@'] ?? {}).map(([key, value]) => [key, decode(String(value))]);
    const inner = node[tag];
    return { name: tag, attributes: Object.fromEntries(attributes), children: toElements(inner), text: textOf(inner) };
  });
}

function textOf(nodes: unknown): string {
  if (!Array.isArray(nodes)) return '';
  return decode(nodes.map((node: Record<string, unknown>) => node['#text'] ?? '').join(''));
}

const NAMED: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decode(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(?:(amp|lt|gt|quot|apos)|#(\d{1,7})|#x([0-9a-fA-F]{1,6}));/g, (all, named, decimal, hex) => {
    if (named !== undefined) return NAMED[named] ?? all;
    const code = decimal === undefined ? Number.parseInt(hex, 16) : Number(decimal);
    return code <= 0x10ffff ? String.fromCodePoint(code) : all;
  });
}

/** All of that name, at any depth, in order. */
export function* descendants(element: XmlElement, name: string): Generator<XmlElement> {
  for (const child of element.children) {
    if (child.name === name) yield child;
    yield* descendants(child, name);
  }
}

export const childrenOf = (element: XmlElement | undefined, name: string): XmlElement[] =>
  element?.children.filter((child) => child.name === name) ?? [];

/** Line of a position in the text, from 1. */
function lineAt(text: string, position: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at !== -1 && at < position; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}
