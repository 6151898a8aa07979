import type { Request } from 'express';

interface Layer {
  readonly route?: { readonly path: unknown; readonly methods: Readonly<Record<string, boolean>> };
  match(path: string): boolean;
}

/** The methods that the router knows for a path that it could not serve. An unknown path has none. */
export function methodsOf(request: Request): string[] {
  const found = routesFor(request).flatMap(({ route }) => Object.keys(route?.methods ?? {}));
  const methods = found.map((method) => method.toUpperCase());
  return [...new Set(methods.includes('GET') ? [...methods, 'HEAD'] : methods)].sort();
}

function routesFor(request: Request): Layer[] {
  const { stack } = request.app.router as unknown as { stack: readonly Layer[] };
  return stack.filter((layer) => layer.route && matches(layer, request.baseUrl + request.path));
}

/**
 * The route of a request as it is declared, such as `/api/v1/students/{id}`, for logs and problems: a path may hold what is personal. A
 * request that was refused before it was routed has its route too; one that nothing serves has `/`.
 */
export function patternOf(request: Request): string {
  const own: unknown = (request.route as { path?: unknown } | undefined)?.path;
  const fitting = isDeclared(own) ? [] : routesFor(request).filter(({ route }) => isDeclared(route?.path));
  const served = fitting.find(({ route }) => route?.methods[request.method.toLowerCase()] === true) ?? fitting[0];
  const found = isDeclared(own) ? own : served?.route?.path;
  return isDeclared(found) ? found.replace(/:(\w+)/g, '{$1}') : '/';
}

/** Nest has one of its own for what nothing serves, which begins with a star. */
const isDeclared = (path: unknown): path is string => typeof path === 'string' && path.startsWith('/');

/** A path that cannot be decoded matches nothing. */
function matches(layer: Layer, path: string): boolean {
  try {
    return layer.match(path);
  } catch {
    return false;
  }
}
