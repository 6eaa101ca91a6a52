import { createRequire } from 'node:module';
import type { Node, Parser } from '@vscode/tree-sitter-wasm';

const require = createRequire(import.meta.url);

/** The longest that one text may take: where it is far from its language, looking for what was meant is slow. */
const MAX_PARSE_MS = 4000;

/**
 * What is wrong with a text by tree-sitter's grammar of its language, without words of the text. Null: nothing is.
 *
 * The grammars run as WebAssembly: a text that exhausts one ends in an error that is caught. They are made for editors,
 * and take a little more than compilers do. Python's indentation, of which they take nearly any, is checked here.
 *
 * @param grammar as the package names it: `python`, `c-sharp`
 * @throws {RangeError} it is nested too deeply, or takes too long
 */
export async function faultByGrammar(grammar: string, text: string): Promise<string | null> {
  const parser = await parserOf(grammar);
  const end = performance.now() + MAX_PARSE_MS;
  const tree = parser.parse(text, null, { progressCallback: () => performance.now() > end });
  parser.reset();
  if (!tree) throw new RangeError('It takes too long.');
  try {
    const root = tree.rootNode;
    if (root.hasError) return faultIn(root);
    return grammar === 'python' ? indentationFault(root, text.split('\n')) : null;
  } finally {
    tree.delete();
  }
}

const parsers = new Map<string, Promise<Parser>>();

function parserOf(grammar: string): Promise<Parser> {
  const parser = parsers.get(grammar) ?? loadParser(grammar);
  parsers.set(grammar, parser);
  return parser;
}

async function loadParser(grammar: string): Promise<Parser> {
  const { Language, Parser } = require('@vscode/tree-sitter-wasm') as typeof import('@vscode/tree-sitter-wasm');
  await Parser.init();
  const language = await Language.load(require.resolve(`@vscode/tree-sitter-wasm/wasm/tree-sitter-${grammar}.wasm`));
  return new Parser().setLanguage(language);
}

const lineOf = ({ startPosition }: Node): number => startPosition.row + 1;
const nodesOf = (nodes: readonly (Node | null)[]): Node[] => nodes.filter((node) => node !== null);

/** The first fault of the text; where one is within another, the inner one. */
function faultIn(root: Node): string {
  let fault = root;
  for (let node: Node | undefined = root; node; ) {
    if (node.isError || node.isMissing) fault = node;
    node = nodesOf(node.children).find((child) => child.hasError || child.isMissing);
  }
  return `${fault.isMissing ? 'Something is missing' : 'Something stands where it cannot'}, line ${lineOf(fault)}.`;
}

const CLAUSES = ['elif_clause', 'else_clause', 'except_clause', 'finally_clause'];

/**
 * Statements of a block stand equally deep, deeper than its head, and there is one at least; what belongs to a statement, as
 * `else` or a decorator does, is as deep as that; and `try` has an end.
 */
function indentationFault(root: Node, lines: readonly string[]): string | null {
  const indentOf = (node: Node) => /^[ \t]*/.exec(lines[node.startPosition.row] ?? '')?.[0] ?? '';
  const startsLine = (node: Node) => node.startPosition.column === indentOf(node).length;
  const statementsOf = (node: Node) => nodesOf(node.namedChildren).filter(({ type }) => type !== 'comment');
  const unlike = (nodes: readonly Node[], indent: string) =>
    nodes.find((node) => startsLine(node) && indentOf(node) !== indent);

  const outside = unlike(statementsOf(root), '');
  if (outside) return `Line ${lineOf(outside)} is indented, and nothing above asks for it.`;
  for (const node of nodesOf(root.descendantsOfType(['block', 'decorated_definition', 'try_statement', ...CLAUSES]))) {
    const head = node.type === 'decorated_definition' ? node : (node.parent ?? root);
    if (node.type === 'block') {
      const statements = statementsOf(node);
      if (statements.length === 0) return `Nothing is in the block of line ${lineOf(head)}.`;
      const first = statements.find(startsLine);
      if (!first) continue;
      const isDeeper = indentOf(first).startsWith(indentOf(head)) && indentOf(first) !== indentOf(head);
      const wrong = isDeeper ? unlike(statements, indentOf(first)) : first;
      if (wrong) return `Line ${lineOf(wrong)} is not as deep as the block that it is in.`;
    } else if (node.type === 'try_statement') {
      const ends = nodesOf(node.children).some(({ type }) => type === 'except_clause' || type === 'finally_clause');
      if (!ends) return `Neither except nor finally follows the try of line ${lineOf(node)}.`;
    } else {
      const wrong = unlike(node === head ? statementsOf(node) : [node], indentOf(head));
      if (wrong) return `Line ${lineOf(wrong)} is not as deep as what it belongs to.`;
    }
  }
  return null;
}
