/** What one TypeScript file says about the rest of the project, read from its syntax tree. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

export const root = fileURLToPath(new URL('../../../', import.meta.url));

export interface Import {
  /**
   * A path from the project's root without its extension (`src/domain/case/acts`), or a package's name as written (`node:fs`, `typeorm`).
   */
  readonly target: string;
  /** True when the import leaves no trace in the compiled file. */
  readonly typeOnly: boolean;
  readonly names: readonly string[];
}

export interface Source {
  /** From the project's root, with `/`: `src/domain/case/acts.ts`. */
  readonly file: string;
  readonly lines: number;
  readonly imports: readonly Import[];
  /** Every `a.b` and `a['b']` whose left side is a plain name, as `a.b`; `const { b } = a` counts too. */
  readonly members: ReadonlySet<string>;
}

function targetOf(file: string, specifier: string): string {
  if (!specifier.startsWith('.')) return specifier;
  return path.posix.join(path.posix.dirname(file), specifier).replace(/\.(js|ts)$/, '');
}

function namesOf(clause: ts.ImportClause | undefined): { names: string[]; typeOnly: boolean } {
  if (!clause) return { names: [], typeOnly: false };
  const bindings = clause.namedBindings;
  const elements = bindings && ts.isNamedImports(bindings) ? [...bindings.elements] : [];
  const allTypes = !clause.name && elements.length > 0 && elements.every((element) => element.isTypeOnly);
  const names = elements.map((element) => (element.propertyName ?? element.name).text);
  return { names, typeOnly: clause.phaseModifier === ts.SyntaxKind.TypeKeyword || allTypes };
}

type Reference = Omit<Import, 'target'> & { readonly specifier: ts.Node };

/** The five ways of naming another module: import, export from, `import x = require`, a type's `import('…')`, and a call. */
function referenceIn(node: ts.Node): Reference | undefined {
  if (ts.isImportDeclaration(node)) return { ...namesOf(node.importClause), specifier: node.moduleSpecifier };
  if (ts.isExportDeclaration(node) && node.moduleSpecifier)
    return { names: [], typeOnly: node.isTypeOnly, specifier: node.moduleSpecifier };
  if (ts.isExternalModuleReference(node)) return { names: [], typeOnly: false, specifier: node.expression };
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument))
    return { names: [], typeOnly: true, specifier: node.argument.literal };
  if (ts.isCallExpression(node) && node.arguments[0] && isImportCall(node.expression))
    return { names: [], typeOnly: false, specifier: node.arguments[0] };
  return undefined;
}

const isImportCall = (callee: ts.Expression): boolean =>
  callee.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(callee) && callee.text === 'require');

function membersIn(node: ts.Node): string[] {
  if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression)) return [`${node.expression.text}.${node.name.text}`];
  if (ts.isElementAccessExpression(node) && ts.isIdentifier(node.expression) && ts.isStringLiteralLike(node.argumentExpression))
    return [`${node.expression.text}.${node.argumentExpression.text}`];
  if (ts.isVariableDeclaration(node) && ts.isObjectBindingPattern(node.name) && node.initializer && ts.isIdentifier(node.initializer)) {
    const { text } = node.initializer;
    return node.name.elements.map((element) => `${text}.${(element.propertyName ?? element.name).getText()}`);
  }
  return [];
}

export function sourceOf(file: string, text: string): Source {
  const imports: Import[] = [];
  const members = new Set<string>();
  const visit = (node: ts.Node): void => {
    const reference = referenceIn(node);
    if (reference && ts.isStringLiteralLike(reference.specifier)) {
      const { specifier, ...rest } = reference;
      imports.push({ ...rest, target: targetOf(file, reference.specifier.text) });
    }
    for (const member of membersIn(node)) members.add(member);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, text, ts.ScriptTarget.ES2022, true));
  return { file, lines: text.trimEnd().split('\n').length, imports, members };
}

/**
 * Every TypeScript file below the named folders of the project; a folder that is not there is an error, so that no fence guards nothing.
 */
export function sourcesBelow(...folders: string[]): Source[] {
  return folders.flatMap((folder) =>
    readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.tsx?$/.test(name) && !name.startsWith('generated'))
      .map((name) => path.posix.join(folder, name.split(path.sep).join('/')))
      .sort()
      .map((file) => sourceOf(file, readFileSync(path.join(root, file), 'utf8'))),
  );
}
