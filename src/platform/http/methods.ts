import type { Request } from 'express';

interface Layer {
  readonly route?: { readonly methods: Readonly<Record<string, boolean>> };
  match(path: string): boolean;
}

/** The methods that the router knows for a path that it could not serve. An unknown path has none. */
export function methodsOf(request: Request): string[] {
  const { stack } = request.app.router as unknown as { stack: readonly Layer[] };
  const found = stack
    .filter((layer) => layer.route && matches(layer, request.baseUrl + request.path))
    .flatMap(({ route }) => Object.keys(route?.methods ?? {}));
  const methods = found.map((method) => method.toUpperCase());
  return [...new Set(methods.includes('GET') ? [...methods, 'HEAD'] : methods)].sort();
}

/** A path that cannot be decoded matches nothing. */
function matches(layer: Layer, path: string): boolean {
  try {
    return layer.match(path);
  } catch {
    return false;
  }
}
