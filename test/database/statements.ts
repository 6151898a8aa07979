import path from 'node:path';
import ts from 'typescript';
import { root } from '../architecture/source.js';

/** A place in the sources that asks the database, with every text that it can ask, as far as the sources tell. */
export interface Statement {
  /** `src/…/x.ts` */
  readonly file: string;
  readonly line: number;
  /** How it is called: the first words of the argument, to name it in a list. */
  readonly written: string;
  /** All texts; undefined where an argument is made at run time. */
  readonly texts: readonly string[] | undefined;
  /** Members of the row type that the call names; undefined where it names none. */
  readonly row: ReadonlyMap<string, Member> | undefined;
}

export interface Member {
  /** Its JavaScript type: `string`, `number`, `boolean`, `Date`, `Buffer`, `list`, or `other` for what JSON holds. */
  readonly kind: string;
  /** A row need not have it. */
  readonly optional: boolean;
}

type Bound = ReadonlyMap<ts.Symbol, readonly string[]>;
const NONE: Bound = new Map();
/** More variants than this are no statement any more, but a language. */
const MOST = 96;

export class Statements {
  private readonly checker: ts.TypeChecker;
  private readonly files: readonly ts.SourceFile[];
  /** Calls by the name that they call by; whom they call is asked only where it matters. */
  private readonly calls = new Map<string, ts.CallExpression[]>();

  constructor() {
    const config = ts.getParsedCommandLineOfConfigFile(
      path.join(root, 'tsconfig.json'),
      {},
      { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => undefined },
    );
    const wanted = config!.fileNames.filter((file) => /^(src|activities)\//.test(path.relative(root, file)));
    const program = ts.createProgram(wanted, { ...config!.options, noEmit: true });
    this.checker = program.getTypeChecker();
    this.files = program.getSourceFiles().filter((file) => wanted.includes(file.fileName));
    for (const file of this.files) this.indexCalls(file);
  }

  all(): Statement[] {
    return this.files.flatMap((file) => this.in(file));
  }

  private indexCalls(node: ts.Node): void {
    const name = ts.isCallExpression(node) ? calledName(node) : undefined;
    if (name) this.calls.set(name, [...(this.calls.get(name) ?? []), node as ts.CallExpression]);
    ts.forEachChild(node, (child) => this.indexCalls(child));
  }

  private callsOf(declaration: ts.SignatureDeclaration): ts.CallExpression[] {
    const holder = declaration.name ?? (ts.isVariableDeclaration(declaration.parent) ? declaration.parent.name : undefined);
    const named = holder && ts.isIdentifier(holder) ? this.calls.get(holder.text) : undefined;
    return (named ?? []).filter((call) => this.checker.getResolvedSignature(call)?.declaration === declaration);
  }

  private in(file: ts.SourceFile): Statement[] {
    const found: Statement[] = [];
    const visit = (node: ts.Node): void => {
      const sql = ts.isCallExpression(node) ? this.statementOf(node) : undefined;
      if (sql) {
        const { line } = file.getLineAndCharacterOfPosition(sql.getStart());
        found.push({
          file: path.relative(root, file.fileName).split(path.sep).join('/'),
          line: line + 1,
          written: sql.getText().replace(/^`/, '').replace(/\s+/g, ' ').slice(0, 60),
          texts: this.textsOf(sql, NONE),
          row: this.rowOf(node as ts.CallExpression),
        });
      }
      ts.forEachChild(node, visit);
    };
    visit(file);
    return found;
  }

  /** The argument that is a statement, of a call that asks. */
  private statementOf(call: ts.CallExpression): ts.Expression | undefined {
    const name = calledName(call);
    if (name === 'query') return this.isTransaction(call.expression) ? call.arguments[0] : undefined;
    return name === 'lookUp' ? call.arguments[2] : undefined;
  }

  /** What has both `query` and `of` is a transaction. */
  private isTransaction(callee: ts.Expression): boolean {
    if (!ts.isPropertyAccessExpression(callee)) return false;
    const type = this.checker.getTypeAtLocation(callee.expression);
    return type.getProperty('query') !== undefined && type.getProperty('of') !== undefined;
  }

  private rowOf(call: ts.CallExpression): ReadonlyMap<string, Member> | undefined {
    const named = call.typeArguments?.[0];
    const row = named && this.elementOf(this.elementOf(this.checker.getTypeFromTypeNode(named)));
    if (!row || row.flags & (ts.TypeFlags.Unknown | ts.TypeFlags.Any | ts.TypeFlags.TypeParameter)) return undefined;
    if (this.checker.getIndexInfosOfType(row).length > 0) return undefined;
    return new Map(this.checker.getPropertiesOfType(row).map((member) => [member.name, this.memberOf(member)]));
  }

  /** A list's element, and of what changes rows, which answers `[rows, count]`, the list's; anything else is itself. */
  private elementOf(type: ts.Type): ts.Type {
    if (this.checker.isTupleType(type)) return this.checker.getTypeArguments(type as ts.TypeReference)[0] ?? type;
    return this.checker.isArrayType(type) ? (this.checker.getTypeArguments(type as ts.TypeReference)[0] ?? type) : type;
  }

  private memberOf(member: ts.Symbol): Member {
    const type = this.checker.getNonNullableType(this.checker.getTypeOfSymbol(member));
    const kinds = new Set((type.isUnion() ? type.types : [type]).map((one) => this.kindOf(one)));
    return { kind: kinds.size === 1 ? [...kinds][0]! : 'other', optional: (member.flags & ts.SymbolFlags.Optional) !== 0 };
  }

  private kindOf(type: ts.Type): string {
    if (type.flags & ts.TypeFlags.StringLike) return 'string';
    if (type.flags & ts.TypeFlags.NumberLike) return 'number';
    if (type.flags & ts.TypeFlags.BooleanLike) return 'boolean';
    if (this.checker.isArrayType(type) || this.checker.isTupleType(type)) return 'list';
    const name = type.getSymbol()?.name ?? '';
    return name === 'Date' || name === 'Buffer' ? name : 'other';
  }

  /** Every text that an expression can be, with parameters as they are bound. */
  private textsOf(node: ts.Expression, bound: Bound): readonly string[] | undefined {
    if (ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isSatisfiesExpression(node))
      return this.textsOf(node.expression, bound);
    if (ts.isStringLiteralLike(node)) return [node.text];
    if (ts.isNumericLiteral(node)) return [node.text.replaceAll('_', '')];
    if (ts.isTemplateExpression(node)) return this.template(node, bound);
    if (ts.isConditionalExpression(node)) return either(this.textsOf(node.whenTrue, bound), this.textsOf(node.whenFalse, bound));
    if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken)
      return product([this.textsOf(node.left, bound), this.textsOf(node.right, bound)]);
    if (ts.isIdentifier(node)) return this.named(node, bound) ?? this.byType(node);
    if (ts.isCallExpression(node)) return this.called(node, bound) ?? this.byType(node);
    if (ts.isElementAccessExpression(node) || ts.isPropertyAccessExpression(node)) return this.member(node, bound) ?? this.byType(node);
    return this.byType(node);
  }

  private template(node: ts.TemplateExpression, bound: Bound): readonly string[] | undefined {
    return product([
      [node.head.text],
      ...node.templateSpans.flatMap((span) => [this.textsOf(span.expression, bound), [span.literal.text]]),
    ]);
  }

  /** A type that is a literal, or a union of some, is as good as the text; any number of rows does. */
  private byType(node: ts.Expression): readonly string[] | undefined {
    const type = this.checker.getTypeAtLocation(node);
    if (type.isStringLiteral()) return [type.value];
    if (type.isUnion() && type.types.every((one) => one.isStringLiteral()))
      return type.types.map((one) => (one as ts.StringLiteralType).value);
    return type.flags & (ts.TypeFlags.NumberLike as number) ? ['7'] : undefined;
  }

  private symbolOf(node: ts.Node): ts.Symbol | undefined {
    const symbol = this.checker.getSymbolAtLocation(node);
    return symbol && symbol.flags & ts.SymbolFlags.Alias ? this.checker.getAliasedSymbol(symbol) : symbol;
  }

  private named(node: ts.Identifier, bound: Bound): readonly string[] | undefined {
    const symbol = this.symbolOf(node);
    if (!symbol) return undefined;
    const given = bound.get(symbol);
    if (given) return given;
    const declaration = symbol.valueDeclaration;
    if (!declaration) return undefined;
    if (ts.isVariableDeclaration(declaration) && declaration.initializer) return this.textsOf(declaration.initializer, bound);
    if (ts.isParameter(declaration)) return this.passed(declaration);
    if (ts.isBindingElement(declaration)) return this.taken(declaration, bound);
    return undefined;
  }

  /** An element of a list that stands in the sources: `const [a, b] = …`. */
  private taken(element: ts.BindingElement, bound: Bound): readonly string[] | undefined {
    const { parent } = element;
    if (!ts.isArrayBindingPattern(parent) || !ts.isVariableDeclaration(parent.parent) || !parent.parent.initializer) return undefined;
    const at = parent.elements.indexOf(element);
    const of = (node: ts.Expression): readonly string[] | undefined => {
      if (ts.isConditionalExpression(node)) return either(of(node.whenTrue), of(node.whenFalse));
      const one = ts.isArrayLiteralExpression(node) ? node.elements[at] : undefined;
      return one && this.textsOf(one, bound);
    };
    return of(parent.parent.initializer);
  }

  /** The elements of a list of texts, each with one text. */
  private listOf(node: ts.Expression | undefined, bound: Bound): readonly string[] | undefined {
    const list = unwrapped(node);
    if (!list) return undefined;
    if (ts.isIdentifier(list)) {
      const declaration = this.symbolOf(list)?.valueDeclaration;
      return declaration && ts.isVariableDeclaration(declaration) ? this.listOf(declaration.initializer, bound) : undefined;
    }
    if (ts.isArrayLiteralExpression(list)) {
      const texts = list.elements.map((element) =>
        ts.isSpreadElement(element) ? this.listOf(element.expression, bound) : this.textsOf(element, bound),
      );
      return texts.every((one) => one !== undefined) ? texts.flat() : undefined;
    }
    return ts.isCallExpression(list) && ts.isPropertyAccessExpression(list.expression)
      ? this.listed(list, list.expression, bound)
      : undefined;
  }

  private listed(call: ts.CallExpression, { expression, name }: ts.PropertyAccessExpression, bound: Bound): readonly string[] | undefined {
    const [argument] = call.arguments;
    if (name.text === 'split' && argument) {
      const [text, by] = [this.textsOf(expression, bound), this.textsOf(argument, bound)];
      return text?.length === 1 && by?.[0] !== undefined ? text[0]!.split(by[0]) : undefined;
    }
    const made = argument && ts.isArrowFunction(argument) ? argument : undefined;
    const body = made && bodyOf(made);
    const symbol = made?.parameters[0] && this.symbolOf(made.parameters[0].name);
    if (name.text !== 'map' || !body || !symbol) return undefined;
    const texts = this.listOf(expression, bound)?.map((text) => this.textsOf(body, new Map(bound).set(symbol, [text])));
    return texts?.every((one) => one?.length === 1) ? texts.map((one) => one![0]!) : undefined;
  }

  /** What every caller passes for a parameter. */
  private passed(parameter: ts.ParameterDeclaration): readonly string[] | undefined {
    const at = parameter.parent.parameters.indexOf(parameter);
    const calls = this.callsOf(parameter.parent);
    if (calls.length === 0) return undefined;
    const texts = calls.map((call) => {
      const argument = call.arguments[at];
      if (!argument) return parameter.initializer ? this.textsOf(parameter.initializer, NONE) : undefined;
      return inside(argument, parameter.parent) ? undefined : this.textsOf(argument, NONE); // a function that calls itself has no end
    });
    return texts.reduce(either);
  }

  private called(call: ts.CallExpression, bound: Bound): readonly string[] | undefined {
    if (ts.isPropertyAccessExpression(call.expression) && call.expression.name.text === 'join') {
      const list = this.listOf(call.expression.expression, bound);
      const by = call.arguments[0] ? this.textsOf(call.arguments[0], bound)?.[0] : ',';
      return list && by !== undefined ? [list.join(by)] : undefined;
    }
    const made = this.functionOf(call);
    const body = made && bodyOf(made);
    if (!made || !body) return undefined;
    const inner = new Map(bound);
    made.parameters.forEach((parameter, at) => {
      const argument = call.arguments[at] ?? parameter.initializer;
      const texts = argument && this.textsOf(argument, bound);
      const symbol = ts.isIdentifier(parameter.name) ? this.symbolOf(parameter.name) : undefined;
      if (symbol && texts) inner.set(symbol, texts);
    });
    return this.textsOf(body, inner);
  }

  private functionOf(call: ts.CallExpression): ts.SignatureDeclaration | undefined {
    const declaration = this.checker.getResolvedSignature(call)?.declaration;
    if (declaration && !ts.isJSDocSignature(declaration) && bodyOf(declaration)) return declaration;
    // A constant whose type is a function type: its value is the function.
    const symbol = this.symbolOf(call.expression);
    const initializer =
      symbol?.valueDeclaration && ts.isVariableDeclaration(symbol.valueDeclaration) ? symbol.valueDeclaration.initializer : undefined;
    return initializer && ts.isArrowFunction(initializer) ? initializer : undefined;
  }

  /** A member of an object that stands in the sources: the one that is named, or any where the key is not known. */
  private member(node: ts.ElementAccessExpression | ts.PropertyAccessExpression, bound: Bound): readonly string[] | undefined {
    const symbol = this.symbolOf(node.expression);
    const declared = symbol?.valueDeclaration;
    const object = declared && ts.isVariableDeclaration(declared) ? unwrapped(declared.initializer) : undefined;
    if (!object || !ts.isObjectLiteralExpression(object)) return undefined;
    const keys = ts.isPropertyAccessExpression(node) ? [node.name.text] : this.textsOf(node.argumentExpression, bound);
    const members = object.properties.filter(ts.isPropertyAssignment);
    const known = members.filter(({ name }) => !keys || keys.includes(ts.isComputedPropertyName(name) ? '' : name.text));
    return known.length > 0 ? known.map(({ initializer }) => this.textsOf(initializer, bound)).reduce(either) : undefined;
  }
}

function calledName({ expression }: ts.CallExpression): string | undefined {
  if (ts.isPropertyAccessExpression(expression)) return expression.name.text;
  return ts.isIdentifier(expression) ? expression.text : undefined;
}

const unwrapped = (node: ts.Expression | undefined): ts.Expression | undefined =>
  node && (ts.isAsExpression(node) || ts.isSatisfiesExpression(node) || ts.isParenthesizedExpression(node))
    ? unwrapped(node.expression)
    : node;

const inside = (node: ts.Node, ancestor: ts.Node): boolean =>
  node === ancestor || (node.parent !== undefined && inside(node.parent, ancestor));

/** What a function answers that does nothing but answer. */
function bodyOf(made: ts.Node): ts.Expression | undefined {
  if (!ts.isFunctionLike(made) || !('body' in made)) return undefined;
  const body = made.body as ts.ConciseBody | undefined;
  if (!body) return undefined;
  if (!ts.isBlock(body)) return body;
  const [only] = body.statements;
  return body.statements.length === 1 && only && ts.isReturnStatement(only) ? only.expression : undefined;
}

type Texts = readonly string[] | undefined;

const either = (one: Texts, other: Texts): Texts => (one && other ? [...new Set([...one, ...other])] : undefined);

const product = (parts: readonly Texts[]): Texts =>
  parts.reduce<Texts>(
    (texts, part) =>
      texts && part && texts.length * part.length <= MOST ? texts.flatMap((text) => part.map((more) => text + more)) : undefined,
    [''],
  );
